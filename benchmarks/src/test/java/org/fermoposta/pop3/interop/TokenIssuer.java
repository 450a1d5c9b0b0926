// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/**
 * A small authorization server: discovery, JWK Set, tokens signed RS256, and introspection that
 * knows one opaque token. Written without any of the code under test.
 */
final class TokenIssuer implements AutoCloseable {
  static final String OPAQUE = "an-opaque-token-71";

  private final KeyPair keys;
  private final HttpServer http;
  private final String user;

  private TokenIssuer(String user) throws IOException, GeneralSecurityException {
    this.user = user;
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    keys = generator.generateKeyPair();
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    http.createContext("/", this::answer);
    http.start();
  }

  /** One whose opaque token is this user's. */
  static TokenIssuer start(String user) throws IOException {
    try {
      return new TokenIssuer(user);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has RSA", e);
    }
  }

  String name() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  /** A token that ends in so many seconds; in the past if negative. */
  String token(String email, long seconds) {
    long now = Instant.now().getEpochSecond();
    String signed =
        base64("{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"k1\"}")
            + "."
            + base64(
                """
                {"iss":"%s","aud":"pop3","email":"%s","email_verified":true,"iat":%d,"exp":%d}"""
                    .formatted(name(), email, now - 1000, now + seconds));
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(keys.getPrivate());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has RSA", e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
    String body =
        switch (exchange.getRequestURI().getPath()) {
          case "/.well-known/openid-configuration" ->
              """
              {"issuer":"%1$s","jwks_uri":"%1$s/jwks","introspection_endpoint":"%1$s/introspect"}"""
                  .formatted(name());
          case "/jwks" -> jwks();
          case "/introspect" ->
              form.contains("token=" + OPAQUE + "&")
                  ? "{\"active\":true,\"aud\":\"pop3\",\"username\":\"" + user + "\"}"
                  : "{\"active\":false}";
          default -> "";
        };
    byte[] octets = body.getBytes(StandardCharsets.US_ASCII);
    try (exchange) {
      if (octets.length == 0) {
        exchange.sendResponseHeaders(404, -1);
      } else {
        exchange.sendResponseHeaders(200, octets.length);
        exchange.getResponseBody().write(octets);
      }
    }
  }

  private String jwks() {
    RSAPublicKey open = (RSAPublicKey) keys.getPublic();
    byte[] modulus = open.getModulus().toByteArray();
    byte[] exponent = open.getPublicExponent().toByteArray();
    return "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"k1\",\"use\":\"sig\",\"n\":\""
        + base64(Arrays.copyOfRange(modulus, 1, modulus.length))
        + "\",\"e\":\""
        + base64(exponent)
        + "\"}]}";
  }

  private static String base64(String text) {
    return base64(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String base64(byte[] octets) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
  }

  @Override
  public void close() {
    http.stop(0);
  }
}

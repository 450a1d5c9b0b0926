// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.oauth;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.server.http.EndpointAddress;
import org.jspecify.annotations.Nullable;

/**
 * A small authorization server on loopback: discovery, JWK Set and introspection over HTTP, and
 * tokens of any kind.
 */
public final class TestIssuer implements AutoCloseable {

  public static final String AUDIENCE = "pop3.example.org";
  public static final String SCOPE = "mail.pop";
  static final String CLIENT_ID = "pop3 server";
  static final String CLIENT_SECRET = "s:cret%";

  /** What a path answers instead of what it should. */
  interface Fault {
    void answer(HttpExchange exchange) throws IOException;
  }

  final List<JWK> published = new CopyOnWriteArrayList<>();
  final Map<String, Fault> faults = new ConcurrentHashMap<>();
  final Map<String, Map<String, Object>> opaque = new ConcurrentHashMap<>();
  final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer http;

  private final String scheme;

  /**
   * How long settings wait for an answer: long for a busy machine, short where silence is tested.
   */
  Duration patience = Duration.ofSeconds(20);

  private TestIssuer(@Nullable SSLContext tls) throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    if (tls == null) {
      http = HttpServer.create(any, 50);
      scheme = "http://127.0.0.1:";
    } else {
      HttpsServer https = HttpsServer.create(any, 50);
      https.setHttpsConfigurator(new HttpsConfigurator(tls));
      http = https;
      scheme = "https://localhost:";
    }
    http.setExecutor(threads);
    http.createContext("/", this::answer);
    http.start();
  }

  /** One that publishes an RSA key named {@code rsa}. */
  public static TestIssuer start() throws IOException {
    return start(null);
  }

  /** As {@link #start()}, by HTTPS. */
  static TestIssuer start(@Nullable SSLContext tls) throws IOException {
    TestIssuer issuer = new TestIssuer(tls);
    issuer.published.add(TestKeys.rsa("rsa"));
    return issuer;
  }

  public String name() {
    return scheme + http.getAddress().getPort() + "/realms/mail";
  }

  /** How often a path was asked for. */
  int count(String path) {
    return counts.computeIfAbsent(path, key -> new AtomicInteger()).get();
  }

  /** A token of this issuer that is right in every way. */
  public String token(String user) {
    return sign(TestKeys.rsa("rsa"), "RS256", claims(user));
  }

  /** Has an opaque token accepted for five minutes. */
  public void grant(String token, String user) {
    Map<String, Object> answer = claims(user);
    answer.put("active", true);
    answer.put("username", user);
    opaque.put(token, answer);
  }

  Map<String, Object> claims(String user) {
    Map<String, Object> claims = new HashMap<>();
    claims.put("iss", name());
    claims.put("aud", List.of("account", AUDIENCE));
    claims.put("sub", "0f3c");
    claims.put("email", user);
    claims.put("email_verified", true);
    claims.put("scope", "openid " + SCOPE);
    long now = Instant.now().getEpochSecond();
    claims.put("iat", now);
    claims.put("exp", now + 300);
    return claims;
  }

  static String sign(JWK key, String algorithm, Map<String, Object> claims) {
    Map<String, Object> header = new HashMap<>();
    header.put("alg", algorithm);
    header.put("typ", "at+jwt");
    header.put("kid", key.getKeyID());
    return sign(key, header, claims);
  }

  static String sign(JWK key, Map<String, Object> header, Map<String, Object> claims) {
    String head = part(header) + "." + part(claims);
    try {
      return head
          + "."
          + TestKeys.sign(
              key, JWSHeader.parse(part(header)), head.getBytes(StandardCharsets.US_ASCII));
    } catch (ParseException e) {
      throw new AssertionError(e);
    }
  }

  static Base64URL part(Map<String, Object> object) {
    return Base64URL.encode(JSONObjectUtils.toJSONString(object));
  }

  /** Settings with all that this issuer's tokens have, keys by discovery. */
  OAuthSettings settings() {
    return settings(JwtSettings.defaults(), null);
  }

  /** Settings that ask about all tokens, with this cache. */
  OAuthSettings asking(Duration cache) {
    JwtSettings off =
        new JwtSettings(
            false,
            null,
            JwtSettings.defaults().algorithms(),
            List.of(),
            Duration.ofMinutes(10),
            Duration.ofDays(1));
    return settings(off, introspection(cache, 16));
  }

  static IntrospectionSettings introspection(Duration cache, int concurrency) {
    return new IntrospectionSettings(
        null, CLIENT_ID, Secret.ofUtf8(CLIENT_SECRET), "username", cache, concurrency);
  }

  OAuthSettings settings(JwtSettings jwt, @Nullable IntrospectionSettings introspection) {
    return new OAuthSettings(
        EndpointAddress.parse(name()),
        List.of(AUDIENCE),
        List.of(SCOPE),
        "email",
        true,
        List.of(),
        false,
        Duration.ofSeconds(60),
        patience,
        null,
        jwt,
        introspection);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    counts.computeIfAbsent(path, key -> new AtomicInteger()).incrementAndGet();
    Fault fault = faults.get(path);
    try (exchange) {
      if (fault != null) {
        fault.answer(exchange);
        return;
      }
      switch (path) {
        case "/realms/mail/.well-known/openid-configuration":
          reply(exchange, 200, JSONObjectUtils.toJSONString(discovery()));
          break;
        case "/jwks":
          List<Object> keys = new ArrayList<>();
          published.forEach(key -> keys.add(key.toPublicJWK().toJSONObject()));
          reply(exchange, 200, JSONObjectUtils.toJSONString(Map.of("keys", keys)));
          break;
        case "/introspect":
          introspect(exchange);
          break;
        default:
          reply(exchange, 404, "{}");
      }
    }
  }

  Map<String, Object> discovery() {
    String base = name().substring(0, name().indexOf("/realms"));
    return Map.of(
        "issuer",
        name(),
        "jwks_uri",
        base + "/jwks",
        "introspection_endpoint",
        base + "/introspect");
  }

  private void introspect(HttpExchange exchange) throws IOException {
    authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
    String token = "";
    for (String pair : form.split("&")) {
      if (pair.startsWith("token=")) {
        token = URLDecoder.decode(pair.substring(6), StandardCharsets.UTF_8);
      }
    }
    reply(
        exchange,
        200,
        JSONObjectUtils.toJSONString(opaque.getOrDefault(token, Map.of("active", false))));
  }

  static void reply(HttpExchange exchange, int status, String body) throws IOException {
    byte[] octets = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, octets.length == 0 ? -1 : octets.length);
    exchange.getResponseBody().write(octets);
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}

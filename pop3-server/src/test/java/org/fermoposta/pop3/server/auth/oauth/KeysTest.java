// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.oauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.server.http.EndpointAddress;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the keys come from, and what happens while the issuer is in trouble. */
final class KeysTest {

  private static final String DISCOVERY = "/realms/mail/.well-known/openid-configuration";

  private final AtomicLong nanos = new AtomicLong(42);
  private TestIssuer issuer;
  private TokenVerifier verifier;

  @BeforeEach
  void start() throws IOException {
    issuer = TestIssuer.start();
    verifier = TokenVerifier.of(List.of(issuer.settings()), Clock.systemUTC(), nanos::get);
  }

  @AfterEach
  void stop() {
    verifier.close();
    issuer.close();
  }

  private TokenVerdict verify(JWK key, String algorithm) {
    return verifier.verify(
        Secret.ofUtf8(TestIssuer.sign(key, algorithm, issuer.claims("alice@example.org"))));
  }

  private void assertGood(JWK key) {
    assertInstanceOf(
        TokenVerdict.Valid.class, verify(key, key instanceof RSAKey ? "RS256" : "ES256"));
  }

  private void assertRefused(JWK key) {
    assertInstanceOf(
        TokenVerdict.Refused.class, verify(key, key instanceof RSAKey ? "RS256" : "ES256"));
  }

  private void assertNobodyKnows(JWK key) {
    TokenVerdict verdict = verify(key, key instanceof RSAKey ? "RS256" : "ES256");
    assertEquals(
        MaildropFailure.TEMPORARY,
        assertInstanceOf(TokenVerdict.Unavailable.class, verdict).failure());
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private void down() {
    issuer.faults.put("/jwks", exchange -> TestIssuer.reply(exchange, 503, "busy"));
  }

  @Test
  @DisplayName("OA6: keys are fetched once, and a rotation is seen at the first token of a new key")
  void rotation() {
    assertGood(TestKeys.rsa("rsa"));
    assertGood(TestKeys.rsa("rsa"));
    assertEquals(1, issuer.count("/jwks"));
    issuer.published.clear();
    issuer.published.add(TestKeys.ec("ec"));
    pass(KeyCache.MIN_INTERVAL);
    assertGood(TestKeys.ec("ec"));
    assertRefused(TestKeys.rsa("rsa"));
    assertEquals(2, issuer.count("/jwks"));
  }

  @Test
  @DisplayName("OA6: a key that is taken back is no good once the keys are old")
  void revocation() {
    assertGood(TestKeys.rsa("rsa"));
    issuer.published.clear();
    issuer.published.add(TestKeys.ec("ec"));
    assertGood(TestKeys.rsa("rsa"));
    pass(Duration.ofMinutes(11));
    assertRefused(TestKeys.rsa("rsa"));
  }

  @Test
  @DisplayName("OA6: a key without a name is tried, and fetched again when it changed")
  void unnamedKeys() {
    issuer.published.clear();
    issuer.published.add(unnamed(TestKeys.rsa("rsa")));
    assertGood(TestKeys.rsa("rsa"));
    issuer.published.clear();
    issuer.published.add(unnamed(TestKeys.rsa("rsa2")));
    pass(KeyCache.MIN_INTERVAL);
    assertGood(TestKeys.rsa("rsa2"));
    assertRefused(TestKeys.rsa("rsa"));
  }

  private static JWK unnamed(JWK key) {
    return new RSAKey.Builder((RSAKey) key).keyID(null).build();
  }

  @Test
  @DisplayName("N036: thousands of unknown keys make one fetch in 10 seconds")
  void unknownKeysAreNoHammer() {
    assertGood(TestKeys.rsa("rsa"));
    pass(KeyCache.MIN_INTERVAL);
    for (int i = 0; i < 2000; i++) {
      assertInstanceOf(
          TokenVerdict.Refused.class,
          verifier.verify(
              Secret.ofUtf8(
                  TestIssuer.part(Map.of("alg", "RS256", "kid", "k" + i))
                      + "."
                      + TestIssuer.part(issuer.claims("alice@example.org"))
                      + ".AAAA")));
    }
    assertEquals(2, issuer.count("/jwks"));
  }

  @Test
  @DisplayName("A11, N036: while the issuer is down old keys serve for a day, and no longer")
  void outage() {
    assertGood(TestKeys.rsa("rsa"));
    down();
    pass(Duration.ofHours(23));
    assertGood(TestKeys.rsa("rsa"));
    assertNobodyKnows(TestKeys.ec("ec"));
    pass(Duration.ofHours(2));
    assertNobodyKnows(TestKeys.rsa("rsa"));
    issuer.faults.clear();
    pass(KeyCache.MIN_INTERVAL);
    assertGood(TestKeys.rsa("rsa"));
  }

  @Test
  @DisplayName(
      "A11, N036: without any keys nobody knows, and the issuer is not asked at each token")
  void downFromTheStart() {
    down();
    for (int i = 0; i < 50; i++) {
      assertNobodyKnows(TestKeys.rsa("rsa"));
    }
    assertEquals(1, issuer.count("/jwks"));
    issuer.faults.clear();
    pass(KeyCache.MIN_INTERVAL);
    assertGood(TestKeys.rsa("rsa"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redirect",
        "html",
        "huge",
        "dripping",
        "silent",
        "cut",
        "array",
        "nested",
        "many"
      })
  @DisplayName("A11: whatever the issuer answers instead of keys, nobody knows, and soon")
  void troubledIssuer(String trouble) {
    issuer.faults.put(
        "/jwks",
        exchange -> {
          switch (trouble) {
            case "redirect":
              exchange.getResponseHeaders().set("Location", "/elsewhere");
              exchange.sendResponseHeaders(302, -1);
              break;
            case "html":
              TestIssuer.reply(exchange, 200, "<html>login</html>");
              break;
            case "huge":
              exchange.sendResponseHeaders(200, 0);
              byte[] blanks = new byte[64 * 1024];
              for (int i = 0; i < 64; i++) {
                exchange.getResponseBody().write(blanks);
              }
              break;
            case "dripping":
              exchange.sendResponseHeaders(200, 0);
              for (int i = 0; i < 10_000; i++) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
                pause(100);
              }
              break;
            case "silent":
              pause(60_000);
              break;
            case "cut":
              exchange.sendResponseHeaders(200, 1000);
              exchange.getResponseBody().write('{');
              exchange.getResponseBody().flush();
              break;
            case "array":
              TestIssuer.reply(exchange, 200, "[]");
              break;
            case "nested":
              TestIssuer.reply(exchange, 200, "{\"keys\":" + "[".repeat(100_000));
              break;
            default:
              TestIssuer.reply(exchange, 200, "{\"keys\":[" + "{},".repeat(100) + "{}]}");
          }
        });
    verifier.close();
    issuer.patience = Duration.ofSeconds(1);
    verifier = TokenVerifier.of(List.of(issuer.settings()), Clock.systemUTC(), nanos::get);
    long start = System.nanoTime();
    assertNobodyKnows(TestKeys.rsa("rsa"));
    assertTrue(System.nanoTime() - start < Duration.ofSeconds(15).toNanos(), "answered late");
    assertEquals(0, issuer.count("/elsewhere"));
  }

  /** The issuer's delay, which is what is tested; ends early when the issuer stops. */
  private static void pause(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException stopped) {
      throw new IOException(stopped);
    }
  }

  @Test
  @DisplayName("A11: an issuer that is not there leaves nobody knowing")
  void nobodyListens() {
    issuer.close();
    assertNobodyKnows(TestKeys.rsa("rsa"));
  }

  @Test
  @DisplayName("OA6: a discovery document of another issuer is not believed")
  void foreignDiscovery() {
    issuer.faults.put(
        DISCOVERY,
        exchange -> {
          Map<String, Object> document = new java.util.HashMap<>(issuer.discovery());
          document.put("issuer", "https://evil.example.org");
          TestIssuer.reply(exchange, 200, JSONObjectUtils.toJSONString(document));
        });
    assertInstanceOf(TokenVerdict.Unavailable.class, verify(TestKeys.rsa("rsa"), "RS256"));
    assertEquals(0, issuer.count("/jwks"));
  }

  @Test
  @DisplayName("OA6: keys are not fetched from a place that is neither https nor this machine")
  void unsafeKeys() {
    issuer.faults.put(
        DISCOVERY,
        exchange -> {
          Map<String, Object> document = new java.util.HashMap<>(issuer.discovery());
          document.put("jwks_uri", "http://192.0.2.1/jwks");
          TestIssuer.reply(exchange, 200, JSONObjectUtils.toJSONString(document));
        });
    assertInstanceOf(TokenVerdict.Unavailable.class, verify(TestKeys.rsa("rsa"), "RS256"));
  }

  @Test
  @DisplayName("OA9: an issuer with a document of RFC 8414 only is found")
  void authorizationServerDocument() {
    issuer.faults.put(DISCOVERY, exchange -> TestIssuer.reply(exchange, 404, ""));
    issuer.faults.put(
        "/.well-known/oauth-authorization-server/realms/mail",
        exchange ->
            TestIssuer.reply(exchange, 200, JSONObjectUtils.toJSONString(issuer.discovery())));
    assertGood(TestKeys.rsa("rsa"));
    assertEquals(
        URI.create("https://a.example/x/.well-known/openid-configuration"),
        Discovery.openIdAddress(EndpointAddress.parse("https://a.example/x/")));
  }

  @Test
  @DisplayName("OA6: keys of unknown kind, broken and shared keys in a set do not harm the others")
  void strangeKeys() {
    issuer.faults.put(
        "/jwks",
        exchange -> {
          List<Object> keys = new ArrayList<>();
          keys.add(Map.of("kty", "LATTICE", "kid", "rsa"));
          keys.add(Map.of("kty", "RSA", "kid", "rsa"));
          keys.add(new OctetSequenceKey.Builder(new byte[32]).keyID("rsa").build().toJSONObject());
          keys.add("text");
          keys.add(TestKeys.rsa("rsa").toPublicJWK().toJSONObject());
          TestIssuer.reply(exchange, 200, JSONObjectUtils.toJSONString(Map.of("keys", keys)));
        });
    assertGood(TestKeys.rsa("rsa"));
  }
}

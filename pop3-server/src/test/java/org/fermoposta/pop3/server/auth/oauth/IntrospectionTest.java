// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.oauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens that the issuer is asked about (RFC 7662). */
final class IntrospectionTest {

  private static final String TOKEN = "opaque+token/with&odd=signs";

  private final AtomicLong nanos = new AtomicLong();
  private TestIssuer issuer;
  private TokenVerifier verifier;

  @BeforeEach
  void start() throws IOException {
    issuer = TestIssuer.start();
    verifier = verifier(issuer.asking(Duration.ofMinutes(1)));
  }

  @AfterEach
  void stop() {
    verifier.close();
    issuer.close();
  }

  private TokenVerifier verifier(OAuthSettings settings) {
    return TokenVerifier.of(List.of(settings), Clock.systemUTC(), nanos::get);
  }

  private TokenVerdict verify(String token) {
    return verifier.verify(Secret.ofUtf8(token));
  }

  private void answer(String claim, Object value) {
    Map<String, Object> answer = new HashMap<>(issuer.claims("alice@example.org"));
    answer.put("active", true);
    answer.put("username", "alice@example.org");
    answer.put(claim, value);
    issuer.opaque.put(TOKEN, answer);
  }

  private TokenVerdict.Unavailable assertNobodyKnows(MaildropFailure failure) {
    TokenVerdict.Unavailable unavailable =
        assertInstanceOf(TokenVerdict.Unavailable.class, verify(TOKEN));
    assertEquals(failure, unavailable.failure(), unavailable.logText());
    assertFalse(unavailable.toString().contains("opaque"), "token in the reason");
    assertFalse(unavailable.toString().contains("s:cret"), "secret in the reason");
    return unavailable;
  }

  @Test
  @DisplayName(
      "OA6: an active token is its user's, and the client shows who it is as RFC 6749 asks")
  void active() {
    issuer.grant(TOKEN, "Alice@Example.org");
    assertEquals(
        new TokenVerdict.Valid(MaildropName.of("alice@example.org"), false), verify(TOKEN));
    assertEquals(
        "Basic "
            + Base64.getEncoder()
                .encodeToString("pop3+server:s%3Acret%25".getBytes(StandardCharsets.US_ASCII)),
        issuer.authorizations.get(0));
    assertInstanceOf(TokenVerdict.Refused.class, verify("another"));
  }

  @Test
  @DisplayName("OA6: the answer of an issuer is judged: audience, end, scope, user, kind")
  void judged() {
    long now = Instant.now().getEpochSecond();
    Map<String, Object> wrong =
        Map.of(
            "iss",
            "https://evil.example.org",
            "aud",
            "other",
            "exp",
            now - 100,
            "nbf",
            now + 100,
            "scope",
            "openid",
            "username",
            "a/b",
            "cnf",
            Map.of("jkt", "x"),
            "active",
            false);
    wrong.forEach(
        (claim, value) -> {
          answer(claim, value);
          try (TokenVerifier fresh = verifier(issuer.asking(Duration.ofMinutes(1)))) {
            assertInstanceOf(TokenVerdict.Refused.class, fresh.verify(Secret.ofUtf8(TOKEN)), claim);
          }
        });
    answer("scope", "mail.pop");
    assertInstanceOf(TokenVerdict.Valid.class, verify(TOKEN));
  }

  @Test
  @DisplayName(
      "OA6: an answer is remembered for the configured time, and a revoked token then ends")
  void cache() {
    issuer.grant(TOKEN, "alice@example.org");
    for (int i = 0; i < 10; i++) {
      assertInstanceOf(TokenVerdict.Valid.class, verify(TOKEN));
    }
    assertEquals(1, issuer.count("/introspect"));
    issuer.opaque.clear();
    assertInstanceOf(TokenVerdict.Valid.class, verify(TOKEN));
    nanos.addAndGet(Duration.ofSeconds(61).toNanos());
    assertInstanceOf(TokenVerdict.Refused.class, verify(TOKEN));
    assertInstanceOf(TokenVerdict.Refused.class, verify(TOKEN));
    assertEquals(2, issuer.count("/introspect"));
  }

  @Test
  @DisplayName("OA6: no answer is remembered beyond the end of the token")
  void cacheEndsWithTheToken() {
    answer("exp", Instant.now().getEpochSecond() + 5);
    assertInstanceOf(TokenVerdict.Valid.class, verify(TOKEN));
    nanos.addAndGet(Duration.ofSeconds(6).toNanos());
    assertInstanceOf(TokenVerdict.Valid.class, verify(TOKEN), "within the clock skew");
    assertEquals(2, issuer.count("/introspect"));
  }

  @Test
  @DisplayName("OA6: a cache of 0 s remembers nothing")
  void noCache() {
    issuer.grant(TOKEN, "alice@example.org");
    try (TokenVerifier forgetful = verifier(issuer.asking(Duration.ZERO))) {
      assertInstanceOf(TokenVerdict.Valid.class, forgetful.verify(Secret.ofUtf8(TOKEN)));
      issuer.opaque.clear();
      assertInstanceOf(TokenVerdict.Refused.class, forgetful.verify(Secret.ofUtf8(TOKEN)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "500,TEMPORARY",
    "503,TEMPORARY",
    "429,TEMPORARY",
    "302,TEMPORARY",
    "401,PERMANENT",
    "403,PERMANENT",
    "400,PERMANENT",
    "200,TEMPORARY"
  })
  @DisplayName("A11, N036: an issuer in trouble is no wrong token, and trouble is not remembered")
  void trouble(int status, MaildropFailure failure) {
    issuer.grant(TOKEN, "alice@example.org");
    issuer.faults.put("/introspect", exchange -> TestIssuer.reply(exchange, status, "<html>"));
    assertNobodyKnows(failure);
    issuer.faults.clear();
    assertInstanceOf(TokenVerdict.Valid.class, verify(TOKEN));
  }

  @Test
  @DisplayName("A11: an answer without active says nothing")
  void withoutActive() {
    for (String body : List.of("{}", "{\"active\":\"true\"}", "{\"active\":1}")) {
      issuer.faults.put("/introspect", exchange -> TestIssuer.reply(exchange, 200, body));
      assertNobodyKnows(MaildropFailure.PERMANENT);
    }
  }

  @Test
  @DisplayName("A11: JSON's null is no answer")
  void nothing() {
    issuer.faults.put("/introspect", exchange -> TestIssuer.reply(exchange, 200, "null"));
    assertNobodyKnows(MaildropFailure.TEMPORARY);
  }

  @Test
  @DisplayName(
      "OA6: questions under way are bounded, and who gets no turn is told that nobody knows")
  void bounded() throws InterruptedException, ExecutionException {
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger under = new AtomicInteger();
    issuer.faults.put(
        "/introspect",
        exchange -> {
          under.incrementAndGet();
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        });
    issuer.patience = Duration.ofSeconds(1);
    OAuthSettings base = issuer.asking(Duration.ZERO);
    OAuthSettings two = issuer.settings(base.jwt(), TestIssuer.introspection(Duration.ZERO, 2));
    try (TokenVerifier busy = verifier(two);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<TokenVerdict>> verdicts = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        String token = TOKEN + i;
        verdicts.add(threads.submit(() -> busy.verify(Secret.ofUtf8(token))));
      }
      for (Future<TokenVerdict> verdict : verdicts) {
        assertInstanceOf(TokenVerdict.Unavailable.class, verdict.get());
      }
      // A question that ran out of time gives its turn to the next one once.
      assertTrue(under.get() <= 6, under + " questions");
    } finally {
      release.countDown();
    }
  }

  @Test
  @DisplayName("OA6: with both ways, JWTs are checked by signature and only others are asked about")
  void bothWays() {
    issuer.grant(TOKEN, "bob@example.org");
    try (TokenVerifier both =
        verifier(
            issuer.settings(
                JwtSettings.defaults(), TestIssuer.introspection(Duration.ofMinutes(1), 16)))) {
      assertEquals(
          new TokenVerdict.Valid(MaildropName.of("alice@example.org"), false),
          both.verify(Secret.ofUtf8(issuer.token("alice@example.org"))));
      assertEquals(0, issuer.count("/introspect"));
      assertEquals(
          new TokenVerdict.Valid(MaildropName.of("bob@example.org"), false),
          both.verify(Secret.ofUtf8(TOKEN)));
    }
  }
}

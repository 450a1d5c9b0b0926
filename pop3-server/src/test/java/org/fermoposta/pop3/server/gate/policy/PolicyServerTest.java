// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.gate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;
import org.fermoposta.pop3.server.auth.LoginContext;
import org.fermoposta.pop3.server.gate.LoginSubject;
import org.fermoposta.pop3.server.http.EndpointAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The policy server as a client of a real HTTP server. */
final class PolicyServerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final LoginContext CONTEXT =
      new LoginContext(InetAddress.ofLiteral("2001:db8::1"), "pop3s", Optional.empty());

  private final Logger logger = (Logger) LoggerFactory.getLogger(PolicyServer.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private TestPolicyServer server;

  @BeforeEach
  void start() throws IOException {
    server = new TestPolicyServer();
    logged.start();
    logger.addAppender(logged);
    logger.setAdditive(false);
  }

  @AfterEach
  void stop() throws Exception {
    logger.detachAppender(logged);
    logger.setAdditive(true);
    for (AutoCloseable each : opened) {
      each.close();
    }
    server.close();
  }

  private PolicyServer client(Duration timeout, PolicyFailure onFailure, int concurrency) {
    return client(settings(server.url(), "k:e y", timeout, onFailure, concurrency));
  }

  private PolicyServer client(PolicyServerSettings settings) {
    PolicyServer client = new PolicyServer(settings);
    opened.add(client);
    return client;
  }

  private PolicyServer client() {
    return client(PATIENCE, PolicyFailure.DENY, 64);
  }

  private static PolicyServerSettings settings(
      String url, String header, Duration timeout, PolicyFailure onFailure, int concurrency) {
    return new PolicyServerSettings(
        EndpointAddress.parse(url),
        header.isEmpty() ? null : Secret.ofUtf8("X-API-Key: " + header),
        timeout,
        onFailure,
        Secret.ofUtf8("a nonce of ours"),
        Duration.ofSeconds(10),
        concurrency,
        true,
        null);
  }

  private static LoginAttempt attempt(PolicyServer client, String user, @Nullable String password) {
    Secret secret = password == null ? null : Secret.ofUtf8(password);
    return LoginAttempt.of(client, LoginSubject.NOBODY, user, secret, "PLAIN", CONTEXT);
  }

  private static PolicyVerdict ask(PolicyServer client) {
    return client.ask(attempt(client, "alice", "secret"));
  }

  private List<String> log() {
    return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  @DisplayName("what is asked: who, from where, and a hash that does not give the password away")
  void question() {
    PolicyServer client = client();
    LoginAttempt attempt = attempt(client, "Alice+@phone@example.org", "secret");
    assertEquals(PolicyVerdict.ALLOW, client.ask(attempt));
    TestPolicyServer.Asked asked = server.questions.get(0);
    assertEquals("command=allow", asked.query());
    assertEquals(Optional.of("k:e y"), asked.key());
    assertEquals(
        Map.of(
            "login",
            "alice@example.org",
            "pwhash",
            attempt.passwordHash(),
            "remote",
            "2001:db8:0:0:0:0:0:1",
            "protocol",
            "pop3",
            "device_id",
            "phone",
            "tls",
            false,
            "attrs",
            Map.of("mechanism", "PLAIN", "listener", "pop3s")),
        asked.body());
    assertFalse(client.toString().contains("nonce"));
  }

  @Test
  @DisplayName("the hash: 12 bits of SHA-256 of nonce, login, zero and password, as Dovecot has it")
  void hash() {
    PolicyServer client = client();
    // printf 'a nonce of oursalice\0secret' | sha256sum
    assertEquals("07a1", client.passwordHash("alice", Secret.ofUtf8("secret")));
    assertEquals(
        client.passwordHash("alice", Secret.ofUtf8("secret")),
        attempt(client, "ALICE+Junk", "secret").passwordHash());
    assertFalse(
        client
            .passwordHash("alice", Secret.ofUtf8("secret"))
            .equals(client.passwordHash("alice", Secret.ofUtf8("secret2"))));
  }

  @Test
  @DisplayName("without a password the hash is that of none; names nobody can have go as they are")
  void noPassword() {
    PolicyServer client = client();
    client.ask(attempt(client, "alice", null));
    client.ask(attempt(client, "a/" + "b".repeat(400), "x"));
    client.ask(attempt(client, "", null));
    assertEquals(
        client.passwordHash("alice", Secret.ofUtf8("")),
        server.questions.get(0).body().get("pwhash"));
    LoginAttempt byAlias =
        LoginAttempt.of(
            client, new LoginSubject("info", "alice"), "info+@phone", null, "PLAIN", CONTEXT);
    assertEquals("alice", byAlias.login());
    assertEquals("phone", byAlias.device());
    assertEquals("a/" + "b".repeat(253), server.questions.get(1).body().get("login"));
    assertEquals("", server.questions.get(2).body().get("login"));
  }

  @Test
  @DisplayName("status: below 0 refuses, 0 allows, above 0 makes wait, within bounds")
  void statuses() {
    PolicyServer client = client();
    server.answer = TestPolicyServer.status(3, "slowly");
    assertEquals(new PolicyVerdict.Allow(Duration.ofSeconds(3)), ask(client));
    server.answer = TestPolicyServer.status(999_999_999_999L, "");
    assertEquals(new PolicyVerdict.Allow(Duration.ofSeconds(10)), ask(client));
    server.answer = TestPolicyServer.status(-1, "");
    assertEquals(new PolicyVerdict.Refuse("the policy server refuses"), ask(client));
    server.answer = TestPolicyServer.status(-7, "bad\\nlogin: user=\\\"eve\\\"");
    PolicyVerdict.Refuse refused = assertInstanceOf(PolicyVerdict.Refuse.class, ask(client));
    assertFalse(refused.logText().contains("\n"), refused.logText());
    server.answer = TestPolicyServer.json("{\"status\":0.0,\"msg\":17}");
    assertEquals(PolicyVerdict.ALLOW, ask(client));
    assertEquals(List.of(), log());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "{}",
        "{\"status\":\"0\"}",
        "{\"status\":null}",
        "{\"status\":0.5}",
        "{\"status\":1e400}",
        "{\"Status\":0}",
        "<html>",
        "{\"status\":{}}",
      })
  @DisplayName("an answer that says nothing is none")
  void nonsense(String text) {
    server.answer = TestPolicyServer.json(text);
    assertInstanceOf(PolicyVerdict.Unknown.class, ask(client(PATIENCE, PolicyFailure.DENY, 64)));
    assertEquals(PolicyVerdict.ALLOW, ask(client(PATIENCE, PolicyFailure.ALLOW, 64)));
  }

  @ParameterizedTest
  @CsvSource({"500, HTTP status 500", "404, HTTP status 404", "302, HTTP status 302", "401, HTTP"})
  @DisplayName("another status of HTTP is no answer, and nobody is followed elsewhere")
  void httpStatus(int code, String told) {
    server.answer =
        exchange -> {
          exchange.getResponseHeaders().add("Location", server.url() + "elsewhere");
          TestPolicyServer.send(exchange, code, "{\"status\":0}");
        };
    assertInstanceOf(PolicyVerdict.Unknown.class, ask(client()));
    assertEquals(1, server.questions.size());
    assertTrue(log().get(0).contains(told), log().toString());
  }

  @Test
  @DisplayName("an answer nested without end is none")
  void nested() {
    server.answer = TestPolicyServer.json("{\"status\":".repeat(20_000));
    assertInstanceOf(PolicyVerdict.Unknown.class, ask(client()));
  }

  @Test
  @DisplayName("a server that hangs, drips or never ends holds no login up")
  void slow() throws Exception {
    Semaphore end = new Semaphore(0);
    PolicyServer client = client(SHORT, PolicyFailure.DENY, 64);
    List<TestPolicyServer.Answer> answers =
        List.of(
            exchange -> end.acquireUninterruptibly(),
            exchange -> {
              exchange.sendResponseHeaders(200, 1000);
              exchange.getResponseBody().write('{');
              exchange.getResponseBody().flush();
              end.acquireUninterruptibly();
            },
            exchange -> {
              exchange.sendResponseHeaders(200, 0);
              byte[] much = new byte[1 << 16];
              for (long i = 0; i < 1 << 14; i++) {
                exchange.getResponseBody().write(much); // 1 GiB, if somebody took it.
              }
            });
    for (TestPolicyServer.Answer answer : answers) {
      server.answer = answer;
      long before = System.nanoTime();
      assertInstanceOf(PolicyVerdict.Unknown.class, ask(client));
      assertTrue(System.nanoTime() - before < PATIENCE.toNanos());
    }
    end.release(answers.size());
    server.answer = TestPolicyServer.status(0, "");
    assertEquals(PolicyVerdict.ALLOW, ask(client(PATIENCE, PolicyFailure.DENY, 64)));
  }

  @Test
  @DisplayName("a server that is not there is told once a minute, whatever comes, and no secret is")
  void down() {
    server.close();
    PolicyServer client = client(PATIENCE, PolicyFailure.ALLOW, 64);
    for (int i = 0; i < 20; i++) {
      assertEquals(PolicyVerdict.ALLOW, ask(client));
    }
    assertEquals(1, log().size(), log().toString());
    String line = log().get(0);
    assertTrue(line.startsWith("policy server: \"http://127.0.0.1:"), line);
    assertTrue(line.contains("tried all the same"), line);
    for (String secret : List.of("k:e y", "nonce", "secret", "alice")) {
      assertFalse(line.contains(secret), line);
    }
  }

  @Test
  @DisplayName(
      "no more questions are under way than there may be; others wait as long as an answer")
  void concurrency() throws Exception {
    CountDownLatch arrived = new CountDownLatch(2);
    Semaphore end = new Semaphore(0);
    server.answer =
        exchange -> {
          arrived.countDown();
          end.acquireUninterruptibly();
          TestPolicyServer.send(exchange, 200, "{\"status\":0}");
        };
    PolicyServer client = client(Duration.ofSeconds(5), PolicyFailure.DENY, 2);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<PolicyVerdict>> asked = new ArrayList<>();
      asked.add(threads.submit(() -> ask(client)));
      asked.add(threads.submit(() -> ask(client)));
      assertTrue(arrived.await(20, TimeUnit.SECONDS));
      for (int i = 0; i < 20; i++) {
        asked.add(threads.submit(() -> ask(client)));
      }
      assertEquals(2, server.questions.size());
      end.release(22);
      for (Future<PolicyVerdict> each : asked) {
        assertEquals(PolicyVerdict.ALLOW, each.get(20, TimeUnit.SECONDS));
      }
    }
  }

  @Test
  @DisplayName("reports say how it went, with what was asked before")
  void reports() throws Exception {
    PolicyServer client = client();
    LoginAttempt attempt = attempt(client, "alice", "secret");
    client.report(attempt, LoginPolicy.Outcome.RIGHT);
    Map<String, Object> right = server.report();
    assertEquals(true, right.get("success"));
    assertEquals(false, right.get("policy_reject"));
    assertEquals(attempt.passwordHash(), right.get("pwhash"));
    client.report(attempt, LoginPolicy.Outcome.WRONG);
    assertEquals(false, server.report().get("success"));
    client.report(attempt, LoginPolicy.Outcome.REFUSED);
    Map<String, Object> refused = server.report();
    assertEquals(false, refused.get("success"));
    assertEquals(true, refused.get("policy_reject"));
  }

  @Test
  @DisplayName("the command goes behind what query the address has")
  void addresses() {
    ask(client(settings(server.url() + "x?a=b", "", PATIENCE, PolicyFailure.DENY, 1)));
    ask(client(settings(server.url() + "x?a=b&", "", PATIENCE, PolicyFailure.DENY, 1)));
    assertEquals("a=b&command=allow", server.questions.get(0).query());
    assertEquals("a=b&command=allow", server.questions.get(1).query());
    assertEquals(Optional.empty(), server.questions.get(0).key());
  }

  @Test
  @DisplayName("a key alone is that of X-API-Key; a field that cannot be sent is an error, unseen")
  void apiHeader() {
    assertEquals(Optional.of(Map.entry("X-API-Key", "abc")), ApiHeader.parse(Secret.ofUtf8("abc")));
    assertEquals(
        Optional.of(Map.entry("Authorization", "Basic eDp5")),
        ApiHeader.parse(Secret.ofUtf8("Authorization: Basic eDp5")));
    for (String bad : List.of("Host: a", "a b: geheim", "X: a\r\nY: geheim", "X:", ": geheim")) {
      PolicyServerSettings right = settings(server.url(), "x", PATIENCE, PolicyFailure.DENY, 1);
      InvalidSettingException error =
          assertThrows(
              InvalidSettingException.class,
              () ->
                  new PolicyServerSettings(
                      right.url(),
                      Secret.ofUtf8(bad),
                      right.timeout(),
                      right.onFailure(),
                      right.hashNonce(),
                      right.maxTarpit(),
                      right.concurrency(),
                      true,
                      null));
      assertEquals("apiHeader", error.component());
      assertFalse(String.valueOf(error.getMessage()).contains("geheim"));
    }
  }

  @Test
  @DisplayName("of many equal events one in a time is told, with how many were passed over")
  void occasionally() {
    AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    Occasionally events = new Occasionally(Duration.ofMinutes(1), now::get);
    assertEquals(Optional.of(""), events.now());
    now.addAndGet(Duration.ofSeconds(59).toNanos());
    assertEquals(Optional.empty(), events.now());
    assertEquals(Optional.empty(), events.now());
    now.addAndGet(Duration.ofSeconds(1).toNanos());
    assertEquals(Optional.of(" (and 2 more since the last time)"), events.now());
    assertEquals(Optional.empty(), events.now());
  }
}

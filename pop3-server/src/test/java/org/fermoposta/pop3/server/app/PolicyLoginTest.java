// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.SaslChannel;
import org.fermoposta.pop3.protocol.sasl.SaslClientExchange;
import org.fermoposta.pop3.protocol.sasl.SaslClientOptions;
import org.fermoposta.pop3.protocol.sasl.SaslCredentials;
import org.fermoposta.pop3.protocol.sasl.SaslException;
import org.fermoposta.pop3.protocol.sasl.SaslMechanism;
import org.fermoposta.pop3.runtime.config.ConfigReader;
import org.fermoposta.pop3.server.auth.TrustedAuthorities;
import org.fermoposta.pop3.server.auth.oauth.TestIssuer;
import org.fermoposta.pop3.server.gate.policy.TestPolicyServer;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.RawPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Logins at a server that asks a policy server, over sockets on both sides. */
@ExtendWith(LeakExtension.class)
final class PolicyLoginTest {
  private static final String WRONG = "-ERR [AUTH] wrong user name or password";
  private static final String FOR_NOW =
      "-ERR [SYS/TEMP] logins cannot be checked now, try again later";

  @TempDir private Path directory;
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private TestPolicyServer policy;
  private TestIssuer issuer;
  private Pop3Server server;

  @BeforeEach
  void start() throws IOException {
    policy = new TestPolicyServer();
    issuer = TestIssuer.start();
    for (String user : List.of("alice", "bob")) {
      Files.createDirectories(directory.resolve("mail").resolve(user).resolve("new"));
      Files.createDirectories(directory.resolve("mail").resolve(user).resolve("cur"));
      Files.createDirectories(directory.resolve("mail").resolve(user).resolve("tmp"));
    }
    Files.writeString(
        directory.resolve("passwd"), "alice:{PLAIN}sesame\nbob:{PLAIN}x::::::fermoposta_pop3=no\n");
    Files.writeString(directory.resolve("nonce"), "our secret nonce\n");
    Files.writeString(directory.resolve("key"), "our secret key\n");
    logged.start();
    root.addAppender(logged);
    server = server("deny", "20s");
  }

  private Pop3Server server(String onFailure, String timeout) throws IOException {
    Path config =
        Files.writeString(
            directory.resolve("server.yaml"),
            """
            listeners:
              - name: pop3
                address: 127.0.0.1:0
                tls: none
              - name: pop3s
                address: 127.0.0.1:0
                tls: implicit
            tls:
              self-signed: tls
            maildrops: DIR/mail/{user}
            passwd-file: passwd
            auth:
              - oauth:
                  issuer: ISSUER
                  audiences: [pop3.example.org]
                  user-claim: email
                  timeout: 20s
            session:
              cleartext-login: true
              failed-login-delay: 0s
            login:
              decoy-secret: ${file:nonce}
              mechanisms: [PLAIN, SCRAM-SHA-256, CRAM-MD5, OAUTHBEARER]
            policy:
              url: URL
              api-header: ${file:key}
              hash-nonce: ${file:nonce}
              on-failure: FAILURE
              timeout: TIMEOUT
            """
                .replace("DIR", directory.toString())
                .replace("ISSUER", issuer.name())
                .replace("URL", policy.url())
                .replace("FAILURE", onFailure)
                .replace("TIMEOUT", timeout));
    Pop3Server made = Pop3Server.of(ConfigReader.read(config, ServerConfig.class));
    made.start();
    return made;
  }

  @AfterEach
  void stop() {
    server.stop();
    policy.close();
    issuer.close();
    root.detachAppender(logged);
    for (ILoggingEvent event : logged.list) {
      String line = event.getFormattedMessage();
      for (String secret : List.of("sesame", "our secret", "guess")) {
        assertFalse(line.contains(secret), line);
      }
    }
  }

  private RawPeer connect() throws IOException {
    RawPeer peer = RawPeer.connect(server.address("pop3"));
    peer.deadline(Duration.ofSeconds(30));
    assertTrue(peer.readLine().startsWith("+OK "));
    return peer;
  }

  private static String pass(RawPeer peer, String user, String password) throws IOException {
    assertEquals("+OK send PASS", peer.command("USER " + user));
    return peer.command("PASS " + password);
  }

  /** A whole exchange of a mechanism. */
  private static String sasl(RawPeer peer, String mechanism, String password)
      throws IOException, SaslException {
    SaslClientExchange client =
        SaslClientExchange.of(
            SaslMechanism.named(mechanism).orElseThrow(),
            SaslCredentials.Password.of("alice", Secret.ofUtf8(password)),
            SaslClientOptions.defaults(),
            SaslChannel.UNBOUND);
    String line = "AUTH " + mechanism;
    if (client.hasInitialResponse()) {
      line += " " + Base64.getEncoder().encodeToString(client.initialResponse());
    }
    String answer = peer.command(line);
    while (answer.startsWith("+ ")) {
      byte[] challenge = Base64.getDecoder().decode(answer.substring(2));
      answer = peer.command(Base64.getEncoder().encodeToString(client.respond(challenge)));
    }
    return answer;
  }

  @Test
  @DisplayName("A15: allowed logins are tried, and reported as they went; the client sees nothing")
  void allowed() throws Exception {
    try (RawPeer peer = connect()) {
      assertEquals(WRONG, pass(peer, "alice", "guess"));
      Map<String, Object> wrong = policy.report();
      assertEquals(false, wrong.get("success"));
      assertEquals(false, wrong.get("policy_reject"));
      assertTrue(pass(peer, "alice", "sesame").startsWith("+OK "));
    }
    Map<String, Object> right = policy.report();
    assertEquals(true, right.get("success"));
    assertEquals("alice", right.get("login"));
    assertEquals("127.0.0.1", right.get("remote"));
    assertEquals(2, policy.questions.size());
    assertEquals(Optional.of("our secret key"), policy.questions.get(0).key());
    String hash = String.valueOf(policy.questions.get(0).body().get("pwhash"));
    assertTrue(hash.matches("0[0-9a-f]{3}"), hash);
    assertFalse(hash.equals(policy.questions.get(1).body().get("pwhash")));
    assertTrue(policy.nothingMoreReported());
  }

  @Test
  @DisplayName("A10: a login that the policy refuses looks like a wrong password, right or not")
  void refused() throws Exception {
    policy.answer = TestPolicyServer.status(-1, "country");
    try (RawPeer peer = connect()) {
      assertEquals(WRONG, pass(peer, "alice", "sesame"));
      Map<String, Object> report = policy.report();
      assertEquals(false, report.get("success"));
      assertEquals(true, report.get("policy_reject"));
      assertEquals(WRONG, pass(peer, "nobody", "sesame"));
      assertEquals(WRONG, sasl(peer, "PLAIN", "sesame"));
      assertTrue(peer.isAtEnd());
    }
    assertLogged(
        "login failed: user=\"alice\" rip=127.0.0.1 method=PASS: the policy server refuses:"
            + " \"country\"");
    assertFalse(
        logged.list.stream().anyMatch(e -> e.getFormattedMessage().startsWith("login refused")));
  }

  private void assertLogged(String line) {
    List<String> lines = logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    assertTrue(lines.contains(line), lines.toString());
  }

  @Test
  @DisplayName("mechanisms that show no password are asked about with their proof, and once")
  void proofs() throws Exception {
    for (String mechanism : List.of("SCRAM-SHA-256", "CRAM-MD5")) {
      policy.answer = TestPolicyServer.status(0, "");
      policy.questions.clear();
      try (RawPeer peer = connect()) {
        assertEquals(WRONG, sasl(peer, mechanism, "guess"));
        assertEquals(false, policy.report().get("success"));
        assertTrue(sasl(peer, mechanism, "sesame").startsWith("+OK "), mechanism);
        assertEquals(true, policy.report().get("success"));
        assertEquals(2, policy.questions.size());
        assertEquals(
            policy.questions.get(0).body().get("pwhash"),
            policy.questions.get(1).body().get("pwhash"));
        assertEquals(
            Map.of("mechanism", mechanism, "listener", "pop3"),
            policy.questions.get(0).body().get("attrs"));
        peer.command("QUIT");
      }
      policy.answer = TestPolicyServer.status(-1, "");
      try (RawPeer peer = connect()) {
        assertEquals(WRONG, sasl(peer, mechanism, "sesame"));
        assertEquals(true, policy.report().get("policy_reject"));
      }
    }
    assertTrue(policy.nothingMoreReported());
  }

  @Test
  @DisplayName("a login waits as long as the policy says, and is tried then")
  void tarpit() throws Exception {
    policy.answer = TestPolicyServer.status(1, "");
    try (RawPeer peer = connect()) {
      long before = System.nanoTime();
      assertTrue(pass(peer, "alice", "sesame").startsWith("+OK "));
      assertTrue(System.nanoTime() - before >= Duration.ofSeconds(1).toNanos());
      assertEquals(true, policy.report().get("success"));
    }
  }

  @Test
  @DisplayName("A11: a policy server that does not answer: [SYS/TEMP], never [AUTH], with deny")
  void downAndDeny() throws Exception {
    policy.answer = exchange -> TestPolicyServer.send(exchange, 500, "");
    try (RawPeer peer = connect()) {
      assertEquals(FOR_NOW, pass(peer, "alice", "sesame"));
      assertEquals(FOR_NOW, sasl(peer, "SCRAM-SHA-256", "sesame"));
      policy.answer = TestPolicyServer.status(0, "");
      assertTrue(pass(peer, "alice", "sesame").startsWith("+OK "));
    }
    assertEquals(true, policy.report().get("success"));
    assertTrue(policy.nothingMoreReported());
  }

  @Test
  @DisplayName("with allow a policy server that hangs costs logins its timeout, others nothing")
  void hangsAndAllow() throws Exception {
    server.stop();
    server = server("allow", "500ms");
    Semaphore end = new Semaphore(0);
    policy.answer = exchange -> end.acquireUninterruptibly();
    try (RawPeer waiting = connect();
        RawPeer other = connect()) {
      waiting.send("USER alice\r\nPASS sesame\r\n");
      assertTrue(other.command("USER bob").startsWith("+OK "));
      assertTrue(other.command("QUIT").startsWith("+OK "));
      assertTrue(waiting.readLine().startsWith("+OK "));
      assertTrue(waiting.readLine().startsWith("+OK "));
    } finally {
      end.release(100);
    }
    assertEquals(true, policy.report().get("success"));
  }

  @Test
  @DisplayName("the credentials count, not what follows: POP3 off is reported as a right password")
  void pop3Off() throws Exception {
    try (RawPeer peer = connect()) {
      assertEquals("-ERR [AUTH] this account may not use POP3", pass(peer, "bob", "x"));
      assertEquals(true, policy.report().get("success"));
    }
  }

  @Test
  @DisplayName("a client that goes while its login waits is in nobody's way")
  void goesWhileWaiting() throws Exception {
    policy.answer = TestPolicyServer.status(2, "");
    try (RawPeer peer = connect()) {
      peer.send("USER alice\r\nPASS guess\r\n");
      assertEquals("+OK send PASS", peer.readLine());
    }
    policy.answer = TestPolicyServer.status(0, "");
    try (RawPeer peer = connect()) {
      peer.send(
          ("AUTH PLAIN " + base64("\0alice\0sesame") + "\r\n").getBytes(StandardCharsets.US_ASCII));
      assertTrue(peer.readLine().startsWith("+OK "));
    }
  }

  @Test
  @DisplayName("OA3: a token that the policy refuses gets the JSON of a bad token, then [AUTH]")
  void tokens() throws Exception {
    String message = base64("n,a=alice,\1auth=Bearer " + issuer.token("alice") + "\1\1");
    policy.answer = TestPolicyServer.status(-1, "");
    try (RawPeer peer = RawPeer.connectTls(server.address("pop3s"), trust(), "localhost")) {
      assertTrue(peer.readLine().startsWith("+OK "));
      assertEquals("+ ", peer.command("AUTH OAUTHBEARER"));
      String challenge = peer.command(message);
      String json =
          new String(Base64.getDecoder().decode(challenge.substring(2)), StandardCharsets.US_ASCII);
      assertTrue(json.contains("\"status\":\"invalid_token\""), json);
      assertEquals(WRONG, peer.command("AQ=="));
      assertEquals(true, policy.report().get("policy_reject"));
      policy.answer = TestPolicyServer.status(0, "");
      assertEquals("+ ", peer.command("AUTH OAUTHBEARER"));
      assertTrue(peer.command(message).startsWith("+OK "));
      assertEquals(true, policy.report().get("success"));
    }
    TestPolicyServer.Asked asked = policy.questions.get(1);
    assertEquals("alice", asked.body().get("login"));
    assertEquals(true, asked.body().get("tls"));
    assertTrue(policy.nothingMoreReported());
  }

  private SSLContext trust() {
    return TrustedAuthorities.context(directory.resolve("tls/ca.pem"));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}

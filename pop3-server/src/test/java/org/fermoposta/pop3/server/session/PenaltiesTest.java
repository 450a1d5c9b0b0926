// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.SaslChannel;
import org.fermoposta.pop3.protocol.sasl.SaslClientExchange;
import org.fermoposta.pop3.protocol.sasl.SaslClientOptions;
import org.fermoposta.pop3.protocol.sasl.SaslCredentials;
import org.fermoposta.pop3.protocol.sasl.SaslMechanism;
import org.fermoposta.pop3.protocol.sasl.ScramHash;
import org.fermoposta.pop3.server.auth.BackendChain;
import org.fermoposta.pop3.server.auth.LoginNames;
import org.fermoposta.pop3.server.auth.NamingAuthenticator;
import org.fermoposta.pop3.server.auth.PasswdFile;
import org.fermoposta.pop3.server.auth.PasswordHasher;
import org.fermoposta.pop3.server.gate.LoginGate;
import org.fermoposta.pop3.server.gate.LoginSubject;
import org.fermoposta.pop3.server.gate.PenaltySettings;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.RawPeer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guessing over sockets, from many networks of the loopback interface, and what it costs. */
@ExtendWith(LeakExtension.class)
final class PenaltiesTest {
  private static final String REFUSED = "-ERR [AUTH] wrong user name or password";
  private static final String NOT_CHECKED =
      "-ERR [SYS/TEMP] logins cannot be checked now, try again later";
  private static final int FREE = 3;
  private static final LoginMechanisms MECHANISMS =
      LoginMechanisms.only(
          EnumSet.of(SaslMechanism.PLAIN, SaslMechanism.CRAM_MD5, SaslMechanism.SCRAM_SHA_256),
          true);

  @TempDir private Path directory;
  private final TroubledStore store = new TroubledStore();
  private final LoginGate gate = new LoginGate(settings(Duration.ofMillis(500)));
  private int networks;

  private static PenaltySettings settings(Duration maxDelay) {
    return new PenaltySettings(FREE, Duration.ofHours(1), maxDelay, 16, List.of());
  }

  @BeforeEach
  void users() throws Exception {
    Files.writeString(
        directory.resolve("passwd"),
        "alice:{PLAIN}right\nbob:{PLAIN}right\ncarol:"
            + new PasswordHasher(new SecureRandom())
                .scram(ScramHash.SHA_256, Secret.ofUtf8("right"), 4096)
            + "\n");
    Files.writeString(directory.resolve("aliases"), "al alice\n");
  }

  private ServerUnderTest server(LoginGate behind) throws Exception {
    LoginNames names = LoginNames.AS_GIVEN.withAliases(directory.resolve("aliases"));
    PasswdFile accounts = new PasswdFile(directory.resolve("passwd"), MailPolicy.defaults());
    return ServerUnderTest.behind(
        behind, store, new NamingAuthenticator(BackendChain.of(accounts), names), MECHANISMS);
  }

  private ServerUnderTest server() throws Exception {
    return server(gate);
  }

  /** A client from a network that nobody has come from. */
  private RawPeer stranger(ServerUnderTest server) throws IOException {
    networks++;
    return from(server, "127." + (1 + networks / 200) + "." + (1 + networks % 200) + ".7");
  }

  private static RawPeer from(ServerUnderTest server, String address) throws IOException {
    InetSocketAddress to = server.address("plain");
    RawPeer peer = RawPeer.connectFrom(InetAddress.getByName(address), to);
    peer.readLine();
    return peer;
  }

  private static String login(RawPeer peer, String name, String password) throws IOException {
    peer.command("USER " + name);
    return peer.command("PASS " + password);
  }

  /** What has been said to those who logged in; the others still wait. */
  private static List<String> answers(List<RawPeer> guessers) throws IOException {
    List<String> answers = new ArrayList<>();
    for (RawPeer peer : guessers) {
      peer.readLine();
      if (peer.available() > 0) {
        answers.add(peer.readLine());
      }
    }
    return answers;
  }

  private static void await(BooleanSupplier condition) {
    long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < until);
      LockSupport.parkNanos(1_000_000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"alice+@phone", "ALICE", "alice+Junk", "al", "al+@tablet"})
  @DisplayName(
      "A15, N051: devices, folders, spellings and aliases of an account are guessed at once")
  void oneAccount(String right) throws Exception {
    List<String> names = List.of("alice+@d1", "Alice+@d2", "alice+x", "al+y", "alice");
    try (ServerUnderTest server = server()) {
      for (String name : names.subList(0, FREE)) {
        try (RawPeer peer = stranger(server)) {
          assertEquals(REFUSED, login(peer, name, "wrong " + name));
        }
      }
      assertEquals(0, gate.delayed());
      try (RawPeer peer = stranger(server)) {
        login(peer, right, "right");
      }
      assertEquals(1, gate.delayed(), "a right password waits as well, whatever its answer");
      try (RawPeer peer = stranger(server)) {
        assertTrue(login(peer, "bob", "right").startsWith("+OK "));
      }
      assertEquals(1, gate.delayed());
    }
  }

  @Test
  @DisplayName("A6, A15: names that nobody has are slow as names that somebody has")
  void unknownNames() throws Exception {
    try (ServerUnderTest server = server()) {
      for (String name : List.of("nobody", "nobody+@a", "NOBODY+b", "nobody+@c")) {
        assertEquals(0, gate.delayed(), name);
        try (RawPeer peer = stranger(server)) {
          assertEquals(REFUSED, login(peer, name, "wrong " + name));
        }
      }
      assertEquals(1, gate.delayed());
    }
  }

  @Test
  @DisplayName("N051, A6: the owner's address is not slowed down; the one beside it is")
  void home() throws Exception {
    try (ServerUnderTest server = server()) {
      try (RawPeer owner = from(server, "127.99.99.1")) {
        assertTrue(login(owner, "al+@phone", "right").startsWith("+OK "));
        owner.command("QUIT");
      }
      for (int i = 0; i < FREE; i++) {
        try (RawPeer peer = stranger(server)) {
          login(peer, "alice", "guess " + i);
        }
      }
      try (RawPeer owner = from(server, "127.99.99.1")) {
        assertTrue(login(owner, "alice", "right").startsWith("+OK "));
        owner.command("QUIT");
      }
      assertEquals(0, gate.delayed());
      try (RawPeer neighbour = from(server, "127.99.99.2")) {
        login(neighbour, "alice", "guess");
      }
      assertEquals(1, gate.delayed());
    }
  }

  @Test
  @DisplayName(
      "A15: guesses side by side gain nothing, and a stop does not wait for those that wait")
  void sideBySide() throws Exception {
    LoginGate slow = new LoginGate(settings(Duration.ofSeconds(30)));
    List<RawPeer> guessers = new ArrayList<>();
    try (ServerUnderTest server = server(slow)) {
      for (int i = 0; i < 60; i++) {
        RawPeer peer = stranger(server);
        guessers.add(peer);
        peer.send("USER alice\r\nPASS guess" + i + "\r\n");
      }
      await(() -> slow.turnedAway() > 0 && slow.wrong() >= FREE);
      List<String> answers = answers(guessers);
      assertTrue(answers.contains(REFUSED) && answers.contains(NOT_CHECKED), answers.toString());
      long judged = answers.stream().filter(REFUSED::equals).count();
      assertTrue(judged <= FREE + 3, "judged: " + judged);
      assertTrue(answers.size() <= 60 - 32 + 3, "the others wait: " + answers);
      long begin = System.nanoTime();
      assertEquals(0, server.drain(Duration.ofSeconds(20)), "none had to be cut");
      assertTrue(System.nanoTime() - begin < Duration.ofSeconds(5).toNanos());
    } finally {
      for (RawPeer peer : guessers) {
        peer.close();
      }
    }
  }

  @Test
  @DisplayName(
      "A15: a client that resets its connection behind PASS or a digest has tried, and is logged")
  void reset() throws Exception {
    try (ServerUnderTest server = server();
        LogLines log = new LogLines()) {
      for (int i = 0; i < FREE; i++) {
        try (RawPeer peer = from(server, "127.77.7." + (1 + i))) {
          peer.send(
              i == 0
                  ? "APOP alice 0123456789abcdef0123456789abcdef\r\n"
                  : "USER alice\r\nPASS guess" + i + "\r\n");
          peer.reset();
        }
        int done = i + 1;
        await(() -> gate.wrong() == done);
        log.await("login refused: user=\"alice\" rip=127.77.7." + (1 + i));
      }
      try (RawPeer peer = from(server, "127.77.7.9")) {
        assertEquals(REFUSED, login(peer, "bob", "guess"));
      }
      assertEquals(1, gate.delayed());
    }
  }

  @Test
  @DisplayName("A15: SCRAM's proofs wait as passwords do, however many exchanges are open")
  void scram() throws Exception {
    LoginGate slow = new LoginGate(settings(Duration.ofSeconds(30)));
    List<RawPeer> guessers = new ArrayList<>();
    Deque<byte[]> proofs = new ArrayDeque<>();
    try (ServerUnderTest server = server(slow)) {
      for (int i = 0; i < 12; i++) {
        RawPeer peer = stranger(server);
        guessers.add(peer);
        SaslClientExchange client =
            SaslClientExchange.of(
                SaslMechanism.SCRAM_SHA_256,
                SaslCredentials.Password.of("carol", Secret.ofUtf8("guess" + i)),
                SaslClientOptions.defaults(),
                SaslChannel.UNBOUND);
        String first = Base64.getEncoder().encodeToString(client.initialResponse());
        String challenge = peer.command("AUTH SCRAM-SHA-256 " + first);
        proofs.add(client.respond(Base64.getDecoder().decode(challenge.substring(2))));
      }
      assertEquals(0, slow.delayed(), "no proof yet");
      for (RawPeer peer : guessers) {
        peer.sendLine(Base64.getEncoder().encodeToString(proofs.remove()));
      }
      await(() -> slow.delayed() == 12 - FREE);
      await(() -> slow.wrong() >= FREE);
      assertTrue(slow.wrong() <= FREE + 2, "judged: " + slow.wrong());
    } finally {
      for (RawPeer peer : guessers) {
        peer.close();
      }
    }
  }

  @Test
  @DisplayName("A15: an old password that is tried again and again slows nobody down")
  void oldPassword() throws Exception {
    try (ServerUnderTest server = server()) {
      for (int i = 0; i < 10; i++) {
        try (RawPeer peer = from(server, "127.50.1.1")) {
          assertEquals(REFUSED, login(peer, "alice", "last year's"));
        }
      }
      try (RawPeer peer = from(server, "127.50.1.1")) {
        assertTrue(login(peer, "alice", "right").startsWith("+OK "));
      }
      assertEquals(0, gate.delayed());
      assertEquals(9, gate.repeated());
    }
  }

  @Test
  @DisplayName("A15: exempt networks, such as loopback by default, are neither counted nor delayed")
  void exempt() throws Exception {
    LoginGate standard = new LoginGate(PenaltySettings.defaults());
    try (ServerUnderTest server = server(standard)) {
      for (int i = 0; i < 30; i++) {
        try (RawPeer peer = from(server, "127.0.0.1")) {
          assertEquals(REFUSED, login(peer, "alice", "guess " + i));
        }
      }
      assertEquals(0, standard.delayed());
    }
  }

  @Test
  @DisplayName("A15: a delay passes in the session's time; a client that goes leaves its place")
  void delayPasses() {
    List<LoginGate> made = new ArrayList<>();
    try (Embedded session =
        new Embedded(
            Embedded.settings(),
            store,
            time -> {
              made.add(new LoginGate(settings(Duration.ofSeconds(15)), time));
              return made.get(0);
            },
            Runnable::run)) {
      session.heard();
      String wrong = REFUSED + "\r\n";
      assertEquals("+OK send PASS\r\n", session.says("USER alice\r\nPASS a\r\n"));
      session.pass(Duration.ofSeconds(1));
      assertEquals(wrong, session.heard());
      session.says("USER alice\r\nPASS b\r\n");
      session.pass(Duration.ofSeconds(2));
      assertEquals(wrong, session.heard());
      LoginGate own = made.get(0);
      assertEquals(2, own.wrong());
      own.enter(InetAddress.getLoopbackAddress(), subject(), () -> {}).wrong("");
      session.says("USER alice\r\nPASS " + Logins.PASSWORD + "\r\n");
      session.pass(Duration.ofMillis(490));
      assertEquals("", session.heard());
      session.pass(Duration.ofMillis(20));
      assertTrue(session.heard().startsWith("+OK 0 messages"));
      assertEquals(1, own.delayed());
    }
  }

  @Test
  @DisplayName("A15, O5: a stop ends a login that waits, and one whose refusal waits")
  void stop() {
    for (String password : List.of("guess", Logins.PASSWORD)) {
      try (Embedded session =
          new Embedded(
              Embedded.settings(),
              store,
              time -> {
                LoginGate own = new LoginGate(settings(Duration.ofSeconds(15)), time);
                for (int i = 0; i < FREE + 3; i++) {
                  own.enter(InetAddress.getLoopbackAddress(), subject(), () -> {}).wrong("");
                }
                return own;
              },
              Runnable::run)) {
        session.heard();
        session.says("USER alice\r\nPASS " + password + "\r\n");
        assertTrue(session.isOpen());
        session.drain();
        assertFalse(session.isOpen());
        assertEquals("", session.heard());
      }
    }
  }

  private static LoginSubject subject() {
    return new LoginSubject("alice", "alice");
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.fermoposta.pop3.server.maildrop.LeaseSettings;
import org.fermoposta.pop3.server.maildrop.LeaseSettings.Policy;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.RawPeer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A second login, under each policy, while the first session is in each of its situations. */
@ExtendWith(LeakExtension.class)
@Timeout(60)
final class TakeOverTest {
  private static final String IN_USE = "-ERR [IN-USE] The maildrop is in use by another session";
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  private static TroubledStore store(Policy policy, Duration idleFor) {
    TroubledStore store = new TroubledStore(new LeaseSettings(policy, TEN_SECONDS, idleFor));
    store.deliver(Logins.ALICE, "Subject: a\r\n\r\none\r\n");
    store.deliver(
        Logins.ALICE, "Subject: b\r\n\r\n" + "x".repeat(70).concat("\r\n").repeat(200_000));
    return store;
  }

  private static String second(ServerUnderTest server) throws IOException {
    try (RawPeer peer = server.plain()) {
      peer.command("USER alice");
      return peer.command("PASS " + Logins.PASSWORD);
    }
  }

  @Test
  @DisplayName(
      "K7: an idle session is ended without UPDATE, says so in its log, and is told nothing")
  void takesOverFromAnIdlePeer() throws Exception {
    TroubledStore store = store(Policy.TAKE_OVER, Duration.ZERO);
    try (ServerUnderTest server = ServerUnderTest.cleartext(store);
        LogLines log = new LogLines();
        RawPeer first = server.alice()) {
      assertEquals("+OK message marked as deleted", first.command("DELE 1"));
      try (RawPeer second = server.alice()) {
        assertTrue(first.isAtEnd());
        assertEquals(0, store.deletions.availablePermits(), "U3: an UPDATE without QUIT");
        assertTrue(second.command("STAT").startsWith("+OK 2 "));
        String reason = log.await("plain ");
        assertTrue(
            reason.matches(
                "plain 127\\.0\\.0\\.1:\\d+ user=\"alice\": closed without UPDATE, taken over by"
                    + " \"127\\.0\\.0\\.1:\\d+\""),
            reason);
        assertTrue(log.await("session ended: ").contains(" by=taken-over "));
      }
    }
  }

  @Test
  @DisplayName("K7: a session in the middle of a message that nobody takes is ended too")
  void takesOverFromAStalledReader() throws Exception {
    TroubledStore store = store(Policy.TAKE_OVER, Duration.ofMillis(300));
    try (ServerUnderTest server = ServerUnderTest.cleartext(store);
        LogLines log = new LogLines();
        RawPeer first = ServerUnderTest.login(server.slow(), "alice")) {
      first.sendLine("RETR 2");
      assertTrue(first.readLine().startsWith("+OK"));
      // Until the first is silent for long enough, the second is refused.
      String answer = second(server);
      while (answer.equals(IN_USE)) {
        answer = second(server);
      }
      assertTrue(answer.startsWith("+OK 2 messages"), answer);
      store.awaitReleased();
      while (!log.await("session ended: ").contains(" by=taken-over ")) {
        // Those of refused logins are not it.
      }
    }
    assertEquals(0, store.openBodies.get());
  }

  @Test
  @DisplayName("U11: a session in its UPDATE never gives up")
  void updateIsNotGivenUp() throws Exception {
    TroubledStore store = store(Policy.TAKE_OVER, Duration.ZERO);
    Semaphore go = new Semaphore(0);
    Semaphore begun = new Semaphore(0);
    store.beforeDelete =
        () -> {
          begun.release();
          go.acquireUninterruptibly();
        };
    try (ServerUnderTest server = ServerUnderTest.cleartext(store);
        RawPeer first = server.alice();
        RawPeer second = server.plain()) {
      first.command("DELE 1");
      first.sendLine("QUIT");
      begun.acquire();
      second.command("USER alice");
      second.sendLine("PASS " + Logins.PASSWORD);
      // Asked to go, it goes on.
      go.release();
      assertEquals("+OK bye", first.readLine());
      assertTrue(second.readLine().startsWith("+OK 1 messages"));
      assertEquals(1, store.deletions.availablePermits());
    }
  }

  @Test
  @DisplayName("K1: while the other client works, its session stays")
  void busyPeerStays() {
    TroubledStore store = store(Policy.TAKE_OVER, Duration.ofMinutes(2));
    try (Embedded first = new Embedded(Embedded.settings(), store);
        Embedded second = new Embedded(Embedded.settings(), store)) {
      first.login();
      for (int i = 0; i < 2; i++) {
        first.pass(Duration.ofSeconds(119));
        assertEquals(IN_USE + "\r\n", lastLine(second.login()));
        assertEquals("+OK done\r\n", first.says("NOOP\r\n"));
      }
      assertTrue(first.isOpen());
    }
  }

  @Test
  @DisplayName("K6: a login that waits gets the maildrop when the other session ends")
  void waits() throws Exception {
    TroubledStore store = store(Policy.WAIT, Duration.ZERO);
    try (ServerUnderTest server = ServerUnderTest.cleartext(store);
        RawPeer first = server.alice();
        RawPeer second = server.plain();
        RawPeer other = ServerUnderTest.login(server.plain(), "bob")) {
      second.command("USER alice");
      second.sendLine("PASS " + Logins.PASSWORD);
      assertEquals("+OK done", other.command("NOOP"), "others are served meanwhile");
      assertEquals(0, second.available());
      assertEquals("+OK message marked as deleted", first.command("DELE 1"));
      assertEquals("+OK bye", first.command("QUIT"));
      assertTrue(second.readLine().startsWith("+OK 1 messages"));
    }
  }

  @Test
  @DisplayName("K1, R: refused with IN-USE, and the log says who has it and since when")
  void refuses() throws Exception {
    TroubledStore store = store(Policy.REFUSE, Duration.ZERO);
    try (ServerUnderTest server = ServerUnderTest.cleartext(store);
        LogLines log = new LogLines();
        RawPeer first = server.alice()) {
      assertEquals(IN_USE, second(server));
      String line = log.await("login failed: ");
      assertTrue(
          line.endsWith("in use by \"127.0.0.1:" + first.localAddress().getPort() + "\" for 0 s"),
          line);
      assertEquals("+OK done", first.command("NOOP"));
    }
  }

  @Test
  @DisplayName("N049, K3: a reset, also between PASS and its answer, frees the maildrop at once")
  void resetFreesTheLease() throws Exception {
    TroubledStore store = store(Policy.WAIT, Duration.ZERO);
    Semaphore go = new Semaphore(0);
    Semaphore begun = new Semaphore(0);
    try (ServerUnderTest server = ServerUnderTest.cleartext(store)) {
      RawPeer first = server.alice();
      first.reset();
      store.awaitReleased();
      store.beforeOpen =
          () -> {
            begun.release();
            go.acquireUninterruptibly();
          };
      RawPeer second = server.plain();
      second.command("USER alice");
      second.sendLine("PASS " + Logins.PASSWORD);
      begun.acquire();
      store.beforeOpen = () -> {};
      second.reset();
      go.release();
      store.awaitReleased();
      assertTrue(second(server).startsWith("+OK 2 messages"));
      store.awaitReleased();
    }
  }

  @Test
  @DisplayName("N046: connections that come and go leave no lease behind")
  void comeAndGo() throws Exception {
    TroubledStore store = store(Policy.WAIT, Duration.ZERO);
    try (ServerUnderTest server = ServerUnderTest.cleartext(store)) {
      for (int i = 0; i < 200; i++) {
        try (RawPeer peer = RawPeer.connect(server.address("plain"))) {
          if (i % 2 == 0) {
            peer.send("USER alice\r\nPASS " + Logins.PASSWORD + "\r\n");
          }
          if (i % 4 < 2) {
            peer.reset();
          }
        }
      }
      String answer = second(server);
      while (answer.equals(IN_USE)) {
        answer = second(server); // More wait than may, until those that are gone are passed over.
      }
      assertTrue(answer.startsWith("+OK 2 messages"), answer);
    }
    assertEquals(0, store.openBodies.get());
  }

  private static String lastLine(String replies) {
    String[] lines = replies.split("(?<=\r\n)");
    assertFalse(lines.length == 0, "no reply");
    return lines[lines.length - 1];
  }
}

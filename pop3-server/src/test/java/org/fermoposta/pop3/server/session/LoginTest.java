// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.Semaphore;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.RawPeer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Leases, refusals and what the log says of them. */
@ExtendWith(LeakExtension.class)
final class LoginTest {
  private final TroubledStore store = new TroubledStore();

  @Test
  @DisplayName("F2, A18: the server speaks first: one positive line, without a timestamp for APOP")
  void greeting() {
    try (Embedded session = new Embedded(Embedded.settings(), store)) {
      assertEquals("+OK Fermoposta POP3 server ready\r\n", session.heard());
      session.pass(java.time.Duration.ofSeconds(30));
      assertEquals("", session.heard());
    }
  }

  @Test
  @DisplayName("A9, K1, K2, K4, R1: a second session is IN-USE with the right password only")
  void inUse() throws Exception {
    try (ServerUnderTest server = ServerUnderTest.cleartext(store);
        RawPeer first = server.alice();
        RawPeer second = server.plain();
        RawPeer third = server.plain()) {
      second.command("USER alice");
      assertEquals("-ERR [AUTH] wrong user name or password", second.command("PASS x"));
      second.command("USER alice");
      assertEquals(
          "-ERR [IN-USE] The maildrop is in use by another session",
          second.command("PASS " + Logins.PASSWORD));
      ServerUnderTest.login(third, "bob");
      assertEquals("+OK bye", first.command("QUIT"));
      ServerUnderTest.login(second, "alice");
    }
  }

  @Test
  @DisplayName("U5: the one who has the answer to QUIT can log in again at once")
  void loginBehindQuit() throws Exception {
    try (ServerUnderTest server = ServerUnderTest.cleartext(store)) {
      for (int i = 0; i < 50; i++) {
        try (RawPeer peer = server.alice()) {
          assertEquals("+OK bye", peer.command("QUIT"));
        }
      }
    }
  }

  @Test
  @DisplayName("K3, U3: a close, a reset and half a command free the lease and delete nothing")
  void gone() throws Exception {
    store.deliver(Logins.ALICE, "Subject: x\r\n");
    try (ServerUnderTest server = ServerUnderTest.cleartext(store)) {
      for (int i = 0; i < 3; i++) {
        try (RawPeer peer = server.alice()) {
          assertEquals("+OK message marked as deleted", peer.command("DELE 1"));
          if (i == 1) {
            peer.reset();
          } else if (i == 2) {
            peer.send("QUIT");
          }
        }
        store.awaitReleased();
      }
      assertEquals(0, store.deletions.availablePermits());
    }
  }

  @Test
  @DisplayName("N049: a client that vanishes between PASS and +OK leaves no lease behind")
  void vanishesInLogin() throws Exception {
    Semaphore opening = new Semaphore(0);
    Semaphore go = new Semaphore(0);
    store.beforeOpen =
        () -> {
          opening.release();
          go.acquireUninterruptibly();
        };
    try (ServerUnderTest server = ServerUnderTest.cleartext(store)) {
      RawPeer peer = server.plain();
      io.netty.channel.Channel channel = server.channels.take();
      peer.send("USER alice\r\nPASS " + Logins.PASSWORD + "\r\n");
      opening.acquire();
      peer.reset();
      channel.closeFuture().await();
      go.release(2);
      store.awaitReleased();
      server.alice().close();
    }
  }

  @Test
  @DisplayName("N001, N010, A11, N067: a store that cannot open says SYS, no path, no stack trace")
  void storeCannotOpen() throws Exception {
    try (ServerUnderTest server = ServerUnderTest.cleartext(store);
        RawPeer peer = server.plain();
        LogLines log = new LogLines()) {
      store.beforeOpen =
          () -> {
            throw new MaildropException(MaildropFailure.PERMANENT, "/srv/mail/alice: a link");
          };
      peer.command("USER alice");
      assertEquals(
          "-ERR [SYS/PERM] The mail store has a problem; ask the postmaster",
          peer.command("PASS " + Logins.PASSWORD));
      log.await("login failed: user=\"alice\" rip=127.0.0.1 method=PASS: /srv/mail/alice: a link");
      store.beforeOpen =
          () -> {
            throw new IllegalStateException("/srv/mail: a defect");
          };
      peer.command("USER alice");
      assertEquals(
          "-ERR [SYS/TEMP] logins cannot be checked now, try again later",
          peer.command("PASS " + Logins.PASSWORD));
      store.beforeOpen = () -> {};
      ServerUnderTest.login(peer, "alice");
    }
  }

  @Test
  @DisplayName("A15, N064, N065, O6: refused logins are logged in one form, escaped, no password")
  void log() throws Exception {
    try (ServerUnderTest server = ServerUnderTest.cleartext(store);
        RawPeer peer = server.plain();
        LogLines log = new LogLines()) {
      peer.command("USER a\"b");
      peer.command("PASS hunter2");
      assertEquals(
          "login refused: user=\"a\\\"b\" rip=127.0.0.1 method=PASS try=1",
          log.await("login refused"));
      // The name is: eve" rip=6.6.6.6
      peer.command("AUTH PLAIN AGV2ZSIgcmlwPTYuNi42LjYAaHVudGVyMg==");
      assertEquals(
          "login refused: user=\"eve\\\" rip=6.6.6.6\" rip=127.0.0.1 method=PLAIN try=2",
          log.await("login refused"));
      peer.command("USER alice");
      peer.sendLine("PASS hunter2");
      assertEquals("-ERR [AUTH] wrong user name or password", peer.readLine());
      assertTrue(peer.isAtEnd(), "closed after the third");
      assertFalse(log.all().toString().contains("hunter2"));
    }
  }

  @Test
  @DisplayName("a session leaves two lines: who came in and how, and what became of it")
  void sessionLog() throws Exception {
    store.deliver(Logins.ALICE, "Subject: x\r\n\r\n.\r\n");
    store.deliver(Logins.ALICE, "Subject: y\r\n");
    try (ServerUnderTest server = ServerUnderTest.strict(store);
        LogLines log = new LogLines()) {
      try (RawPeer peer = ServerUnderTest.login(server.tls(), "alice")) {
        String came = log.await("login: ");
        assertTrue(
            came.matches(
                "login: user=\"alice\" rip=127\\.0\\.0\\.1 method=PASS listener=pop3s"
                    + " tls=TLSv1\\.3/TLS_[A-Z0-9_]+ messages=2 octets=29"),
            came);
        peer.commandLines("RETR 1");
        peer.commandLines("TOP 2 0");
        peer.command("DELE 1");
        peer.command("QUIT");
      }
      // 18 octets of RETR with its stuffed dot, 12 of TOP, and two final dots.
      assertEquals(
          "session ended: user=\"alice\" rip=127.0.0.1 by=quit retrieved=1 deleted=1 octets=36",
          log.await("session ended: user=\"alice\""));
      try (RawPeer peer = ServerUnderTest.login(server.tls(), "alice")) {
        peer.command("DELE 1");
      }
      assertEquals(
          "session ended: user=\"alice\" rip=127.0.0.1 by=client retrieved=0 deleted=0 octets=0",
          log.await("session ended: user=\"alice\""));
      assertEquals(List.of(), log.all().stream().filter(l -> l.contains("two words")).toList());
    }
  }

  @Test
  @DisplayName("N046: connections that come and go at once leave nothing behind")
  void comeAndGo() throws Exception {
    try (ServerUnderTest server = ServerUnderTest.strict(store)) {
      for (int i = 0; i < 500; i++) {
        RawPeer peer = RawPeer.connect(server.address(i % 2 == 0 ? "pop3" : "pop3s"));
        if (i % 3 == 0) {
          peer.reset();
        } else {
          peer.close();
        }
      }
      // Accepted in order, so that all before are known when this one is greeted.
      server.stls().close();
      for (io.netty.channel.Channel channel : server.channels) {
        assertTrue(channel.closeFuture().await(10_000), channel.toString());
      }
      assertEquals(0, server.drain(java.time.Duration.ofSeconds(10)));
      assertEquals(0, server.sessions.count());
    }
  }
}

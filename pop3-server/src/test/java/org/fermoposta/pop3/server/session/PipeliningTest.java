// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.fermoposta.pop3.testkit.RawPeer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many commands at once, and clients that do not read what they asked for. */
@ExtendWith(LeakExtension.class)
final class PipeliningTest {
  private final TroubledStore store = new TroubledStore();

  @Test
  @DisplayName("P1, P3: 500 pipelined commands are answered in order, long and short replies mixed")
  void order() throws Exception {
    StringBuilder commands = new StringBuilder();
    StringBuilder expected = new StringBuilder();
    for (int n = 1; n <= 100; n++) {
      store.deliver(Logins.ALICE, "Subject: " + n + "\r\n\r\n" + ".\r\n".repeat(n * 10));
    }
    try (ServerUnderTest server = ServerUnderTest.cleartext(store);
        RawPeer peer = server.alice()) {
      for (int n = 1; n <= 100; n++) {
        String head = "Subject: " + n + "\r\n\r\n";
        int octets = head.length() + n * 30;
        commands.append("LIST ").append(n).append("\r\nRETR ").append(n).append("\r\nNOOP\r\n");
        commands.append("TOP ").append(n).append(" 0\r\nDELE ").append(n).append("\r\n");
        expected.append("+OK ").append(n).append(' ').append(octets).append("\r\n");
        expected.append("+OK ").append(octets).append(" octets\r\n").append(head);
        expected.append("..\r\n".repeat(n * 10)).append(".\r\n+OK done\r\n");
        expected.append("+OK top of message\r\n").append(head).append(".\r\n");
        expected.append("+OK message marked as deleted\r\n");
      }
      peer.send(commands + "QUIT\r\n");
      assertEquals(expected + "+OK bye\r\n", Octets.latin1(peer.readToEnd()));
    }
  }

  @Test
  @DisplayName("P3: a burst of commands costs one flush")
  void oneFlush() {
    store.deliver(Logins.ALICE, "Subject: x\r\n");
    try (Embedded session = new Embedded(Embedded.settings(), store)) {
      session.login();
      int before = session.flushes();
      assertEquals("+OK done\r\n".repeat(300), session.says("NOOP\r\n".repeat(300)));
      assertEquals(1, session.flushes() - before);
    }
  }

  @Test
  @DisplayName("P4: commands without end and no reading: memory is bounded, reading goes on later")
  void bounded() {
    try (Embedded session = new Embedded(Embedded.settings(), store)) {
      session.login();
      session.stall();
      int sent = 0;
      while (session.channel.config().isAutoRead()) {
        session.says("UIDL\r\n".repeat(100));
        sent += 100;
        assertTrue(sent < 20_000, "auto-read stays on");
      }
      assertTrue(session.outbound() <= 80 * 1024, "octets waiting: " + session.outbound());
      StringBuilder heard = new StringBuilder();
      session.unstall();
      heard.append(session.heard());
      assertTrue(session.channel.config().isAutoRead(), "auto-read is on again");
      assertEquals("+OK listing follows\r\n.\r\n".repeat(sent), heard.toString());
      assertEquals("+OK done\r\n", session.says("NOOP\r\n"));
    }
  }

  @Test
  @DisplayName("P5: over a socket, a client that only sends is closed after the write timeout")
  void onlySending() throws Exception {
    try (ServerUnderTest server = ServerUnderTest.impatient(store);
        RawPeer peer = ServerUnderTest.login(server.slow(), "alice")) {
      byte[] burst = Octets.latin1("CAPA\r\n".repeat(1000));
      assertThrows(
          IOException.class,
          () -> {
            for (; ; ) {
              peer.send(burst);
            }
          });
      store.awaitReleased();
    }
  }

  @Test
  @DisplayName("N048: a client that ends its side still gets all its answers, then the close")
  void halfClose() throws Exception {
    store.deliver(Logins.ALICE, "Subject: x\r\n\r\n" + "y".repeat(1000).concat("\r\n").repeat(300));
    try (ServerUnderTest server = ServerUnderTest.cleartext(store);
        RawPeer peer = server.plain()) {
      peer.send(
          "USER alice\r\nPASS " + Logins.PASSWORD + "\r\nDELE 1\r\nRSET\r\nRETR 1\r\nNOOP\r\nQUI");
      peer.halfClose();
      String answers = Octets.latin1(peer.readToEnd());
      assertEquals(300_000 + 600 + 14, answers.indexOf("\r\n.\r\n") + 2 - answers.indexOf("Sub"));
      assertTrue(answers.endsWith("\r\n.\r\n+OK done\r\n"), "U8: half a QUIT is none");
      store.awaitReleased();
      assertEquals(0, store.deletions.availablePermits());
    }
  }

  @Test
  @DisplayName("N059: a close_notify ends a session at once, without UPDATE")
  void closeNotify() throws Exception {
    store.deliver(Logins.ALICE, "Subject: x\r\n");
    try (ServerUnderTest server = ServerUnderTest.strict(store);
        RawPeer peer = ServerUnderTest.login(server.tls(), "alice")) {
      assertEquals("+OK message marked as deleted", peer.command("DELE 1"));
      peer.halfClose();
      assertTrue(peer.isAtEnd());
      store.awaitReleased();
      assertEquals(0, store.deletions.availablePermits());
    }
  }

  @Test
  @DisplayName("after login only bad commands in a row close a session; before it all count")
  void errorCap() {
    store.deliver(Logins.ALICE, "Subject: x\r\n");
    try (Embedded session = new Embedded(Embedded.settings(), store)) {
      session.login();
      for (int i = 0; i < 5; i++) {
        session.says("X\r\n".repeat(19) + "NOOP\r\n");
        session.says("DELE 9\r\n".repeat(19) + "RETR 1\r\n");
      }
      assertTrue(session.isOpen());
      String last = session.says("RETR 9\r\n".repeat(20) + "RETR 1\r\n");
      assertEquals("-ERR no such message\r\n".repeat(19) + "-ERR too many errors, bye\r\n", last);
      assertFalse(session.isOpen());
    }
    try (Embedded session = new Embedded(Embedded.settings(), store)) {
      session.heard();
      String answers = session.says("X\r\nUSER a\r\n".repeat(30));
      assertTrue(answers.endsWith("-ERR too many errors, bye\r\n"), answers);
      assertFalse(session.isOpen());
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.fermoposta.pop3.testkit.RawPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is tried around STLS. */
@ExtendWith(LeakExtension.class)
final class StlsAttacksTest {
  private static final String LOGIN = "USER alice\r\nPASS " + ServerAtTheDoor.PASSWORD + "\r\n";

  @TempDir private Path home;
  private ServerAtTheDoor server;

  @BeforeEach
  void start() throws Exception {
    server = ServerAtTheDoor.start(home);
  }

  @AfterEach
  void stillThere() throws Exception {
    server.assertUnharmed();
    server.close();
  }

  @ParameterizedTest
  @DisplayName("L2, P7: octets in one segment with STLS are neither run nor answered")
  @ValueSource(strings = {"CAPA\r\n", LOGIN, LOGIN + "DELE 1\r\nQUIT\r\n", "X", "\n", "STLS\r\n"})
  void behindInOneSegment(String behind) throws Exception {
    try (RawPeer peer = server.connect("pop3")) {
      peer.send("STLS\r\n" + behind);
      assertEquals("", Octets.latin1(peer.readToEnd()));
    }
  }

  @ParameterizedTest
  @DisplayName("L2, L5: the same in a second segment is taken for a handshake, and fails as one")
  @ValueSource(strings = {"CAPA\r\n", LOGIN, LOGIN + "DELE 1\r\nQUIT\r\n", "STLS\r\n"})
  void behindInTwoSegments(String behind) throws Exception {
    try (RawPeer peer = server.connect("pop3")) {
      assertEquals("+OK begin TLS", peer.command("STLS"));
      peer.send(behind);
      assertNoReply(peer);
    }
  }

  @ParameterizedTest
  @DisplayName("L2: half a command before TLS and half within does not become one")
  @ValueSource(strings = {"S", "ST", "STLS", "STLS\r"})
  void splitAnywhere(String first) throws Exception {
    try (RawPeer peer = server.connect("pop3")) {
      peer.send(first);
      peer.send("STLS\r\n".substring(first.length()));
      assertEquals("+OK begin TLS", peer.readLine());
      peer.startTls(server.trust(), "localhost");
      assertEquals("-ERR log in first", peer.command("STAT"));
    }
  }

  @Test
  @DisplayName("L4: STLS within TLS is refused, on both kinds of listener")
  void withinTls() throws Exception {
    try (RawPeer peer = server.connect("pop3");
        RawPeer secure = server.connectTls()) {
      assertEquals("+OK begin TLS", peer.command("STLS"));
      peer.startTls(server.trust(), "localhost");
      assertEquals("-ERR STLS is not offered", peer.command("STLS"));
      assertEquals("-ERR STLS is not offered", secure.command("STLS"));
    }
  }

  @Test
  @DisplayName("L3: a name given before STLS is forgotten: PASS behind it fails")
  void userBeforePassAfter() throws Exception {
    try (RawPeer peer = server.connect("pop3")) {
      assertEquals("+OK send PASS", peer.command("USER alice"));
      assertEquals("+OK begin TLS", peer.command("STLS"));
      peer.startTls(server.trust(), "localhost");
      assertEquals("-ERR PASS must follow USER", peer.command("PASS " + ServerAtTheDoor.PASSWORD));
      assertEquals("-ERR log in first", peer.command("STAT"));
    }
  }

  @Test
  @DisplayName("S5, L1: in the middle of AUTH, STLS is an answer that is no base64")
  void withinAuth() throws Exception {
    try (RawPeer peer = server.connect("pop3")) {
      assertEquals("+ ", peer.command("AUTH PLAIN"));
      assertTrue(peer.command("STLS").startsWith("-ERR "));
      assertEquals("-ERR log in first", peer.command("STAT"));
    }
  }

  @Test
  @DisplayName("L1, T43: after login STLS is refused")
  void afterLogin() throws Exception {
    try (RawPeer peer = ServerAtTheDoor.login(server.connect("pop3"))) {
      assertEquals("-ERR already logged in", peer.command("STLS"));
      assertEquals("+OK done", peer.command("NOOP"));
    }
  }

  @Test
  @DisplayName("L1: STLS behind commands whose replies are queued is answered in its turn")
  void whileRepliesAreQueued() throws Exception {
    try (RawPeer peer = server.connect("pop3")) {
      peer.send("CAPA\r\n".repeat(50) + "STLS\r\n");
      for (int i = 0; i < 50; i++) {
        assertTrue(peer.readLine().startsWith("+OK "));
        assertTrue(peer.readUntilDot().contains("STLS"));
      }
      assertEquals("+OK begin TLS", peer.readLine());
      peer.startTls(server.trust(), "localhost");
      assertFalse(peer.commandLines("CAPA").contains("STLS"));
    }
  }

  @Test
  @DisplayName("L5: clear text behind a ClientHello ends the connection, without a reply")
  void clearBehindClientHello() throws Exception {
    try (RawPeer peer = server.connect("pop3")) {
      assertEquals("+OK begin TLS", peer.command("STLS"));
      peer.send(ClientHellos.forHost(server.trust(), "localhost"));
      peer.send(LOGIN);
      assertNoReply(peer);
    }
  }

  @Test
  @DisplayName("L5: after a handshake that failed there is no way back to clear text")
  void noFallBack() throws Exception {
    try (RawPeer peer = server.connect("pop3")) {
      assertEquals("+OK begin TLS", peer.command("STLS"));
      // A fatal alert, as of a client that does not trust us.
      peer.send(new byte[] {21, 3, 3, 0, 2, 2, 48});
      try {
        peer.send(LOGIN + "STAT\r\n");
      } catch (IOException closed) {
        // Just as well.
      }
      assertNoReply(peer);
    }
  }

  private static void assertNoReply(RawPeer peer) throws IOException {
    String rest = Octets.latin1(peer.readToEnd());
    assertFalse(rest.contains("+OK") || rest.contains("-ERR"), rest);
  }
}

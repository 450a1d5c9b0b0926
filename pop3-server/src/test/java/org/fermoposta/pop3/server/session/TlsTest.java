// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.fermoposta.pop3.testkit.RawPeer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** STLS and implicit TLS, and what is refused without them. */
@ExtendWith(LeakExtension.class)
final class TlsTest {
  private static final List<String> COMMON =
      List.of("TOP", "UIDL", "RESP-CODES", "AUTH-RESP-CODE", "PIPELINING");

  private final TroubledStore store = new TroubledStore();

  @BeforeEach
  void deliver() {
    store.deliver(Logins.ALICE, "Subject: x\r\n\r\n.\r\n");
  }

  @Test
  @DisplayName("A16, C6, C7, C8, L14: without TLS no password is asked for, and CAPA says so")
  void strict() throws Exception {
    try (ServerUnderTest server = ServerUnderTest.strict(store);
        RawPeer clear = server.stls();
        RawPeer none = server.plain()) {
      List<String> offered = clear.commandLines("CAPA");
      assertTrue(offered.containsAll(COMMON) && offered.contains("STLS"), offered.toString());
      assertFalse(offered.stream().anyMatch(c -> c.startsWith("SASL") || c.equals("USER")));
      String refusal = "-ERR passwords are not accepted without TLS, use STLS first";
      assertEquals(refusal, clear.command("USER alice"));
      assertEquals(refusal, clear.command("AUTH PLAIN AGFsaWNlACB0d28gd29yZHMg"));
      assertEquals(refusal, clear.command("PASS " + Logins.PASSWORD));
      assertFalse(none.commandLines("CAPA").contains("STLS"));
      assertEquals("-ERR STLS is not offered", none.command("STLS"));
    }
  }

  @Test
  @DisplayName("L1, L3, L4, C7: STLS, then all is as new and passwords are taken; STLS only once")
  void stls() throws Exception {
    try (ServerUnderTest server = ServerUnderTest.strict(store);
        RawPeer peer = server.stls()) {
      assertEquals("-ERR too many arguments", peer.command("STLS now"));
      assertEquals("+OK begin TLS", peer.command("STLS"));
      peer.startTls(ServerUnderTest.trust(), "localhost");
      List<String> offered = peer.commandLines("CAPA");
      assertTrue(offered.containsAll(List.of("USER", "SASL PLAIN")), offered.toString());
      assertFalse(offered.contains("STLS"));
      assertEquals("-ERR STLS is not offered", peer.command("STLS"));
      ServerUnderTest.login(peer, "alice");
      assertEquals("-ERR already logged in", peer.command("STLS"));
      assertEquals("+OK 17 octets", peer.command("RETR 1"));
      assertEquals("Subject: x\r\n\r\n.\r\n", Octets.latin1(peer.readBody()));
      assertEquals("+OK bye", peer.command("QUIT"));
      assertTrue(peer.isAtEnd(), "L8: close_notify, then the close");
    }
  }

  @Test
  @DisplayName(
      "L15: the log line of a login names the TLS version and cipher, or that there is none")
  void loginLineNamesTls() throws Exception {
    try (ServerUnderTest server = ServerUnderTest.cleartext(store);
        LogLines log = new LogLines()) {
      try (RawPeer peer = server.tls()) {
        ServerUnderTest.login(peer, "alice");
        String line = log.await("login: ");
        assertTrue(
            line.matches(".* method=PASS listener=pop3s tls=TLSv1\\.3/TLS_[A-Z0-9_]+ .*"), line);
        assertEquals("+OK bye", peer.command("QUIT"));
      }
      try (RawPeer peer = ServerUnderTest.login(server.plain(), "bob")) {
        String line = log.await("login: ");
        assertTrue(line.contains(" listener=plain tls=none "), line);
        assertEquals("+OK bye", peer.command("QUIT"));
      }
    }
  }

  @Test
  @DisplayName("M1, T18: a line longer than the 998 octets of RFC 5322 is served as it is")
  void longLine() throws Exception {
    String message = "Subject: x\r\n\r\n" + "a".repeat(5000) + "\r\n";
    store.deliver(Logins.BOB, message);
    try (ServerUnderTest server = ServerUnderTest.cleartext(store);
        RawPeer peer = ServerUnderTest.login(server.plain(), "bob")) {
      assertEquals("+OK 1 " + message.length(), peer.command("LIST 1"));
      assertEquals("+OK " + message.length() + " octets", peer.command("RETR 1"));
      assertEquals(message, Octets.latin1(peer.readBody()));
    }
  }

  @Test
  @DisplayName("OLD5: AUTH without an initial response, as RFC 1734 had it, logs in")
  void authWithoutInitialResponse() throws Exception {
    try (ServerUnderTest server = ServerUnderTest.strict(store);
        RawPeer peer = server.tls()) {
      assertEquals("+ ", peer.command("AUTH PLAIN"));
      assertTrue(peer.command("AGFsaWNlACB0d28gd29yZHMg").startsWith("+OK "));
    }
  }

  @Test
  @DisplayName("L3: USER before STLS is forgotten behind it")
  void userBeforeStls() throws Exception {
    try (ServerUnderTest server = ServerUnderTest.cleartext(store);
        RawPeer peer = server.stls()) {
      assertEquals("+OK send PASS", peer.command("USER alice"));
      assertEquals("+OK begin TLS", peer.command("STLS"));
      peer.startTls(ServerUnderTest.trust(), "localhost");
      assertEquals("-ERR PASS must follow USER", peer.command("PASS " + Logins.PASSWORD));
    }
  }

  @Test
  @DisplayName("L3: a language chosen before STLS is forgotten behind it")
  void languageBeforeStls() throws Exception {
    try (ServerUnderTest server = ServerUnderTest.strict(store);
        RawPeer peer = server.stls()) {
      assertTrue(peer.command("LANG de").startsWith("+OK de "));
      assertEquals("+OK TLS beginnen", peer.command("STLS"));
      peer.startTls(ServerUnderTest.trust(), "localhost");
      assertEquals("-ERR unknown command", peer.command("XYZZY"));
    }
  }

  @Test
  @DisplayName("L13: STLS behind UTF8 is refused, and the session goes on in clear")
  void stlsBehindUtf8() throws Exception {
    try (ServerUnderTest server = ServerUnderTest.strict(store);
        RawPeer peer = server.stls()) {
      assertEquals("+OK UTF-8 from now on", peer.command("UTF8"));
      assertEquals("-ERR STLS must come before UTF8", peer.command("STLS"));
      assertEquals("+OK bye", peer.command("QUIT"));
    }
  }

  @Test
  @DisplayName("L2, P7: octets behind STLS close the connection, unanswered")
  void injection() throws Exception {
    try (ServerUnderTest server = ServerUnderTest.strict(store)) {
      for (String behind : List.of("CAPA\r\n", "N", "\r\n", "\u0016\u0003\u0001")) {
        try (RawPeer peer = server.stls()) {
          peer.send("STLS\r\n" + behind);
          assertEquals("", Octets.latin1(peer.readToEnd()));
        }
      }
    }
  }

  @Test
  @DisplayName("L5: no TLS behind STLS, or a client that does not trust us: closed, never in clear")
  void failedHandshake() throws Exception {
    try (ServerUnderTest server = ServerUnderTest.strict(store)) {
      try (RawPeer peer = server.stls()) {
        assertEquals("+OK begin TLS", peer.command("STLS"));
        peer.send("CAPA\r\n");
        assertFalse(Octets.latin1(peer.readToEnd()).contains("+OK"));
      }
      try (RawPeer peer = server.stls()) {
        assertEquals("+OK begin TLS", peer.command("STLS"));
        SSLContext trustsOthers = SSLContext.getDefault();
        assertThrows(IOException.class, () -> peer.startTls(trustsOthers, "localhost"));
      }
      try (RawPeer peer = RawPeer.connect(server.address("pop3s"))) {
        peer.send("CAPA\r\n");
        assertFalse(Octets.latin1(peer.readToEnd()).contains("OK"));
      }
    }
  }

  @Test
  @DisplayName("L6: implicit TLS greets within TLS and offers no STLS")
  void implicit() throws Exception {
    try (ServerUnderTest server = ServerUnderTest.strict(store);
        RawPeer peer = server.tls()) {
      assertFalse(peer.commandLines("CAPA").contains("STLS"));
      assertEquals("-ERR STLS is not offered", peer.command("STLS"));
      ServerUnderTest.login(peer, "alice");
      assertEquals("+OK 1 17", peer.command("STAT"));
      peer.send("DELE 1\r\nQUIT\r\nSTAT\r\n");
      assertEquals("+OK message marked as deleted\r\n+OK bye\r\n", Octets.latin1(peer.readToEnd()));
    }
  }

  @Test
  @DisplayName("a stop does not wait for a client that does not finish its handshake")
  void drainInHandshake() throws Exception {
    try (ServerUnderTest server = ServerUnderTest.strict(store);
        RawPeer silent = RawPeer.connect(server.address("pop3s"));
        RawPeer inStls = server.stls()) {
      assertEquals("+OK begin TLS", inStls.command("STLS"));
      assertTrue(server.channels.take().isOpen());
      assertEquals(0, server.drain(java.time.Duration.ofSeconds(8)));
      assertTrue(silent.isAtEnd());
    }
  }
}

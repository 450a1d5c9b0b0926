// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.fermoposta.pop3.testkit.RawPeer;
import org.fermoposta.pop3.testkit.ScriptedServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing said in clear outlives STLS, and nothing goes back to clear. */
@ExtendWith(LeakExtension.class)
final class StlsTest {

  @Test
  @DisplayName("STLS, then login under TLS (L1, L4)")
  void loginAfterStls() throws Exception {
    List<String> heard = Scripts.notes();
    try (ScriptedServer upstream = ScriptedServer.start(Scripts.server(heard));
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer client = proxy.stls()) {
      client.readLine();
      assertEquals("+OK begin TLS", client.command("STLS"));
      client.startTls(ProxyUnderTest.trust(), "localhost");
      assertEquals("-ERR TLS is active already", client.command("STLS"), "L4");
      assertEquals("+OK USER", client.command("USER bob"));
      assertEquals("+OK PASS", client.command("PASS secret"));
      assertEquals("+OK bye", client.command("QUIT"));
      upstream.awaitScripts();
      assertEquals(List.of("USER bob", "PASS secret", "QUIT"), heard);
    }
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("octets behind STLS in one segment: closed, never executed (L2, PX4)")
  @ValueSource(
      strings = {
        "STLS\\r\\nCAPA\\r\\n",
        "STLS\\r\\nUSER bob\\r\\nPASS secret\\r\\n",
        "STLS\\r\\nQ",
        "CAPA\\r\\nSTLS\\r\\nNOOP\\r\\n",
        "STLS\\r\\nSTLS\\r\\n"
      })
  void injection(String escaped) throws Exception {
    List<String> heard = Scripts.notes();
    try (ScriptedServer upstream = ScriptedServer.start(Scripts.server(heard));
        ProxyUnderTest proxy = ProxyUnderTest.with(upstream.port()).cleartextLogin().start();
        RawPeer client = proxy.stls()) {
      client.readLine();
      client.send(Octets.unescape(escaped));
      String answers = Octets.latin1(client.readToEnd());
      assertTrue(answers.endsWith("-ERR octets behind STLS\r\n"), answers);
      upstream.awaitScripts();
      assertFalse(heard.contains("USER bob"), heard.toString());
    }
  }

  @Test
  @DisplayName("plaintext in the segment after STLS is no ClientHello: closed, not executed (L5)")
  void plaintextAfterStls() throws Exception {
    List<String> heard = Scripts.notes();
    try (ScriptedServer upstream = ScriptedServer.start(Scripts.server(heard));
        ProxyUnderTest proxy = ProxyUnderTest.with(upstream.port()).cleartextLogin().start();
        RawPeer client = proxy.stls()) {
      client.readLine();
      assertEquals("+OK begin TLS", client.command("STLS"));
      client.send("USER bob\r\nPASS secret\r\n");
      String answers = Octets.latin1(client.readToEnd());
      assertFalse(answers.contains("+OK"), answers);
      upstream.awaitScripts();
      assertEquals(List.of("(end)"), heard);
    }
  }

  @Test
  @DisplayName("USER before STLS is forgotten, at the upstream as well: a fresh connection (L3)")
  void userBeforeStls() throws Exception {
    List<String> heard = Scripts.notes();
    try (ScriptedServer upstream = ScriptedServer.start(Scripts.server(heard));
        ProxyUnderTest proxy = ProxyUnderTest.with(upstream.port()).cleartextLogin().start();
        RawPeer client = proxy.stls()) {
      client.readLine();
      assertEquals("+OK USER", client.command("USER bob"));
      client.command("STLS");
      client.startTls(ProxyUnderTest.trust(), "localhost");
      assertEquals("-ERR give USER first", client.command("PASS secret"));
      assertEquals("+OK USER", client.command("USER alice"));
      assertEquals("+OK PASS", client.command("PASS secret"));
      assertEquals("+OK bye", client.command("QUIT"));
      upstream.awaitScripts();
      assertEquals(2, upstream.connections());
      assertEquals(4, heard.stream().filter(line -> !line.equals("(end)")).count());
      assertFalse(heard.indexOf("PASS secret") < heard.indexOf("USER alice"), heard.toString());
    }
  }

  @Test
  @DisplayName("STLS within implicit TLS, without TLS configured, and after login is refused (L6)")
  void stlsElsewhere() throws Exception {
    List<String> heard = Scripts.notes();
    try (ScriptedServer upstream = ScriptedServer.start(Scripts.server(heard));
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer secure = proxy.tls();
        RawPeer plain = proxy.plain()) {
      secure.readLine();
      assertEquals("-ERR TLS is active already", secure.command("STLS"));
      plain.readLine();
      assertEquals("-ERR STLS is not available here", plain.command("STLS"));
      assertEquals("+OK bye", secure.command("QUIT"));
      assertEquals("+OK bye", plain.command("QUIT"));
    }
  }

  @Test
  @DisplayName("STLS in the middle of AUTH is a response of the exchange, not a command")
  void stlsWithinAuth() throws Exception {
    try (ScriptedServer upstream =
            ScriptedServer.start(
                Scripts.dialogue(
                    "CAPA", "+OK\r\nSASL LOGIN\r\n.\r\n",
                    "AUTH LOGIN", "+ VXNlcjo=\r\n",
                    "STLS", "-ERR bad\r\n"));
        ProxyUnderTest proxy = ProxyUnderTest.with(upstream.port()).cleartextLogin().start();
        RawPeer client = proxy.stls()) {
      client.readLine();
      assertEquals("+ VXNlcjo=", client.command("AUTH LOGIN"));
      assertEquals("-ERR bad", client.command("STLS"));
      assertEquals("+OK begin TLS", client.command("STLS"));
    }
  }

  @Test
  @DisplayName("a failed handshake ends the connection; nothing follows in clear (L5)")
  void failedHandshake() throws Exception {
    List<String> heard = Scripts.notes();
    try (ScriptedServer upstream = ScriptedServer.start(Scripts.server(heard));
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer client = proxy.stls()) {
      client.readLine();
      client.command("STLS");
      assertThrows(
          IOException.class,
          () -> client.startTls(javax.net.ssl.SSLContext.getDefault(), "localhost"));
      upstream.awaitScripts();
      assertEquals(List.of("(end)"), heard);
    }
  }

  @Test
  @DisplayName("cross-protocol: HTTP is closed after three lines, its text is not reflected")
  void http() throws Exception {
    List<String> heard = Scripts.notes();
    try (ScriptedServer upstream = ScriptedServer.start(Scripts.server(heard));
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer client = proxy.tls()) {
      client.send(
          "POST / HTTP/1.1\r\nHost: <script>\r\nContent-Length: 9\r\n\r\nUSER bob\r\nPASS x\r\n");
      String answers = Octets.latin1(client.readToEnd());
      assertEquals(
          String.join(
              "\r\n",
              "+OK POP3 proxy ready",
              "-ERR unknown command",
              "-ERR unknown command",
              "-ERR too many errors",
              ""),
          answers);
      upstream.awaitScripts();
      assertEquals(List.of("(end)"), heard);
    }
  }
}

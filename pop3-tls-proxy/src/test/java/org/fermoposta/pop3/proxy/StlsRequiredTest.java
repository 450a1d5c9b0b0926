// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.fermoposta.pop3.testkit.RawPeer;
import org.fermoposta.pop3.testkit.ScriptedServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Listeners that take no login before TLS, even where logins in clear are allowed. */
@ExtendWith(LeakExtension.class)
final class StlsRequiredTest {
  private static final String V2 = "\\r\\n\\r\\n\\0\\r\\nQUIT\\n";
  private static final String FROM = "\\xc0\\0\\x02\\x07\\x0a\\0\\0\\x01\\0\\x01\\0n";

  /** Version 2, from 192.0.2.7, saying nothing of TLS. */
  private static final byte[] CLEAR = Octets.unescape(V2 + "!\\x11\\0\\x0c" + FROM);

  /** The same, saying that the client speaks TLS with whoever writes this. */
  private static final byte[] SECURED =
      Octets.unescape(V2 + "!\\x11\\0\\x14" + FROM + "\\x20\\0\\x05\\x01\\0\\0\\0\\0");

  @Test
  @DisplayName("A16: before STLS nothing of a login reaches the upstream; CAPA offers none")
  void refusesEveryLogin() throws Exception {
    List<String> heard = Scripts.notes();
    try (ScriptedServer upstream = ScriptedServer.start(Scripts.server(heard));
        ProxyUnderTest proxy = ProxyUnderTest.with(upstream.port()).cleartextLogin().start();
        RawPeer client = RawPeer.connect(proxy.address("must"))) {
      client.readLine();
      List<String> offered = client.commandLines("CAPA");
      assertTrue(offered.contains("STLS"), offered.toString());
      assertFalse(offered.contains("USER") || offered.contains("SASL PLAIN"), offered.toString());
      for (String login :
          List.of("USER bob", "PASS secret", "AUTH PLAIN AGJvYgBzZWNyZXQ=", "AUTH LOGIN")) {
        assertEquals("-ERR give STLS first", client.command(login), login);
      }
      assertEquals(List.of("CAPA"), heard);
      assertEquals("+OK begin TLS", client.command("STLS"));
      client.startTls(ProxyUnderTest.trust(), "localhost");
      assertTrue(client.commandLines("CAPA").containsAll(List.of("USER", "SASL PLAIN")));
      assertEquals("+OK USER", client.command("USER bob"));
      assertEquals("+OK PASS", client.command("PASS secret"));
      assertEquals("+OK bye", client.command("QUIT"));
      upstream.awaitScripts();
    }
  }

  @Test
  @DisplayName(
      "PX9: TLS that a trusted proxy in front tells of is as good; its header alone is not")
  void believesTheProxyInFront() throws Exception {
    List<String> heard = Scripts.notes();
    try (ScriptedServer upstream = ScriptedServer.start(Scripts.server(heard));
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer clear = RawPeer.connect(proxy.address("told"));
        RawPeer secured = RawPeer.connect(proxy.address("told"))) {
      clear.send(CLEAR);
      assertEquals("+OK POP3 proxy ready", clear.readLine());
      assertEquals("-ERR give STLS first", clear.command("USER bob"));
      assertTrue(clear.commandLines("CAPA").contains("STLS"));
      assertEquals("+OK bye", clear.command("QUIT"));
      secured.send(SECURED);
      assertEquals("+OK POP3 proxy ready", secured.readLine());
      List<String> offered = secured.commandLines("CAPA");
      assertTrue(offered.contains("USER") && !offered.contains("STLS"), offered.toString());
      assertEquals("-ERR STLS is not available here", secured.command("STLS"));
      assertEquals("+OK USER", secured.command("USER bob"));
      assertEquals("+OK PASS", secured.command("PASS secret"));
      assertEquals("+OK bye", secured.command("QUIT"));
      upstream.awaitScripts();
    }
  }

  @Test
  @DisplayName("N063, PX9: a second header is text like any other, in clear and within TLS")
  void secondHeader() throws Exception {
    List<String> heard = Scripts.notes();
    String forged = "PROXY TCP4 10.9.8.7 10.9.8.7 1 2";
    try (ScriptedServer upstream = ScriptedServer.start(Scripts.server(heard));
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer clear = RawPeer.connect(proxy.address("told"));
        RawPeer secure = RawPeer.connect(proxy.address("told-tls"));
        RawPeer within = proxy.tls()) {
      clear.send(CLEAR);
      clear.readLine();
      assertEquals("-ERR unknown command", clear.command(forged));
      assertEquals("+OK bye", clear.command("QUIT"));
      secure.send(CLEAR);
      secure.startTls(ProxyUnderTest.trust(), "localhost");
      secure.readLine();
      assertEquals("-ERR unknown command", secure.command(forged));
      assertEquals("+OK bye", secure.command("QUIT"));
      within.readLine();
      assertEquals("-ERR unknown command", within.command(forged), "on a listener without any");
      assertEquals("+OK bye", within.command("QUIT"));
      upstream.awaitScripts();
      assertEquals(List.of("QUIT", "QUIT", "QUIT"), heard);
    }
  }

  @Test
  @DisplayName("N063: within TLS a header that belongs before it ends the connection")
  void headerInsteadOfClientHello() throws Exception {
    List<String> heard = Scripts.notes();
    try (ScriptedServer upstream = ScriptedServer.start(Scripts.server(heard));
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer none = RawPeer.connect(proxy.address("pop3s"));
        RawPeer missing = RawPeer.connect(proxy.address("told-tls"))) {
      none.send(CLEAR);
      assertFalse(Octets.latin1(none.readToEnd()).contains("+OK"));
      missing.send("\26\3\1\2\0\1" + "\0".repeat(300));
      assertEquals("", Octets.latin1(missing.readToEnd()));
      assertEquals(0, upstream.connections());
    }
  }
}

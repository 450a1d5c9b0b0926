// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.fermoposta.pop3.testkit.Fragmenter;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.fermoposta.pop3.testkit.RawPeer;
import org.fermoposta.pop3.testkit.ScriptedServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a client may say before login, and what becomes of it. */
@ExtendWith(LeakExtension.class)
final class LoginTest {
  private static final String REPLIES =
      "+OK POP3 proxy ready\r\n+OK USER\r\n+OK PASS\r\n+OK 1 100\r\n+OK bye\r\n";

  @Test
  @DisplayName("USER and PASS over implicit TLS log in at the upstream; then octets pass (L6)")
  void userPass() throws Exception {
    List<String> heard = Scripts.notes();
    try (ScriptedServer upstream = ScriptedServer.start(Scripts.server(heard));
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer client = proxy.tls()) {
      assertEquals("+OK POP3 proxy ready", client.readLine());
      assertEquals("+OK USER", client.command("user bob"));
      assertEquals("+OK PASS", client.command("PASS  two  blanks "));
      assertEquals("+OK XTND", client.command("XTND anything, now it is the upstream's to judge"));
      assertEquals("+OK bye", client.command("QUIT"));
      assertTrue(client.isAtEnd());
      upstream.awaitScripts();
      assertEquals(
          List.of(
              "USER bob",
              "PASS  two  blanks ",
              "XTND anything, now it is the upstream's to judge",
              "QUIT"),
          heard);
    }
  }

  @Test
  @DisplayName("a burst sent before the greeting is held, in order, however it is cut (N124, F22)")
  void pipelinedBurst() throws Exception {
    String burst = "USER bob\r\nPASS secret\r\nSTAT\r\nQUIT\r\n";
    List<String> heard = Scripts.notes();
    try (ScriptedServer upstream = ScriptedServer.start(Scripts.server(heard));
        ProxyUnderTest proxy = ProxyUnderTest.with(upstream.port()).cleartextLogin().start()) {
      int ways = 0;
      for (Fragmenter.Fragments way : Fragmenter.everyWay(burst)) {
        try (RawPeer client = proxy.plain()) {
          client.send(way);
          assertEquals(REPLIES, Octets.latin1(client.readToEnd()), way.name());
        }
        ways++;
      }
      upstream.awaitScripts();
      assertEquals(4 * ways, heard.size());
      assertEquals(List.of("USER bob", "PASS secret", "STAT", "QUIT"), heard.subList(0, 4));
    }
  }

  @Test
  @DisplayName("the same burst over TLS, with the client's end of input right behind it (N124)")
  void burstOverTls() throws Exception {
    List<String> heard = Scripts.notes();
    try (ScriptedServer upstream = ScriptedServer.start(Scripts.server(heard));
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer client = proxy.tls()) {
      client.send("USER bob\r\nPASS secret\r\nSTAT\r\nQUIT\r\n");
      assertEquals(REPLIES, Octets.latin1(client.readToEnd()));
    }
  }

  @Test
  @DisplayName("AUTH is passed on line by line, cancelling too; a second try may succeed (S, PX5)")
  void auth() throws Exception {
    try (ScriptedServer upstream =
            ScriptedServer.start(
                Scripts.dialogue(
                    "CAPA", "+OK\r\nSASL CRAM-MD5 SCRAM-SHA-256 SCRAM-SHA-256-PLUS\r\n.\r\n",
                    "AUTH CRAM-MD5", "+ PDE+\r\n",
                    "*", "-ERR [AUTH] cancelled\r\n",
                    "AUTH SCRAM-SHA-256 biws", "+ cj0x\r\n",
                    "Yz1i", "+ dj0x\r\n",
                    "", "+OK logged in\r\n",
                    "NOOP", "+OK\r\n"));
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer client = proxy.tls()) {
      client.readLine();
      assertEquals("+ PDE+", client.command("AUTH CRAM-MD5"));
      assertEquals("-ERR [AUTH] cancelled", client.command("*"));
      assertEquals("-ERR mechanism not available", client.command("AUTH SCRAM-SHA-256-PLUS biws"));
      assertEquals("+ cj0x", client.command("AUTH scram-sha-256 biws"));
      assertEquals("+ dj0x", client.command("Yz1i"));
      assertEquals("+OK logged in", client.command(""));
      assertEquals("+OK", client.command("NOOP"));
    }
  }

  @Test
  @DisplayName("a token of 60 KB passes as one line of AUTH")
  void longToken() throws Exception {
    String token = "QUJD".repeat(15_000);
    try (ScriptedServer upstream =
            ScriptedServer.start(
                Scripts.dialogue(
                    "CAPA",
                    "+OK\r\nSASL OAUTHBEARER\r\n.\r\n",
                    "AUTH OAUTHBEARER",
                    "+ \r\n",
                    token,
                    "+OK\r\n"));
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer client = proxy.tls()) {
      client.readLine();
      assertEquals("+ ", client.command("AUTH OAUTHBEARER"));
      assertEquals("+OK ", client.command(token));
    }
  }

  @Test
  @DisplayName(
      "the upstream's refusal passes intact, with its response code; PASS needs a new USER")
  void refusedLogin() throws Exception {
    try (ScriptedServer upstream =
            ScriptedServer.start(
                Scripts.dialogue(
                    "USER bob", "+OK\r\n",
                    "PASS wrong", "-ERR [AUTH] Wrong password, try \u00e4gain\r\n",
                    "USER bob", "+OK\r\n",
                    "PASS right", "-ERR [IN-USE] locked by 4711\r\n"));
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer client = proxy.tls()) {
      client.readLine();
      client.command("USER bob");
      assertTrue(client.command("PASS wrong").startsWith("-ERR [AUTH] Wrong password, try "));
      assertEquals("-ERR give USER first", client.command("PASS right"));
      client.command("USER bob");
      assertEquals("-ERR [IN-USE] locked by 4711", client.command("PASS right"));
    }
  }

  @Test
  @DisplayName("without TLS neither USER nor PASS nor AUTH reaches the upstream (L14)")
  void noLoginInClear() throws Exception {
    List<String> heard = Scripts.notes();
    try (ScriptedServer upstream = ScriptedServer.start(Scripts.server(heard));
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer client = proxy.stls();
        RawPeer noTls = proxy.plain()) {
      client.readLine();
      for (String line : List.of("USER bob", "PASS secret", "AUTH PLAIN AGJvYgBzZWNyZXQ=")) {
        assertEquals("-ERR give STLS first", client.command(line), line);
      }
      noTls.readLine();
      assertEquals("-ERR login is allowed on TLS connections only", noTls.command("USER bob"));
      assertEquals("+OK bye", client.command("QUIT"));
      assertEquals("+OK bye", noTls.command("QUIT"));
      assertTrue(client.isAtEnd());
      upstream.awaitScripts();
      assertEquals(List.of("QUIT", "QUIT"), heard);
    }
  }

  @Test
  @DisplayName("UTF8 and LANG pass if the upstream offers them; LANG's list keeps its lines")
  void modes() throws Exception {
    try (ScriptedServer upstream =
            ScriptedServer.start(
                Scripts.dialogue(
                    "CAPA", "+OK\r\nUTF8 USER\r\nLANG\r\n.\r\n",
                    "UTF8", "+OK utf8\r\n",
                    "LANG", "+OK list\r\nen English\r\n..x odd\r\n.\r\n",
                    "LANG en", "+OK en\r\n"));
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer client = proxy.tls()) {
      client.readLine();
      assertEquals("+OK utf8", client.command("UTF8"));
      assertEquals(List.of("+OK list", "en English", ".x odd"), client.commandLines("LANG"));
      assertEquals("+OK en", client.command("LANG en"));
    }
    try (ScriptedServer upstream =
            ScriptedServer.start(Scripts.dialogue("CAPA", "+OK\r\nTOP\r\n.\r\n"));
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer client = proxy.tls()) {
      client.readLine();
      assertEquals("-ERR UTF8 is not available here", client.command("UTF8"));
      assertEquals("-ERR LANG is not available here", client.command("LANG"));
    }
  }

  @Test
  @DisplayName("CAPA is the upstream's without STLS, -PLUS and EXTERNAL, asked once (PX2, N126)")
  void capabilities() throws Exception {
    try (ScriptedServer upstream =
            ScriptedServer.start(
                Scripts.dialogue(
                    "CAPA",
                    String.join(
                        "\r\n",
                        "+OK",
                        "TOP",
                        "STLS",
                        "USER",
                        "SASL PLAIN EXTERNAL SCRAM-SHA-256-PLUS",
                        "XCLIENT ADDR",
                        "UTF8 USER",
                        "IMPLEMENTATION x",
                        ".",
                        "")));
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer client = proxy.stls()) {
      String greeting = client.readLine();
      assertFalse(greeting.contains("<"), "PX3: the upstream's APOP timestamp shows: " + greeting);
      List<String> clear =
          List.of("+OK capability list follows", "TOP", "UTF8", "IMPLEMENTATION x", "STLS");
      assertEquals(clear, client.commandLines("CAPA"));
      assertEquals(clear, client.commandLines("CAPA"));
      assertEquals("+OK begin TLS", client.command("STLS"));
      client.startTls(ProxyUnderTest.trust(), "localhost");
      assertEquals(
          List.of(
              "+OK capability list follows",
              "TOP",
              "USER",
              "SASL PLAIN",
              "UTF8",
              "IMPLEMENTATION x"),
          client.commandLines("CAPA"));
    }
  }

  @Test
  @DisplayName("an upstream without CAPA: STLS is offered all the same, and under TLS CAPA is -ERR")
  void noCapa() throws Exception {
    try (ScriptedServer upstream = ScriptedServer.start(Scripts.dialogue("CAPA", "-ERR what\r\n"));
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer client = proxy.stls()) {
      client.readLine();
      assertEquals(List.of("+OK capability list follows", "STLS"), client.commandLines("CAPA"));
      client.command("STLS");
      client.startTls(ProxyUnderTest.trust(), "localhost");
      assertEquals(List.of("-ERR CAPA is not available"), client.commandLines("CAPA"));
    }
  }

  @Test
  @DisplayName("a client that does not log in in time is closed, also one that drips (exhaustion)")
  void loginTimeout() throws Exception {
    List<String> heard = Scripts.notes();
    try (ScriptedServer upstream = ScriptedServer.start(Scripts.server(heard));
        ProxyUnderTest proxy =
            ProxyUnderTest.with(upstream.port()).loginTimeout(Duration.ofSeconds(1)).start();
        RawPeer silent = proxy.stls();
        RawPeer dripping = proxy.tls()) {
      silent.readLine();
      dripping.readLine();
      dripping.send("CAP");
      assertTrue(silent.isAtEnd());
      assertTrue(dripping.isAtEnd());
    }
  }
}

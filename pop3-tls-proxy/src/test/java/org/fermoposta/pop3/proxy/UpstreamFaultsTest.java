// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.fermoposta.pop3.runtime.listen.TlsMode;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.fermoposta.pop3.testkit.RawPeer;
import org.fermoposta.pop3.testkit.ScriptedServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that are absent, wrong, or gone: the client is told so and nothing passes. */
@ExtendWith(LeakExtension.class)
final class UpstreamFaultsTest {
  private static final String UNREACHABLE =
      "-ERR [SYS/TEMP] the mail server cannot be reached, try again later\r\n";
  private static final String LOST = "-ERR [SYS/TEMP] the connection to the mail server was lost";

  @ParameterizedTest(name = "{0}")
  @DisplayName("a greeting that is -ERR or not POP3: -ERR [SYS/TEMP] and the end (N123)")
  @ValueSource(
      strings = {
        "-ERR [IN-USE] go away\\r\\n",
        "220 mail.example ESMTP\\r\\n",
        "* OK IMAP4rev1\\r\\n",
        "HTTP/1.1 400 Bad Request\\r\\n\\r\\n",
        "+OKAY\\r\\n",
        "+OK logged in\\r\\n+OK 2 320\\r\\n"
      })
  void badGreeting(String escaped) throws Exception {
    try (ScriptedServer upstream =
            ScriptedServer.start(Scripts.says(Octets.latin1(Octets.unescape(escaped))));
        ProxyUnderTest proxy = ProxyUnderTest.with(upstream.port()).cleartextLogin().start();
        RawPeer client = proxy.plain()) {
      client.send("USER bob\r\nPASS secret\r\n");
      String answer = Octets.latin1(client.readToEnd());
      assertTrue(answer.contains("-ERR [SYS/TEMP] "), answer);
      assertTrue(!answer.contains("+OK USER") && !answer.contains("320"), answer);
    }
  }

  @Test
  @DisplayName("an endless greeting is cut at its bound")
  void endlessGreeting() throws Exception {
    try (ScriptedServer upstream =
            ScriptedServer.start(
                peer -> {
                  peer.send("+OK " + "x".repeat(1 << 20));
                  peer.isAtEnd();
                });
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer client = proxy.tls()) {
      assertEquals(UNREACHABLE, Octets.latin1(client.readToEnd()));
    } catch (AssertionError sending) {
      // The script may meet a reset while it sends; that is the cut.
      assertTrue(
          String.valueOf(sending.getMessage()).contains("a script failed"), () -> "" + sending);
    }
  }

  @Test
  @DisplayName("an upstream that never greets: -ERR [SYS/TEMP] when its time is over")
  void noGreeting() throws Exception {
    try (ScriptedServer upstream = ScriptedServer.start(Scripts.says(""));
        ProxyUnderTest proxy =
            ProxyUnderTest.with(upstream.port()).greetingTimeout(Duration.ofMillis(300)).start();
        RawPeer client = proxy.tls()) {
      assertEquals(UNREACHABLE, Octets.latin1(client.readToEnd()));
    }
  }

  @Test
  @DisplayName("an upstream that is not there: -ERR [SYS/TEMP]")
  void refusedConnection() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    try (ProxyUnderTest proxy = ProxyUnderTest.start(port);
        RawPeer client = proxy.tls()) {
      assertEquals(UNREACHABLE, Octets.latin1(client.readToEnd()));
    }
  }

  @Test
  @DisplayName("an upstream that closes between commands: the next one gets -ERR (PX8, N122)")
  void goneBetweenCommands() throws Exception {
    try (ScriptedServer upstream =
            ScriptedServer.start(
                peer -> {
                  peer.sendLine("+OK");
                  peer.readLine();
                  peer.sendLine("+OK user");
                });
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer client = proxy.tls()) {
      client.readLine();
      assertEquals("+OK user", client.command("USER bob"));
      upstream.awaitScripts();
      assertEquals(LOST, client.command("PASS secret"));
      assertTrue(client.isAtEnd());
    }
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("instead of an answer: closed, half a line, two replies, nonsense (N122, N098)")
  @ValueSource(
      strings = {
        "",
        "+O",
        "+OK no line end",
        "+OK one\\r\\n+OK two\\r\\n",
        "hello\\r\\n",
        "+OK one\\r\\n-ERR two\\r\\n+OK three\\r\\n"
      })
  void wrongAnswerToPass(String escaped) throws Exception {
    try (ScriptedServer upstream =
            ScriptedServer.start(
                peer -> {
                  peer.sendLine("+OK");
                  peer.readLine();
                  peer.sendLine("+OK user");
                  peer.readLine();
                  peer.send(Octets.unescape(escaped));
                });
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer client = proxy.tls()) {
      client.readLine();
      client.command("USER bob");
      assertEquals(LOST, client.command("PASS secret"));
      assertTrue(client.isAtEnd());
    }
  }

  @Test
  @DisplayName("an unsolicited +OK before PASS ends the upstream, it does not log in")
  void unsolicited() throws Exception {
    try (ScriptedServer upstream =
            ScriptedServer.start(
                peer -> {
                  peer.sendLine("+OK");
                  peer.readLine();
                  peer.send("+OK user\r\n+OK logged in\r\n");
                  assertTrue(peer.isAtEnd());
                });
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer client = proxy.tls()) {
      client.readLine();
      assertEquals(LOST, client.command("USER bob"));
      upstream.awaitScripts();
      assertTrue(client.isAtEnd());
    }
  }

  @Test
  @DisplayName("two replies in one segment are not taken for those of two pipelined commands")
  void oneReplyTooManyForPipelined() throws Exception {
    try (ScriptedServer upstream =
            ScriptedServer.start(
                peer -> {
                  peer.sendLine("+OK");
                  assertEquals("USER bob", peer.readLine());
                  peer.send("+OK user\r\n+OK logged in\r\n");
                  assertEquals("", Octets.latin1(peer.readToEnd()), "sent to the upstream");
                });
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer client = proxy.tls()) {
      client.send("USER bob\r\nPASS wrong\r\nSTAT\r\n");
      assertEquals("+OK POP3 proxy ready\r\n" + LOST + "\r\n", Octets.latin1(client.readToEnd()));
    }
  }

  @Test
  @DisplayName("a challenge that is not base64 and an +OK out of turn in AUTH end the upstream")
  void wrongSasl() throws Exception {
    for (String answer : new String[] {"+ ab\ncd\r\n", "+ -ERR\r\n", "+ QQ==\r\n+ QQ==\r\n"}) {
      try (ScriptedServer upstream =
              ScriptedServer.start(
                  peer -> {
                    peer.sendLine("+OK");
                    peer.readLine();
                    peer.send("+OK\r\nSASL X\r\n.\r\n");
                    peer.readLine();
                    peer.send(answer);
                    peer.isAtEnd();
                  });
          ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
          RawPeer client = proxy.tls()) {
        client.readLine();
        client.sendLine("AUTH X");
        String got = Octets.latin1(client.readToEnd());
        assertTrue(got.endsWith(LOST + "\r\n"), got);
      }
    }
  }

  @Test
  @DisplayName("an endless CAPA is cut at its bound (N083)")
  void endlessCapa() throws Exception {
    try (ScriptedServer upstream =
            ScriptedServer.start(
                peer -> {
                  peer.sendLine("+OK");
                  peer.readLine();
                  peer.send("+OK\r\n" + "X-TAG\r\n".repeat(60_000));
                  peer.isAtEnd();
                });
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer client = proxy.tls()) {
      client.readLine();
      assertEquals(LOST, client.command("CAPA"));
    } catch (AssertionError sending) {
      assertTrue(
          String.valueOf(sending.getMessage()).contains("a script failed"), () -> "" + sending);
    }
  }

  @Test
  @DisplayName("upstream TLS: STLS refused, stripped by clear text, or not TLS at all: no login")
  void upstreamStls() throws Exception {
    for (String answer : new String[] {"-ERR no\r\n", "+OK\r\n+OK injected\r\n", "+OK\r\n"}) {
      try (ScriptedServer upstream =
              ScriptedServer.start(
                  peer -> {
                    peer.sendLine("+OK");
                    assertEquals("STLS", peer.readLine());
                    peer.send(answer);
                    String clear = Octets.latin1(peer.deadline(Duration.ofSeconds(2)).readToEnd());
                    assertTrue(!clear.contains("USER"), clear);
                  });
          ProxyUnderTest proxy =
              ProxyUnderTest.with(upstream.port())
                  .upstreamTls(TlsMode.STLS)
                  .greetingTimeout(Duration.ofSeconds(1))
                  .start();
          RawPeer client = proxy.tls()) {
        client.send("USER bob\r\nPASS secret\r\n");
        assertEquals(UNREACHABLE, Octets.latin1(client.readToEnd()));
      }
    }
  }
}

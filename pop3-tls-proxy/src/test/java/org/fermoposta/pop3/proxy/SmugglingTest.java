// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
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

/** Nothing reaches an upstream before login but commands that were understood (PX5). */
@ExtendWith(LeakExtension.class)
final class SmugglingTest {

  @ParameterizedTest(name = "{0}")
  @DisplayName("what the parser finds ambiguous is refused here and never passed on (PX5, N120)")
  @ValueSource(
      strings = {
        "NOOP\\nDELE 1\\r\\n",
        "USER bob\\nPASS secret\\r\\n",
        "USER bob\\rPASS secret\\r\\n",
        "USER bob\\0\\r\\n",
        "USER b\\tob\\r\\n",
        "USER bob \\r\\n",
        "USER  bob\\r\\n",
        "USER\\r\\n",
        "USER b\\xf6b\\r\\n",
        "PASS sec\\0ret\\r\\n",
        "PASS \\n\\r\\n",
        "AUTH PL\\0AIN\\r\\n",
        "AUTH PLAIN AA\\nQUIT\\r\\n",
        "AUTH PLAIN {}\\r\\n",
        "AUTH\\r\\n",
        "XCLIENT ADDR=10.9.8.7 PORT=1\\r\\n",
        "PROXY TCP4 10.9.8.7 10.9.8.7 1 2\\r\\n",
        "\\r\\n\\r\\n\\0\\r\\nQUIT\\x20",
        "APOP bob c4c9334bac560ecc979e58001b3e22fb\\r\\n",
        "STAT\\r\\n",
        "RETR 1\\r\\n",
        "LANG en\\nQUIT\\r\\n",
        "CAPA x\\r\\n"
      })
  void refused(String escaped) throws Exception {
    List<String> heard = Scripts.notes();
    try (ScriptedServer upstream = ScriptedServer.start(Scripts.server(heard));
        ProxyUnderTest proxy = ProxyUnderTest.with(upstream.port()).cleartextLogin().start();
        RawPeer client = proxy.plain()) {
      client.readLine();
      client.send(Octets.unescape(escaped));
      String answer = client.readLine();
      assertTrue(answer.startsWith("-ERR "), answer);
      client.halfClose();
      upstream.awaitScripts();
      heard.remove("CAPA");
      assertEquals(List.of("(end)"), heard);
    }
  }

  @Test
  @DisplayName("a line over 255 octets is refused to its end; its tail is no command (N121)")
  void overlong() throws Exception {
    List<String> heard = Scripts.notes();
    try (ScriptedServer upstream = ScriptedServer.start(Scripts.server(heard));
        ProxyUnderTest proxy = ProxyUnderTest.with(upstream.port()).cleartextLogin().start();
        RawPeer client = proxy.plain()) {
      client.readLine();
      client.commandLines("CAPA");
      for (int padding : new int[] {249, 250, 251, 252, 253, 254, 4096, 1 << 20}) {
        client.send("USER " + "x".repeat(padding) + "QUIT\r\n");
        assertEquals("-ERR line too long", client.readLine());
      }
      assertEquals("+OK bye", client.command("QUIT"));
      upstream.awaitScripts();
      assertEquals(List.of("CAPA", "QUIT"), heard);
    }
  }

  @Test
  @DisplayName("CR LF inside a SASL field stays inside its base64: one line at the upstream")
  void lineEndsInSaslFields() throws Exception {
    String field =
        Base64.getEncoder()
            .encodeToString(
                "\0bob\r\nXCLIENT ADDR=10.9.8.7\r\n\0PASS".getBytes(StandardCharsets.US_ASCII));
    List<String> heard = Scripts.notes();
    try (ScriptedServer upstream = ScriptedServer.start(Scripts.server(heard));
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer client = proxy.tls()) {
      client.readLine();
      assertEquals("+OK AUTH", client.command("AUTH PLAIN " + field));
      client.command("QUIT");
      upstream.awaitScripts();
      assertEquals(List.of("CAPA", "AUTH PLAIN " + field, "QUIT"), heard);
    }
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("a response that is not base64 cancels the exchange instead of being passed on")
  @ValueSource(
      strings = {
        "AGJv\\nQUIT\\r\\n",
        "AGJv\\rQUIT\\r\\n",
        "QUIT now\\r\\n",
        "AG\\0\\r\\n",
        "**\\r\\n",
        "\\xe4\\r\\n"
      })
  void notBase64(String escaped) throws Exception {
    try (ScriptedServer upstream =
            ScriptedServer.start(
                Scripts.dialogue(
                    "CAPA", "+OK\r\nSASL PLAIN\r\n.\r\n",
                    "AUTH PLAIN", "+ \r\n",
                    "*", "-ERR [AUTH] cancelled\r\n"));
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer client = proxy.tls()) {
      client.readLine();
      assertEquals("+ ", client.command("AUTH PLAIN"));
      client.send(Octets.unescape(escaped));
      assertEquals("-ERR [AUTH] cancelled", client.readLine());
    }
  }

  @Test
  @DisplayName("ten refused commands are enough, also for a client that is understood")
  void errorCap() throws Exception {
    List<String> heard = Scripts.notes();
    try (ScriptedServer upstream = ScriptedServer.start(Scripts.server(heard));
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer client = proxy.tls()) {
      client.readLine();
      for (int i = 1; i < 10; i++) {
        assertEquals("-ERR not before login", client.command("STAT"));
      }
      assertEquals("-ERR too many errors", client.command("STAT"));
      assertTrue(client.isAtEnd());
      upstream.awaitScripts();
      assertEquals(List.of("(end)"), heard);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.hostile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of other protocols, lured here or lost. */
@ExtendWith(LeakExtension.class)
final class CrossProtocolTest {
  private static final byte[] NO_APPLICATION_PROTOCOL = {21, 3, 3, 0, 2, 2, 120};

  @TempDir private Path home;
  private ServerAtTheDoor server;

  @BeforeEach
  void start() throws Exception {
    server = ServerAtTheDoor.start(home, "login-timeout: 3s");
  }

  @AfterEach
  void stillThere() throws Exception {
    server.assertUnharmed();
    server.close();
  }

  @Test
  @DisplayName("F7, F21: a request of a browser gets refusals, none of its text, and then the end")
  void httpWithinTls() throws Exception {
    String request =
        "POST /<script>alert(1)</script> HTTP/1.1\r\nHost: localhost\r\n"
            + "X-Header: <script>alert(2)</script>\r\n".repeat(30)
            + "\r\n<script>alert(3)</script>\r\n";
    try (RawPeer peer = server.connectTls()) {
      peer.send(request);
      String all = Octets.latin1(peer.readToEnd());
      assertFalse(all.contains("script") || all.contains("+OK"), all);
      assertTrue(all.lines().count() <= 20, all);
    }
  }

  @ParameterizedTest
  @DisplayName("L10: a client that offers other protocols by ALPN only is refused with alert 120")
  @CsvSource({"h2,http/1.1", "imap,managesieve", "smtp,xmpp-client"})
  void otherApplicationProtocols(String first, String second) throws Exception {
    try (RawPeer peer = RawPeer.connect(server.address("pop3s"))) {
      peer.send(ClientHellos.withProtocols(server.trust(), first, second));
      assertArrayEquals(NO_APPLICATION_PROTOCOL, peer.readToEnd());
    }
  }

  @ParameterizedTest
  @DisplayName("L5, L6: clear text on the port for TLS gets no line of ours")
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n\r\n",
        "USER alice\r\nPASS geheim\r\n",
        "PROXY TCP4 10.9.8.7 10.0.0.1 1 995\r\n",
        "\r\n",
        "SSH-2.0-x\r\n"
      })
  void clearTextOnTlsPort(String text) throws Exception {
    try (RawPeer peer = RawPeer.connect(server.address("pop3s"))) {
      peer.send(text);
      String all = Octets.latin1(peer.readToEnd());
      assertFalse(all.contains("OK") || all.contains("ERR"), all);
    }
  }

  @Test
  @DisplayName("F15, F16: a ClientHello on the port without TLS is lines that are malformed")
  void clientHelloOnClearPort() throws Exception {
    try (RawPeer peer = server.connect("plain")) {
      peer.send(ClientHellos.forHost(server.trust(), "localhost"));
      peer.send("\r\n");
      assertTrue(peer.readLine().startsWith("-ERR "));
    }
  }
}

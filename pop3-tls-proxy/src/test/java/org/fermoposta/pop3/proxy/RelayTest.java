// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocket;
import org.fermoposta.pop3.runtime.tls.TlsEngine;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.fermoposta.pop3.testkit.RawPeer;
import org.fermoposta.pop3.testkit.ScriptedServer;
import org.fermoposta.pop3.testkit.ScriptedServer.Script;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** After login: octets both ways, and how connections end. */
@ExtendWith(LeakExtension.class)
final class RelayTest {
  private static final byte[] MESSAGE = Scripts.message(5_000_000);
  private static final String LOGIN = "USER bob\r\nPASS secret\r\n";
  private static final String LOGIN_REPLIES = "+OK POP3 proxy ready\r\n+OK USER\r\n+OK PASS\r\n";
  private static final String ALL_REPLIES =
      LOGIN_REPLIES + "+OK 5000000 octets\r\n" + Octets.latin1(MESSAGE) + ".\r\n+OK bye\r\n";

  @ParameterizedTest(name = "{0}")
  @DisplayName("RETR and QUIT, then FIN without close_notify: the whole message comes (lifecycle)")
  @EnumSource(
      value = TlsEngine.class,
      names = {"OPENSSL", "JDK"})
  void halfCloseUnderTls(TlsEngine engine) throws Exception {
    try (ScriptedServer upstream = ScriptedServer.start(server(Scripts.notes()));
        ProxyUnderTest proxy = ProxyUnderTest.with(upstream.port()).engine(engine).start();
        Socket raw = new Socket();
        SSLSocket client = proxy.tlsOver(raw)) {
      client.getOutputStream().write(Octets.latin1(LOGIN + "RETR 1\r\nQUIT\r\n"));
      raw.shutdownOutput();
      assertSame(ALL_REPLIES, client.getInputStream());
    }
  }

  @Test
  @DisplayName("RETR and QUIT, then close_notify without FIN, JDK engine: all of it comes (L8)")
  void closeNotifyHalfClose() throws Exception {
    try (ScriptedServer upstream = ScriptedServer.start(server(Scripts.notes()));
        ProxyUnderTest proxy = ProxyUnderTest.with(upstream.port()).engine(TlsEngine.JDK).start();
        Socket raw = new Socket();
        SSLSocket client = proxy.tlsOver(raw)) {
      client.getOutputStream().write(Octets.latin1(LOGIN + "RETR 1\r\nQUIT\r\n"));
      client.shutdownOutput();
      assertSame(ALL_REPLIES, client.getInputStream());
    }
  }

  @Test
  @DisplayName(
      "close_notify within a message, OpenSSL engine: an end without dot, QUIT arrives (L8)")
  void closeNotifyEndsOpenSsl() throws Exception {
    List<String> heard = Scripts.notes();
    try (ScriptedServer upstream = ScriptedServer.start(server(heard));
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        Socket raw = new Socket();
        SSLSocket client = proxy.tlsOver(raw)) {
      InputStream in = client.getInputStream();
      client.getOutputStream().write(Octets.latin1(LOGIN));
      assertEquals(LOGIN_REPLIES, Octets.latin1(in.readNBytes(LOGIN_REPLIES.length())));
      client.getOutputStream().write(Octets.latin1("RETR 1\r\nQUIT\r\n"));
      client.shutdownOutput();
      String got = Octets.latin1(in.readAllBytes());
      assertTrue(ALL_REPLIES.startsWith(LOGIN_REPLIES + got), "not what the upstream sent");
      upstream.awaitScripts();
      assertTrue(heard.contains("QUIT"), heard.toString());
    }
  }

  @Test
  @DisplayName("RETR and QUIT, then FIN, without TLS: the whole message comes (PX1)")
  void halfCloseInClear() throws Exception {
    try (ScriptedServer upstream = ScriptedServer.start(server(Scripts.notes()));
        ProxyUnderTest proxy = ProxyUnderTest.with(upstream.port()).cleartextLogin().start();
        Socket client = new Socket()) {
      client.setSoTimeout(10_000);
      client.connect(proxy.address("plain"));
      client.getOutputStream().write(Octets.latin1(LOGIN + "RETR 1\r\nQUIT\r\n"));
      client.shutdownOutput();
      assertSame(ALL_REPLIES, client.getInputStream());
    }
  }

  @ParameterizedTest(name = "QUIT behind RETR: {0}")
  @DisplayName("a reader that stops makes the server wait; what waits here is bounded (N128, PX6)")
  @ValueSource(booleans = {false, true})
  void slowReader(boolean quit) throws Exception {
    int octets = 40_000_000;
    AtomicLong sent = new AtomicLong();
    byte[] message = Scripts.message(octets);
    Script script = stallableServer(message, sent);
    try (ScriptedServer upstream = ScriptedServer.start(script);
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        Socket raw = new Socket()) {
      raw.setReceiveBufferSize(4096);
      SSLSocket client = proxy.tlsOver(raw);
      client.getOutputStream().write(Octets.latin1(LOGIN));
      InputStream in = client.getInputStream();
      assertEquals(LOGIN_REPLIES, Octets.latin1(in.readNBytes(LOGIN_REPLIES.length())));
      long before = Memory.buffers();
      client.getOutputStream().write(Octets.latin1("RETR 1\r\n" + (quit ? "QUIT\r\n" : "")));
      long stalledAt = Memory.whenStalled(sent);
      long held = Memory.buffers() - before;
      assertTrue(stalledAt < octets, "the server was not slowed down: " + stalledAt);
      assertTrue(held < 4_000_000, "the proxy holds " + held + " octets");
      String status = "+OK " + octets + " octets\r\n";
      assertEquals(status, Octets.latin1(in.readNBytes(status.length())));
      assertArrayEquals(message, in.readNBytes(octets));
      String rest = quit ? ".\r\n+OK bye\r\n" : ".\r\n";
      assertEquals(rest, Octets.latin1(in.readNBytes(rest.length())));
      client.close();
    }
  }

  @Test
  @DisplayName("the server has sent all and closed while the reader stands still: nothing is lost")
  void serverDoneReaderSlow() throws Exception {
    // Small enough for the kernel's buffers, so that the server's end comes early.
    byte[] message = Scripts.message(1_500_000);
    try (ScriptedServer upstream =
            ScriptedServer.start(Scripts.server(Scripts.notes(), "UIDL\r\n", message));
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        Socket raw = new Socket()) {
      raw.setReceiveBufferSize(4096);
      SSLSocket client = proxy.tlsOver(raw);
      client.getOutputStream().write(Octets.latin1(LOGIN + "RETR 1\r\nQUIT\r\n"));
      long before = Memory.buffers();
      upstream.awaitScripts();
      long held = Memory.buffers() - before;
      assertTrue(held < 8_000_000, "the proxy holds " + held + " octets");
      assertSame(
          LOGIN_REPLIES + "+OK 1500000 octets\r\n" + Octets.latin1(message) + ".\r\n+OK bye\r\n",
          client.getInputStream());
      client.close();
    }
  }

  @Test
  @DisplayName("a client that floods is slowed down by a server that does not read (N128)")
  void floodAfterLogin() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    Script stalls =
        peer -> {
          peer.sendLine("+OK");
          peer.readLine();
          peer.sendLine("+OK USER");
          peer.readLine();
          peer.sendLine("+OK PASS");
          over.await();
        };
    try (ScriptedServer upstream = ScriptedServer.start(stalls);
        ProxyUnderTest proxy = ProxyUnderTest.with(upstream.port()).cleartextLogin().start();
        Flood client = new Flood(proxy.address("plain"))) {
      client.socket.getOutputStream().write(Octets.latin1(LOGIN));
      client.socket.getInputStream().readNBytes(LOGIN_REPLIES.length());
      assertHoldsLittleOf(client, "NOOP\r\n");
      over.countDown();
    }
  }

  @Test
  @DisplayName("before login a client that sends and does not read costs a bounded backlog (N128)")
  void floodBeforeLogin() throws Exception {
    try (ScriptedServer upstream = ScriptedServer.start(server(Scripts.notes()));
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        Flood client = new Flood(proxy.address("pop3"))) {
      assertHoldsLittleOf(client, "CAPA\r\n");
    }
  }

  @ParameterizedTest(name = "reset: {0}")
  @DisplayName("an upstream that ends within RETR: what came, then the end, no dot (PX8, N122)")
  @ValueSource(booleans = {false, true})
  void upstreamEndsWithinMessage(boolean reset) throws Exception {
    Script script =
        peer -> {
          peer.sendLine("+OK");
          for (String verb : List.of("USER", "PASS")) {
            peer.readLine();
            peer.sendLine("+OK " + verb);
          }
          peer.readLine();
          peer.send("+OK 5000000 octets\r\n");
          peer.send(Arrays.copyOf(MESSAGE, 100_000));
          if (reset) {
            peer.reset();
          }
        };
    try (ScriptedServer upstream = ScriptedServer.start(script);
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer client = proxy.tls()) {
      client.send(LOGIN + "RETR 1\r\n");
      String got = Octets.latin1(client.readToEnd());
      assertTrue(ALL_REPLIES.startsWith(got), "not what the upstream sent");
      assertTrue(got.startsWith(LOGIN_REPLIES), got);
      assertTrue(reset || got.length() > 100_000, "only " + got.length());
      assertFalse(got.endsWith(".\r\n"));
    }
  }

  @ParameterizedTest(name = "reset: {0}")
  @DisplayName("a client that is gone right after QUIT: QUIT reaches the upstream (N125)")
  @ValueSource(booleans = {false, true})
  void clientGoneDuringQuit(boolean reset) throws Exception {
    List<String> heard = Scripts.notes();
    try (ScriptedServer upstream = ScriptedServer.start(server(heard));
        ProxyUnderTest proxy = ProxyUnderTest.with(upstream.port()).cleartextLogin().start()) {
      RawPeer client = proxy.plain();
      client.readLine();
      client.command("USER bob");
      client.command("PASS secret");
      client.send("DELE 1\r\nQUIT\r\n");
      if (reset) {
        assertEquals("+OK DELE", client.readLine());
        client.reset();
      } else {
        client.close();
      }
      upstream.awaitScripts();
      assertEquals(List.of("USER bob", "PASS secret", "DELE 1", "QUIT"), heard);
    }
  }

  @Test
  @DisplayName("a client that is gone without QUIT: the upstream sees the end and no QUIT (PX11)")
  void clientGoneWithoutQuit() throws Exception {
    List<String> heard = Scripts.notes();
    try (ScriptedServer upstream = ScriptedServer.start(server(heard));
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port())) {
      RawPeer client = proxy.tls();
      client.readLine();
      client.command("USER bob");
      client.command("PASS secret");
      client.command("DELE 1");
      client.close();
      upstream.awaitScripts();
      assertEquals(List.of("USER bob", "PASS secret", "DELE 1", "(end)"), heard);
    }
  }

  @Test
  @DisplayName("a message that looks like replies passes as it is, dot-stuffing untouched (PX6)")
  void lookalikes() throws Exception {
    byte[] tricky = Octets.unescape("..\\r\\n+OK lookalike\\r\\n-ERR\\r\\n\\0\\xff\\n.\\n\\r\\n");
    try (ScriptedServer upstream =
            ScriptedServer.start(Scripts.server(Scripts.notes(), "UIDL\r\n", tricky));
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer client = proxy.tls()) {
      client.send(LOGIN + "RETR 1\r\nQUIT\r\n");
      assertEquals(
          LOGIN_REPLIES
              + "+OK "
              + tricky.length
              + " octets\r\n"
              + Octets.latin1(tricky)
              + ".\r\n+OK bye\r\n",
          Octets.latin1(client.readToEnd()));
    }
  }

  private static Script server(List<String> heard) {
    return Scripts.server(heard, "USER\r\nUIDL\r\n", MESSAGE);
  }

  /** Sends a message in pieces and counts them. */
  private static Script stallableServer(byte[] message, AtomicLong sent) {
    return peer -> {
      peer.sendLine("+OK");
      for (String verb : List.of("USER", "PASS")) {
        peer.readLine();
        peer.sendLine("+OK " + verb);
      }
      peer.readLine();
      peer.sendLine("+OK " + message.length + " octets");
      for (int at = 0; at < message.length; at += 50_000) {
        peer.send(Arrays.copyOfRange(message, at, Math.min(message.length, at + 50_000)));
        sent.addAndGet(50_000);
      }
      peer.send(".\r\n");
      if (peer.available() > 0) {
        peer.sendLine("+OK bye");
      } else {
        peer.isAtEnd();
      }
    };
  }

  private static void assertHoldsLittleOf(Flood client, String line) {
    long before = Memory.buffers();
    client.start(line);
    long stalledAt = Memory.whenStalled(client.sent);
    long held = Memory.buffers() - before;
    assertTrue(held < 4_000_000, "the proxy holds " + held + " octets of " + stalledAt);
  }

  private static void assertSame(String expected, InputStream in) throws Exception {
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    in.transferTo(got);
    String text = Octets.latin1(got.toByteArray());
    assertEquals(expected.length(), text.length(), "octets received");
    assertTrue(expected.equals(text), "the octets differ");
  }

  /** A client that sends without end and reads nothing. */
  private static final class Flood implements AutoCloseable {
    private final Socket socket = new Socket();
    private final AtomicLong sent = new AtomicLong();
    private final Thread thread = new Thread(this::send, "flood");
    private byte[] octets = {};

    Flood(InetSocketAddress address) throws IOException {
      socket.connect(address);
    }

    void start(String line) {
      octets = Octets.latin1(line.repeat(10_000));
      thread.start();
    }

    @Override
    public void close() throws IOException {
      socket.close();
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void send() {
      try {
        while (true) {
          socket.getOutputStream().write(octets);
          sent.addAndGet(octets.length);
        }
      } catch (IOException closed) {
        sent.incrementAndGet();
      }
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
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

/** Clients that want to use the server up. */
@ExtendWith(LeakExtension.class)
final class ExhaustionTest {
  private static final int STORM = 10_000;
  private static final long MIB = 1024 * 1024;
  private static final byte HANDSHAKE = 22;

  @TempDir private Path home;
  private ServerAtTheDoor server;

  @BeforeEach
  void start() throws Exception {
    server = ServerAtTheDoor.start(home, "login-timeout: 3s\nwrite-timeout: 2s");
  }

  @AfterEach
  void stillThere() throws Exception {
    server.assertUnharmed();
    server.close();
  }

  @ParameterizedTest
  @DisplayName("F11: a line without end is held in bounded memory, and its login time runs out")
  @ValueSource(strings = {"", "USER ", "AUTH PLAIN ", "AUTH PLAIN\r\n"})
  void endlessLine(String beginning) throws Exception {
    byte[] more = Octets.latin1("A".repeat(64 * 1024));
    long before = ServerAtTheDoor.live();
    try (RawPeer peer = server.connect("plain")) {
      peer.send(beginning);
      assertThrows(
          IOException.class,
          () -> {
            // 30 MB are enough to see it; the clock ends it before or after.
            for (int i = 0; i < 480; i++) {
              peer.send(more);
            }
            assertTrue(ServerAtTheDoor.live() - before < 8 * MIB);
            while (true) {
              peer.send(more);
            }
          });
    }
  }

  @ParameterizedTest
  @DisplayName(
      "N041, N057: silence, a drip and half a ClientHello are closed when their time is up")
  @ValueSource(strings = {"plain", "pop3", "pop3s"})
  void drip(String listener) throws Exception {
    byte[] hello = ClientHellos.forHost(server.trust(), "localhost");
    try (RawPeer silent = RawPeer.connect(server.address(listener));
        RawPeer drip = RawPeer.connect(server.address(listener));
        RawPeer half = RawPeer.connect(server.address(listener))) {
      half.send(Arrays.copyOf(hello, hello.length / 2));
      long begin = System.nanoTime();
      assertThrows(
          IOException.class,
          () -> {
            for (int at = 0; ; at = (at + 1) % (hello.length - 1)) {
              drip.send(new byte[] {hello[at]});
              LockSupport.parkNanos(50_000_000);
            }
          });
      assertTrue(System.nanoTime() - begin < Duration.ofSeconds(9).toNanos());
      assertNeverLoggedIn(silent);
      assertNeverLoggedIn(half);
    }
  }

  @Test
  @DisplayName("N057: a client that stops behind its ClientHello is closed when its time is up")
  void stopsBehindClientHello() throws Exception {
    try (RawPeer peer = RawPeer.connect(server.address("pop3s"))) {
      peer.send(ClientHellos.forHost(server.trust(), "localhost"));
      assertEquals(HANDSHAKE, peer.readExactly(1)[0]);
      assertNeverLoggedIn(peer);
    }
  }

  @Test
  @DisplayName("N058: a ClientHello in records of one octet is understood")
  void recordsOfOneOctet() throws Exception {
    byte[] hello = ClientHellos.forHost(server.trust(), "localhost");
    try (RawPeer peer = RawPeer.connect(server.address("pop3s"))) {
      peer.send(ClientHellos.inRecordsOfOneOctet(hello));
      assertEquals(HANDSHAKE, peer.readExactly(1)[0], "type of the first record");
    }
  }

  @ParameterizedTest
  @DisplayName("N058: records without content, of any type, end the connection")
  @ValueSource(bytes = {20, 21, 22, 23})
  void emptyRecords(byte type) throws Exception {
    byte[] record = {type, 3, 3, 0, 0};
    try (RawPeer peer = RawPeer.connect(server.address("pop3s"))) {
      assertThrows(
          IOException.class,
          () -> {
            for (int i = 0; i < STORM * 100; i++) {
              peer.send(record);
            }
          });
    }
  }

  @Test
  @DisplayName("N062: ten thousand host names in SNI that are not ours cost no memory that stays")
  void randomNames() throws Exception {
    SSLContext context = server.trust();
    long before = ServerAtTheDoor.live();
    for (int i = 0; i < STORM; i++) {
      try (RawPeer peer = RawPeer.connect(server.address("pop3s"))) {
        peer.send(ClientHellos.forHost(context, "host" + i * 7919L + ".example.net"));
      }
    }
    ServerAtTheDoor.await("memory", () -> ServerAtTheDoor.live() - before < 12 * MIB);
  }

  @Test
  @DisplayName("N056: renegotiation in TLS 1.2 is refused")
  void renegotiation() throws Exception {
    try (SSLSocket socket = connect("TLSv1.2")) {
      assertThrows(
          IOException.class,
          () -> {
            // What a client does that gives up its old keys only when it has new ones.
            socket.startHandshake();
            readLine(socket);
          });
    }
  }

  @Test
  @DisplayName("N056: a flood of KeyUpdate in TLS 1.3 ends the connection")
  void keyUpdates() throws Exception {
    try (SSLSocket socket = connect("TLSv1.3")) {
      assertThrows(
          IOException.class,
          () -> {
            for (int i = 0; i < STORM; i++) {
              socket.startHandshake();
            }
            readLine(socket);
          });
    }
  }

  @ParameterizedTest
  @DisplayName("S4, S5, A15: ten thousand exchanges that are broken off leave nothing behind")
  @ValueSource(strings = {"AUTH PLAIN\r\n*\r\n", "AUTH PLAIN\r\n%%%\r\n", "AUTH PLAIN =A=\r\n"})
  void brokenExchanges(String exchange) throws Exception {
    long before = ServerAtTheDoor.live();
    int connections = STORM / 20;
    for (int i = 0; i < connections; i++) {
      try (RawPeer peer = server.connect("plain")) {
        peer.send(exchange.repeat(20));
        String all = Octets.latin1(peer.readToEnd());
        assertTrue(all.endsWith("-ERR too many errors, bye\r\n"), all);
      }
    }
    ServerAtTheDoor.await("memory", () -> ServerAtTheDoor.live() - before < 8 * MIB);
  }

  @Test
  @DisplayName("N043, P5: a reader that stops in 5 MB costs little memory, and loses the maildrop")
  void stalledReader() throws Exception {
    long before = ServerAtTheDoor.live();
    try (RawPeer stalled = RawPeer.connect(server.address("plain"), 4096)) {
      assertTrue(stalled.readLine().startsWith("+OK "));
      ServerAtTheDoor.login(stalled);
      assertTrue(stalled.command("RETR 3").startsWith("+OK "));
      assertTrue(ServerAtTheDoor.live() - before < 4 * MIB);
      ServerAtTheDoor.await("the lease is free again", this::canLogIn);
      int taken = stalled.readToEnd().length;
      assertTrue(taken < ServerAtTheDoor.LARGE_OCTETS, taken + " octets");
    }
  }

  @ParameterizedTest
  @DisplayName(
      "N046: ten thousand connections that close at once leave no descriptor and no thread")
  @ValueSource(strings = {"plain", "pop3s"})
  void connectStorm(String listener) throws Exception {
    server.assertUnharmed();
    int threads = Thread.activeCount();
    int descriptors = ServerAtTheDoor.descriptors();
    for (int i = 0; i < STORM; i++) {
      new Socket(server.address(listener).getAddress(), server.address(listener).getPort()).close();
    }
    ServerAtTheDoor.await("descriptors", () -> ServerAtTheDoor.descriptors() <= descriptors + 8);
    ServerAtTheDoor.await("threads", () -> Thread.activeCount() <= threads + 8);
  }

  @Test
  @DisplayName("N050, A15: wrong passwords from two hundred connections do not keep others out")
  void guessingStorm() throws Exception {
    List<RawPeer> guessers = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        RawPeer guesser = server.connect("plain");
        guessers.add(guesser);
        guesser.send(("USER alice\r\nPASS guess" + i + "\r\n").repeat(3));
      }
      server.assertUnharmed();
      for (RawPeer guesser : guessers) {
        assertNeverLoggedIn(guesser);
      }
    } finally {
      for (RawPeer guesser : guessers) {
        guesser.close();
      }
    }
  }

  private boolean canLogIn() {
    try (RawPeer peer = server.connect("plain")) {
      peer.command("USER alice");
      return peer.command("PASS " + ServerAtTheDoor.PASSWORD).startsWith("+OK");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SSLSocket connect(String protocol) throws Exception {
    SSLSocket socket =
        (SSLSocket)
            server
                .trust()
                .getSocketFactory()
                .createSocket(
                    server.address("pop3s").getAddress(), server.address("pop3s").getPort());
    socket.setSoTimeout(10_000);
    socket.setEnabledProtocols(new String[] {protocol});
    socket.startHandshake();
    readLine(socket);
    return socket;
  }

  private static void readLine(Socket socket) throws IOException {
    for (int octet = socket.getInputStream().read(); octet != '\n'; ) {
      if (octet < 0) {
        throw new EOFException("closed");
      }
      octet = socket.getInputStream().read();
    }
  }

  /** The connection ends, and nobody was let in on it. */
  private static void assertNeverLoggedIn(RawPeer peer) throws IOException {
    String all = Octets.latin1(peer.readToEnd());
    assertTrue(!all.contains(" messages, "), all);
  }
}

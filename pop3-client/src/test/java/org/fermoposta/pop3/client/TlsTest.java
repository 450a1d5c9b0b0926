// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import static org.fermoposta.pop3.client.Servers.capabilities;
import static org.fermoposta.pop3.client.Servers.expect;
import static org.fermoposta.pop3.client.Servers.expectEnd;
import static org.fermoposta.pop3.client.Servers.login;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSession;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.RawPeer;
import org.fermoposta.pop3.testkit.ScriptedServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** TLS at once and by STLS, and everything that must stop before a credential is sent. */
@ExtendWith(LeakExtension.class)
@SuppressWarnings("NullAway.Init") // set before all tests
class TlsTest {
  private static final String STLS_OFFERED = "+OK\r\nUSER\r\nSTLS\r\n.";

  @TempDir static Path directory;
  private static TestCertificate localhost;
  private static TestCertificate elsewhere;

  @BeforeAll
  static void makeCertificates() throws Exception {
    localhost = TestCertificate.make(directory, "localhost", "dns:localhost,ip:127.0.0.1");
    elsewhere = TestCertificate.make(directory, "elsewhere", "dns:pop.example.net");
  }

  @Test
  @DisplayName("L8: TLS that ends inside a message, with and without close_notify, is a loss")
  void truncated(@TempDir Path mail) throws Exception {
    ScriptedServer.Script inside =
        peer -> {
          login(peer);
          expect(peer, "RETR 1", "+OK\r\nthe first half");
        };
    ScriptedServer.Script reset =
        peer -> {
          inside.play(peer);
          peer.reset();
        };
    try (ScriptedServer server = ScriptedServer.startTls(localhost.server(), inside, reset)) {
      for (int i = 0; i < 2; i++) {
        try (BlockingPop3Session session = Pop3Client.open(config(server, TlsMode.IMPLICIT))) {
          assertThrows(
              Pop3ConnectionLostException.class,
              () -> session.retrieve(1, MessageSinks.toFile(mail.resolve("mail.eml"))));
          assertFalse(Files.exists(mail.resolve("mail.eml")));
        }
      }
    }
  }

  @Test
  @DisplayName("L6 CL8: implicit TLS, then greeting and login inside of it")
  void implicit() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.startTls(
                localhost.server(),
                peer -> {
                  login(peer);
                  expect(peer, "QUIT", "+OK");
                });
        BlockingPop3Session session = Pop3Client.open(config(server, TlsMode.IMPLICIT))) {
      assertTrue(session.async().secured());
      assertEquals(CommitResult.CONFIRMED, session.quit());
    }
  }

  @Test
  @DisplayName("L1 L3: STLS, capabilities asked again under TLS, login with those")
  void stls() throws Exception {
    AtomicReference<SSLSession> tls = new AtomicReference<>();
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  peer.sendLine("+OK ready");
                  expect(peer, "CAPA", "+OK\r\nUSER\r\nSASL SCRAM-SHA-1\r\nSTLS\r\n.");
                  expect(peer, "STLS", "+OK begin");
                  tls.set(peer.startTlsAsServer(localhost.server()));
                  capabilities(peer, "USER");
                  expect(peer, "USER alice", "+OK");
                  expect(peer, "PASS open sesame", "+OK");
                  capabilities(peer, "TOP");
                });
        BlockingPop3Session session = Pop3Client.open(config(server, TlsMode.STLS_REQUIRED))) {
      assertTrue(session.async().secured());
      assertTrue(session.capabilities().has("TOP"));
      assertTrue(tls.get().getProtocol().matches("TLSv1\\.[23]"));
    }
  }

  @Test
  @DisplayName("CL8 N087: a certificate for another name is refused, and no password sent")
  void wrongName() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.sendLine("+OK");
              expect(peer, "CAPA", STLS_OFFERED);
              expect(peer, "STLS", "+OK");
              assertThrows(
                  IOException.class,
                  () -> {
                    peer.startTlsAsServer(elsewhere.server());
                    peer.readLine();
                  });
            })) {
      Pop3ClientConfig config =
          builder(server, TlsMode.STLS_REQUIRED).trustedCertificates(elsewhere.pem()).build();
      assertThrows(Pop3TlsException.class, () -> Pop3Client.open(config));
    }
  }

  @Test
  @DisplayName("CL8 N087: a certificate that has expired is refused, trusted or not")
  void expired() throws Exception {
    TestCertificate old =
        TestCertificate.make(directory, "expired", "dns:localhost", "-startdate -10d -validity 5");
    try (ScriptedServer server =
        ScriptedServer.start(
            peer ->
                assertThrows(
                    IOException.class,
                    () -> {
                      peer.startTlsAsServer(old.server());
                      peer.sendLine("+OK");
                      peer.readLine();
                      peer.readLine();
                    }))) {
      Pop3ClientConfig config =
          builder(server, TlsMode.IMPLICIT).trustedCertificates(old.pem()).build();
      assertThrows(Pop3TlsException.class, () -> Pop3Client.open(config));
    }
  }

  @Test
  @DisplayName("CL8 N087: a certificate that nobody vouches for is refused")
  void untrusted() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer ->
                assertThrows(
                    IOException.class,
                    () -> {
                      peer.startTlsAsServer(localhost.server());
                      peer.sendLine("+OK");
                      peer.readLine();
                    }))) {
      Pop3ClientConfig config = builder(server, TlsMode.IMPLICIT).build();
      Pop3TlsException refused =
          assertThrows(Pop3TlsException.class, () -> Pop3Client.open(config));
      assertFalse(refused.isTransient());
      assertTrue(String.valueOf(refused.getMessage()).startsWith("localhost:"));
    }
  }

  @Test
  @DisplayName("CL9 N084 N086: STLS required but not offered, or refused: no further word")
  void stripped() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.sendLine("+OK");
              expect(peer, "CAPA", "+OK\r\nUSER\r\nSASL PLAIN\r\n.");
              expectEnd(peer);
            },
            peer -> {
              peer.sendLine("+OK");
              expect(peer, "CAPA", STLS_OFFERED);
              expect(peer, "STLS", "-ERR [SYS/TEMP] not now");
              expectEnd(peer);
            },
            peer -> {
              peer.sendLine("+OK");
              expect(peer, "CAPA", "-ERR what");
              expect(peer, "STLS", "-ERR what");
              expectEnd(peer);
            })) {
      for (int i = 0; i < 3; i++) {
        assertThrows(
            Pop3TlsException.class, () -> Pop3Client.open(config(server, TlsMode.STLS_REQUIRED)));
      }
    }
  }

  @Test
  @DisplayName("STLS if available: offered but refused is no reason to go on without")
  void offeredThenRefused() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.sendLine("+OK");
              expect(peer, "CAPA", STLS_OFFERED);
              expect(peer, "STLS", "-ERR");
              expectEnd(peer);
            })) {
      assertThrows(
          Pop3TlsException.class, () -> Pop3Client.open(config(server, TlsMode.STLS_IF_AVAILABLE)));
    }
  }

  @Test
  @DisplayName("STLS if available, not offered: no password in clear")
  void notOffered() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.sendLine("+OK");
              expect(peer, "CAPA", "+OK\r\nUSER\r\nSASL PLAIN LOGIN\r\n.");
              expectEnd(peer);
            })) {
      Pop3LoginUnavailableException refused =
          assertThrows(
              Pop3LoginUnavailableException.class,
              () -> Pop3Client.open(config(server, TlsMode.STLS_IF_AVAILABLE)));
      assertFalse(String.valueOf(refused.getMessage()).contains("sesame"));
    }
  }

  @Test
  @DisplayName("L2 N085: octets behind the answer to STLS end the connection, in the same packet")
  void injected() throws Exception {
    assertInjectionRefused("+OK begin\r\n+OK\r\nUSER\r\n.\r\n");
    assertInjectionRefused("+OK begin\r\n ");
  }

  @Test
  @DisplayName("L5: an answer that is no handshake ends the connection, never falls back")
  void noHandshake() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.sendLine("+OK");
              expect(peer, "CAPA", STLS_OFFERED);
              expect(peer, "STLS", "+OK");
              // The ClientHello.
              peer.readExactly(5);
              peer.sendLine("+OK");
              peer.readToEnd();
            })) {
      Pop3TlsException clear =
          assertThrows(
              Pop3TlsException.class, () -> Pop3Client.open(config(server, TlsMode.STLS_REQUIRED)));
      assertEquals(
          "localhost:" + server.port() + ": the server does not speak TLS here",
          clear.getMessage());
    }
  }

  @Test
  @DisplayName("L5: a handshake that is never answered ends by its own limit of time")
  void silentHandshake() throws Exception {
    Duration longer = Servers.PATIENCE;
    try (ScriptedServer server = ScriptedServer.start(RawPeer::readToEnd)) {
      Pop3ClientConfig config =
          builder(server, TlsMode.IMPLICIT)
              .timeouts(new Pop3Timeouts(longer, Duration.ofMillis(100), longer, longer, longer))
              .build();
      Pop3TimeoutException late =
          assertThrows(Pop3TimeoutException.class, () -> Pop3Client.open(config));
      assertEquals(Phase.TLS, late.phase());
      assertTrue(late.isTransient());
    }
  }

  private static void assertInjectionRefused(String answer) throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.sendLine("+OK");
              expect(peer, "CAPA", STLS_OFFERED);
              expect(peer, "STLS");
              peer.send(answer);
              expectEnd(peer);
            })) {
      assertThrows(
          Pop3ProtocolFailureException.class,
          () -> Pop3Client.open(config(server, TlsMode.STLS_REQUIRED)));
    }
  }

  private static Pop3ClientConfig config(ScriptedServer server, TlsMode mode) throws IOException {
    return builder(server, mode).trustedCertificates(localhost.pem()).build();
  }

  private static Pop3ClientConfig.Builder builder(ScriptedServer server, TlsMode mode) {
    return Pop3ClientConfig.builder("localhost")
        .port(server.port())
        .tls(mode)
        .timeouts(Pop3Timeouts.all(Servers.PATIENCE))
        .credentials("alice", Secret.ofUtf8("open sesame"));
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.fermoposta.pop3.client.Servers.capabilities;
import static org.fermoposta.pop3.client.Servers.expect;
import static org.fermoposta.pop3.client.Servers.expectEnd;
import static org.fermoposta.pop3.client.Servers.plain;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.ChannelBinding;
import org.fermoposta.pop3.protocol.sasl.CredentialAnswer;
import org.fermoposta.pop3.protocol.sasl.SaslChannel;
import org.fermoposta.pop3.protocol.sasl.SaslIdentity;
import org.fermoposta.pop3.protocol.sasl.SaslMechanism;
import org.fermoposta.pop3.protocol.sasl.SaslServerExchange;
import org.fermoposta.pop3.protocol.sasl.SaslServerOptions;
import org.fermoposta.pop3.protocol.sasl.SaslStep;
import org.fermoposta.pop3.protocol.sasl.ScramHash;
import org.fermoposta.pop3.protocol.sasl.ScramKeys;
import org.fermoposta.pop3.protocol.sasl.TlsServerEndPoint;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.RawPeer;
import org.fermoposta.pop3.testkit.ScriptedServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The choice of a way to log in, and the dialogues. */
@ExtendWith(LeakExtension.class)
class SaslLoginTest {
  private static final String PLAIN = base64("\0alice\0open sesame");

  @Test
  @DisplayName("S2 CL11: PLAIN with its initial response")
  void plainMechanism() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "SASL LOGIN PLAIN X-UNKNOWN", "USER");
              expect(peer, "AUTH PLAIN " + PLAIN, "+OK");
              capabilities(peer);
            })) {
      Pop3Client.open(plain(server).build()).close();
    }
  }

  @Test
  @DisplayName("S9 CL11: an initial response that does not fit goes behind the challenge")
  void longPassword() throws Exception {
    String password = "p".repeat(300);
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "SASL PLAIN");
              expect(peer, "AUTH PLAIN", "+ ");
              expect(peer, base64("\0alice\0" + password), "+OK");
              capabilities(peer);
            })) {
      Pop3Client.open(plain(server).credentials("alice", Secret.ofUtf8(password)).build()).close();
    }
  }

  @Test
  @DisplayName("LOGIN, where the server has nothing better")
  void loginMechanism() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "SASL LOGIN CRAM-MD5");
              expect(peer, "AUTH LOGIN", "+ VXNlcm5hbWU6");
              expect(peer, base64("alice"), "+ UGFzc3dvcmQ6");
              expect(peer, base64("open sesame"), "+OK");
              capabilities(peer);
            })) {
      Pop3Client.open(plain(server).build()).close();
    }
  }

  @Test
  @DisplayName("S21: CRAM-MD5 only if it was named")
  void cramMd5() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "SASL CRAM-MD5");
              expectEnd(peer);
            },
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "SASL CRAM-MD5");
              expect(
                  peer,
                  "AUTH CRAM-MD5",
                  "+ " + base64("<1896.697170952@postoffice.reston.mci.net>"));
              expect(peer, base64("tim b913a602c7eda7a495b4e6e7334d3890"), "+OK");
              capabilities(peer);
            })) {
      assertThrows(
          Pop3LoginUnavailableException.class, () -> Pop3Client.open(plain(server).build()));
      Pop3Client.open(
              plain(server)
                  .mechanisms(Set.of(SaslMechanism.CRAM_MD5))
                  .credentials("tim", Secret.ofUtf8("tanstaaftanstaaf"))
                  .build())
          .close();
    }
  }

  @Test
  @DisplayName("CL12: SCRAM before PLAIN, without TLS too, as it does not show the password")
  void scram() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "SASL PLAIN SCRAM-SHA-1 SCRAM-SHA-256");
              scramServer(peer, SaslMechanism.SCRAM_SHA_256, SaslChannel.UNBOUND);
              peer.sendLine("+OK");
              capabilities(peer);
            })) {
      Pop3Client.open(plain(server).allowClearPassword(false).build()).close();
    }
  }

  @Test
  @DisplayName("SC10: SCRAM-SHA-256-PLUS, bound to the server's certificate")
  void scramPlus(@TempDir Path directory) throws Exception {
    TestCertificate certificate = TestCertificate.make(directory, "a", "dns:localhost");
    ScriptedServer.Script script =
        peer -> {
          peer.sendLine("+OK");
          capabilities(peer, "SASL PLAIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS");
          Pop3ClientConfig.Builder trust = Pop3ClientConfig.builder("localhost");
          ChannelBinding binding =
              TlsServerEndPoint.of(
                      trust
                          .trustedCertificates(certificate.pem())
                          .credentials("a", Secret.ofUtf8("b"))
                          .build()
                          .trustedCertificates()
                          .get(0))
                  .orElseThrow();
          scramServer(
              peer, SaslMechanism.SCRAM_SHA_256_PLUS, new SaslChannel(List.of(binding), true));
          peer.sendLine("+OK");
          capabilities(peer);
        };
    try (ScriptedServer server = ScriptedServer.startTls(certificate.server(), script)) {
      Pop3ClientConfig config =
          Pop3ClientConfig.builder("localhost")
              .port(server.port())
              .trustedCertificates(certificate.pem())
              .timeouts(Pop3Timeouts.all(Servers.PATIENCE))
              .credentials("alice", Secret.ofUtf8("open sesame"))
              .build();
      Pop3Client.open(config).close();
    }
  }

  @Test
  @DisplayName("SC8 N099: +OK from a server that has not proven itself is no login")
  void unproven() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "SASL SCRAM-SHA-256");
              assertTrue(peer.readLine().startsWith("AUTH SCRAM-SHA-256 "));
              peer.sendLine("+OK welcome");
              expectEnd(peer);
            })) {
      assertThrows(
          Pop3ProtocolFailureException.class, () -> Pop3Client.open(plain(server).build()));
    }
  }

  @ParameterizedTest
  @CsvSource({"'+ !!!!'", "'+ AAAA='", "'+ cj1ldmlsLHM9QUFBQSxpPTQwOTY='"})
  @DisplayName("S4 CL11 N099: a challenge that is not base64, or not SCRAM's, is cancelled")
  void badChallenge(String challenge) throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "SASL SCRAM-SHA-256 PLAIN");
              assertTrue(peer.readLine().startsWith("AUTH SCRAM-SHA-256 "));
              peer.sendLine(challenge);
              // The connection is given up at the same time: the cancellation may not arrive.
              String rest = new String(peer.readToEnd(), UTF_8);
              assertTrue(rest.isEmpty() || rest.equals("*\r\n"), rest);
            })) {
      assertThrows(
          Pop3ProtocolFailureException.class, () -> Pop3Client.open(plain(server).build()));
    }
  }

  @Test
  @DisplayName("CL12: after a refusal no weaker way is tried")
  void noSecondTry() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "SASL PLAIN LOGIN", "USER");
              expect(peer, "AUTH PLAIN " + PLAIN, "-ERR [AUTH] no");
              expectEnd(peer);
            })) {
      Pop3LoginException refused =
          assertThrows(Pop3LoginException.class, () -> Pop3Client.open(plain(server).build()));
      assertEquals(Pop3LoginException.Reason.CREDENTIALS, refused.reason());
      assertFalse(refused.isTransient());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "[IN-USE] locked, IN_USE, true",
    "[LOGIN-DELAY] slow, LOGIN_DELAY, true",
    "[SYS/TEMP] oh, TEMPORARY, true",
    "[SYS/PERM] oh, PERMANENT, false",
    "[SYS/TEMP/DISK] oh, TEMPORARY, true",
    "[NEW] oh, UNSTATED, false",
    "no, UNSTATED, false"
  })
  @DisplayName("CL6: response codes at login are told apart")
  void reasons(String text, Pop3LoginException.Reason reason, boolean isTransient)
      throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "USER", "LOGIN-DELAY 300");
              expect(peer, "USER alice", "+OK");
              expect(peer, "PASS open sesame", "-ERR " + text);
              expectEnd(peer);
            })) {
      Pop3LoginException refused =
          assertThrows(Pop3LoginException.class, () -> Pop3Client.open(plain(server).build()));
      assertEquals(reason, refused.reason());
      assertEquals(isTransient, refused.isTransient());
      assertEquals(Duration.ofMinutes(5), refused.loginDelay().orElseThrow());
      assertFalse(String.valueOf(refused.getMessage()).contains("sesame"));
    }
  }

  @Test
  @DisplayName("a configuration does not show its password")
  void redacted() {
    Pop3ClientConfig config =
        Pop3ClientConfig.builder("::1").credentials("alice", Secret.ofUtf8("open sesame")).build();
    assertEquals("Pop3ClientConfig[[::1]:995, tls=IMPLICIT, user=alice]", config.toString());
  }

  /** Plays a server that has the keys of the right password. */
  private static void scramServer(RawPeer peer, SaslMechanism mechanism, SaslChannel channel)
      throws Exception {
    String[] auth = peer.readLine().split(" ");
    assertEquals("AUTH", auth[0]);
    assertEquals(mechanism.ianaName(), auth[1]);
    SaslServerExchange exchange =
        SaslServerExchange.of(
            mechanism,
            SaslServerOptions.of("localhost", Secret.ofUtf8("0123456789abcdef")),
            channel);
    ScramKeys keys =
        ScramKeys.derive(
            ScramHash.SHA_256,
            Secret.ofUtf8("open sesame"),
            "salt of the test".getBytes(UTF_8),
            4096);
    SaslStep step = exchange.start(Base64.getDecoder().decode(auth[2]));
    while (!(step instanceof SaslStep.Success)) {
      if (step instanceof SaslStep.Verify) {
        step = exchange.answer(new CredentialAnswer.KeysFound(SaslIdentity.of("alice"), keys));
      } else {
        SaslStep.Challenge challenge =
            assertInstanceOf(SaslStep.Challenge.class, step, String.valueOf(step));
        peer.sendLine("+ " + Base64.getEncoder().encodeToString(challenge.octets()));
        step = exchange.respond(Base64.getDecoder().decode(peer.readLine()));
      }
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}

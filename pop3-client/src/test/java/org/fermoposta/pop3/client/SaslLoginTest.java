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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSession;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.ChannelBinding;
import org.fermoposta.pop3.protocol.sasl.ChannelBindingType;
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
  @DisplayName(
      "SC10: SCRAM-SHA-256-PLUS, bound to exported keys where the JDK can, else to the certificate")
  void scramPlus(@TempDir Path directory) throws Exception {
    TestCertificate certificate = TestCertificate.make(directory, "a", "dns:localhost");
    ScriptedServer.Script script =
        peer -> {
          SSLSession session = peer.startTlsAsServer(certificate.server());
          List<ChannelBinding> bindings = new ArrayList<>();
          exported(session).ifPresent(bindings::add);
          bindings.add(TlsServerEndPoint.of(certificate.certificate()).orElseThrow());
          peer.sendLine("+OK");
          capabilities(peer, "SASL PLAIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS");
          scramServer(peer, SaslMechanism.SCRAM_SHA_256_PLUS, new SaslChannel(bindings, true));
          peer.sendLine("+OK");
          capabilities(peer);
        };
    try (ScriptedServer server = ScriptedServer.start(script)) {
      Pop3ClientConfig config =
          Pop3ClientConfig.builder("localhost")
              .port(server.port())
              .trustedCertificates(certificate.pem())
              .timeouts(Pop3Timeouts.all(Servers.PATIENCE))
              .credentials("alice", Secret.ofUtf8("open sesame"))
              .build();
      try (BlockingPop3Session session = Pop3Client.open(config)) {
        assertEquals("SCRAM-SHA-256-PLUS", session.async().loginMechanism());
      }
    }
  }

  /** Key material that this side exports, where the JDK can: then TLS 1.3 clients bind to it. */
  private static Optional<ChannelBinding> exported(SSLSession session) throws Exception {
    try {
      byte[] octets =
          (byte[])
              ExtendedSSLSession.class
                  .getMethod("exportKeyingMaterialData", String.class, byte[].class, int.class)
                  .invoke(session, "EXPORTER-Channel-Binding", new byte[0], 32);
      return Optional.of(ChannelBinding.of(ChannelBindingType.TLS_EXPORTER, octets));
    } catch (NoSuchMethodException before25) {
      return Optional.empty();
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

  @ParameterizedTest
  @CsvSource({"1", "4095", "2147483647", "2147483648", "0", "-1"})
  @DisplayName("SC11 N099: too few and too many iterations are refused before anything is computed")
  void iterations(String count) throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "SASL SCRAM-SHA-256 PLAIN");
              String first = peer.readLine().substring("AUTH SCRAM-SHA-256 ".length());
              String nonce = new String(Base64.getDecoder().decode(first), UTF_8).split(",r=")[1];
              peer.sendLine("+ " + base64("r=" + nonce + "x,s=AAAA,i=" + count));
              String rest = new String(peer.readToEnd(), UTF_8);
              assertTrue(rest.isEmpty() || rest.equals("*\r\n"), rest);
            })) {
      assertThrows(
          Pop3ProtocolFailureException.class, () -> Pop3Client.open(plain(server).build()));
    }
  }

  @Test
  @DisplayName("SC5 CL14: under TLS without an offer of PLUS the client says that it could bind")
  void downgrade(@TempDir Path directory) throws Exception {
    TestCertificate certificate = TestCertificate.make(directory, "a", "dns:localhost");
    try (ScriptedServer server =
        ScriptedServer.startTls(
            certificate.server(),
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "SASL SCRAM-SHA-256");
              String first = peer.readLine().substring("AUTH SCRAM-SHA-256 ".length());
              assertTrue(
                  new String(Base64.getDecoder().decode(first), UTF_8).startsWith("y,,n=alice,"));
              peer.sendLine("-ERR");
              expectEnd(peer);
            })) {
      Pop3ClientConfig config =
          Pop3ClientConfig.builder("localhost")
              .port(server.port())
              .trustedCertificates(certificate.pem())
              .credentials("alice", Secret.ofUtf8("open sesame"))
              .build();
      assertThrows(Pop3LoginException.class, () -> Pop3Client.open(config));
    }
  }

  @Test
  @DisplayName("S11: another's maildrop, by a mechanism that can say so, and never by USER")
  void authorizationId() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "SASL LOGIN PLAIN", "USER");
              expect(peer, "AUTH PLAIN " + base64("bob\0alice\0open sesame"), "+OK");
              capabilities(peer);
            },
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "SASL LOGIN", "USER");
              expectEnd(peer);
            })) {
      Pop3ClientConfig config = plain(server).authorizationId("bob").build();
      Pop3Client.open(config).close();
      assertThrows(Pop3LoginUnavailableException.class, () -> Pop3Client.open(config));
    }
  }

  @Test
  @DisplayName("A17 CL12: APOP only if it was allowed, and then before what shows the password")
  void apop() throws Exception {
    String greeting = "+OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>";
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.sendLine(greeting);
              capabilities(peer, "SASL PLAIN", "USER");
              expect(peer, "APOP mrose c4c9334bac560ecc979e58001b3e22fb", "+OK");
              capabilities(peer);
            },
            peer -> {
              peer.sendLine(greeting);
              capabilities(peer, "USER");
              expectEnd(peer);
            })) {
      Pop3ClientConfig.Builder config =
          plain(server).allowClearPassword(false).credentials("mrose", Secret.ofUtf8("tanstaaf"));
      try (BlockingPop3Session session = Pop3Client.open(config.apop(true).build())) {
        assertEquals("APOP", session.async().loginMechanism());
      }
      assertThrows(
          Pop3LoginUnavailableException.class, () -> Pop3Client.open(config.apop(false).build()));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'+OK <no at sign>'",
    "'+OK <a@b> and\u0001'",
    "'+OK <a b@c.example>'",
    "'+OK <\u00e9@c.example>'",
    "'+OK ready'"
  })
  @DisplayName("N100 CL12: a timestamp that is no msg-id is never digested")
  void craftedTimestamp(String greeting) throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.sendLine(greeting.replace("<a@b> and", "<a@b"));
              capabilities(peer, "USER");
              expectEnd(peer);
            })) {
      assertThrows(
          Pop3LoginUnavailableException.class,
          () -> Pop3Client.open(plain(server).allowClearPassword(false).apop(true).build()));
    }
  }

  @Test
  @DisplayName("I10: names and passwords beyond ASCII by USER and PASS only with UTF8 USER")
  void utf8User() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "USER", "UTF8");
              expectEnd(peer);
            },
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "USER", "UTF8 USER");
              expect(peer, "USER alice", "+OK");
              expect(peer, "PASS \u00c3\u00a9", "+OK");
              capabilities(peer);
            },
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "SASL PLAIN");
              expect(peer, "AUTH PLAIN " + base64("\0alice\0\u00e9"), "+OK");
              capabilities(peer);
            })) {
      Pop3ClientConfig config = plain(server).credentials("alice", Secret.ofUtf8("\u00e9")).build();
      assertThrows(Pop3LoginUnavailableException.class, () -> Pop3Client.open(config));
      Pop3Client.open(config).close();
      Pop3Client.open(config).close();
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
      // R7: the code is told apart from the text.
      assertEquals(text.substring(text.lastIndexOf(' ') + 1), refused.serverText());
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

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.fermoposta.pop3.client.Servers.capabilities;
import static org.fermoposta.pop3.client.Servers.expect;
import static org.fermoposta.pop3.client.Servers.expectEnd;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.ScriptedServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OAUTHBEARER and XOAUTH2 with suppliers of tokens. */
@ExtendWith(LeakExtension.class)
@SuppressWarnings("NullAway.Init") // set before all tests
class TokenLoginTest {
  private static final String EXPIRED =
      "{\"status\":\"invalid_token\",\"scope\":\"mail pop\",\"x\":[1,{\"y\":null}]}";

  @TempDir static Path directory;
  private static TestCertificate localhost;

  @BeforeAll
  static void makeCertificate() throws Exception {
    localhost = TestCertificate.make(directory, "localhost", "dns:localhost");
  }

  @Test
  @DisplayName("OA2 OA8: OAUTHBEARER before XOAUTH2, with host and port; a long token goes behind")
  void bearer() throws Exception {
    Supplier tokens = new Supplier("t1", "t".repeat(3000));
    ScriptedServer.Script[] scripts = new ScriptedServer.Script[2];
    for (int i = 0; i < 2; i++) {
      String token = tokens.tokens.get(i);
      scripts[i] =
          peer -> {
            peer.sendLine("+OK");
            capabilities(peer, "SASL PLAIN XOAUTH2 OAUTHBEARER", "USER");
            String line = peer.readLine();
            if (line.equals("AUTH OAUTHBEARER")) {
              peer.sendLine("+ ");
              line = "AUTH OAUTHBEARER " + peer.readLine();
            }
            String message = decode(line.substring("AUTH OAUTHBEARER ".length()));
            assertTrue(message.startsWith("n,a=alice,\u0001"), message);
            assertTrue(message.contains("\u0001host=localhost\u0001"), message);
            assertTrue(message.contains("\u0001auth=Bearer " + token + "\u0001"), message);
            peer.sendLine("+OK");
            capabilities(peer);
          };
    }
    try (ScriptedServer server = ScriptedServer.startTls(localhost.server(), scripts)) {
      for (int i = 0; i < 2; i++) {
        try (BlockingPop3Session session = Pop3Client.open(config(server, tokens).build())) {
          assertEquals("OAUTHBEARER", session.async().loginMechanism());
        }
      }
    }
    assertEquals(List.of(false, false), tokens.refusals());
  }

  @ParameterizedTest
  @CsvSource({"WHERE_UNDERSTOOD, true", "NEVER, true", "ALWAYS, false"})
  @DisplayName("OA5 CL11: XOAUTH2 in two steps unless told otherwise, as Exchange wants it")
  void twoSteps(InitialResponse when, boolean twoSteps) throws Exception {
    try (ScriptedServer server =
        ScriptedServer.startTls(
            localhost.server(),
            peer -> {
              peer.sendLine("+OK The Microsoft Exchange POP3 service is ready.");
              capabilities(peer, "SASL PLAIN XOAUTH2", "USER");
              if (twoSteps) {
                expect(peer, "AUTH XOAUTH2", "+ ");
                expect(peer, xoauth2("t1"), "+OK");
              } else {
                expect(peer, "AUTH XOAUTH2 " + xoauth2("t1"), "+OK");
              }
              capabilities(peer);
            })) {
      Pop3Client.open(config(server, new Supplier("t1")).initialResponse(when).build()).close();
    }
  }

  @Test
  @DisplayName("OA3 OA4 OA9: a token refused by JSON is renewed once, with what the server said")
  void renewed() throws Exception {
    Supplier tokens = new Supplier("old", "new");
    try (ScriptedServer server =
        ScriptedServer.startTls(
            localhost.server(),
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "SASL OAUTHBEARER");
              assertTrue(peer.readLine().startsWith("AUTH OAUTHBEARER "));
              peer.sendLine("+ " + base64(EXPIRED));
              expect(peer, "AQ==", "-ERR [AUTH] token expired");
              assertTrue(
                  decode(peer.readLine().substring("AUTH OAUTHBEARER ".length()))
                      .contains("Bearer new"));
              peer.sendLine("+OK");
              capabilities(peer);
            })) {
      Pop3Client.open(config(server, tokens).build()).close();
    }
    assertEquals(List.of(false, true), tokens.refusals());
    assertEquals("mail pop", tokens.asked.get(1).failure().orElseThrow().scope().orElseThrow());
  }

  @Test
  @DisplayName("OA5: XOAUTH2's refusal is acknowledged by an empty line; twice refused is refused")
  void refusedTwice() throws Exception {
    Supplier tokens = new Supplier("old", "new");
    try (ScriptedServer server =
        ScriptedServer.startTls(
            localhost.server(),
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "SASL XOAUTH2");
              for (String token : List.of("old", "new")) {
                expect(peer, "AUTH XOAUTH2", "+ ");
                expect(peer, xoauth2(token), "+ " + base64("{\"status\":\"401\"}"));
                expect(peer, "", "-ERR no");
              }
              expectEnd(peer);
            })) {
      Pop3LoginException refused = refusal(config(server, tokens));
      assertEquals("401", refused.oauthFailure().orElseThrow().status());
      assertEquals(Pop3LoginException.Reason.UNSTATED, refused.reason());
    }
    assertEquals(2, tokens.asked.size());
  }

  @Test
  @DisplayName("the same token again is not tried again")
  void sameToken() throws Exception {
    Supplier tokens = new Supplier("t", "t");
    try (ScriptedServer server =
        ScriptedServer.startTls(
            localhost.server(),
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "SASL XOAUTH2");
              expect(peer, "AUTH XOAUTH2", "+ ");
              expect(peer, xoauth2("t"), "-ERR [AUTH] no");
              expectEnd(peer);
            })) {
      assertEquals(Pop3LoginException.Reason.CREDENTIALS, refusal(config(server, tokens)).reason());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[IN-USE] locked", "[SYS/TEMP] later", "[LOGIN-DELAY] slower"})
  @DisplayName("CL6: a refusal that is not about the token renews none")
  void otherRefusal(String text) throws Exception {
    Supplier tokens = new Supplier("t1", "t2");
    try (ScriptedServer server =
        ScriptedServer.startTls(
            localhost.server(),
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "SASL XOAUTH2");
              expect(peer, "AUTH XOAUTH2", "+ ");
              expect(peer, xoauth2("t1"), "-ERR " + text);
              expectEnd(peer);
            })) {
      assertTrue(refusal(config(server, tokens)).isTransient());
    }
    assertEquals(1, tokens.asked.size());
  }

  @Test
  @DisplayName("a server that hangs up on a refused token: told as the refusal that it was")
  void hangsUp() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.startTls(
            localhost.server(),
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "SASL XOAUTH2");
              expect(peer, "AUTH XOAUTH2", "+ ");
              expect(peer, xoauth2("t1"), "-ERR Protocol error. 10");
            })) {
      assertEquals(
          "Protocol error. 10", refusal(config(server, new Supplier("t1", "t2"))).serverText());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  @DisplayName("N102: a failure that is HTML, huge or deeply nested is read within bounds")
  void strangeFailure(int kind) throws Exception {
    String json =
        List.of(
                "<html><body>no</body></html>",
                "{\"status\":\"" + "x".repeat(30_000) + "\"}",
                "[".repeat(10_000))
            .get(kind);
    try (ScriptedServer server =
        ScriptedServer.startTls(
            localhost.server(),
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "SASL OAUTHBEARER");
              peer.readLine();
              peer.sendLine("+ " + base64(json));
              expect(peer, "AQ==", "-ERR no");
              expectEnd(peer);
            })) {
      Pop3LoginException refused = refusal(config(server, new Supplier("t", "t")));
      assertEquals(Optional.empty(), refused.oauthFailure());
    }
  }

  @Test
  @DisplayName("OA1: no token without TLS, allowed in clear or not; none is asked for")
  void noTls() throws Exception {
    Supplier tokens = new Supplier("t");
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "SASL XOAUTH2 OAUTHBEARER");
              expectEnd(peer);
            })) {
      Pop3ClientConfig.Builder config =
          config(server, tokens).tls(TlsMode.PLAINTEXT).allowClearPassword(true);
      assertThrows(Pop3LoginUnavailableException.class, () -> Pop3Client.open(config.build()));
    }
    assertEquals(List.of(), tokens.asked);
  }

  @Test
  @DisplayName("no token to be had is transient; one that cannot be sent is not; neither is shown")
  void noToken() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.startTls(
            localhost.server(),
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "SASL XOAUTH2");
              expectEnd(peer);
            })) {
      TokenSupplier none =
          request -> {
            throw new IOException("issuer is down");
          };
      assertTrue(
          assertThrows(
                  Pop3LoginUnavailableException.class,
                  () -> Pop3Client.open(config(server, none).build()))
              .isTransient());
      Pop3LoginUnavailableException unfit =
          assertThrows(
              Pop3LoginUnavailableException.class,
              () -> Pop3Client.open(config(server, new Supplier("two lines\r\nDELE 1")).build()));
      assertFalse(unfit.isTransient());
      assertFalse(String.valueOf(unfit.getMessage()).contains("lines"));
    }
  }

  private static Pop3LoginException refusal(Pop3ClientConfig.Builder config) {
    return assertInstanceOf(
        Pop3LoginException.class,
        assertThrows(Pop3Exception.class, () -> Pop3Client.open(config.build())));
  }

  private static Pop3ClientConfig.Builder config(ScriptedServer server, TokenSupplier tokens)
      throws IOException {
    return Pop3ClientConfig.builder("localhost")
        .port(server.port())
        .trustedCertificates(localhost.pem())
        .timeouts(Pop3Timeouts.all(Servers.PATIENCE))
        .tokens("alice", tokens);
  }

  private static String xoauth2(String token) {
    return base64("user=alice\u0001auth=Bearer " + token + "\u0001\u0001");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static String decode(String base64) {
    return new String(Base64.getDecoder().decode(base64), UTF_8);
  }

  /** Gives one token after the other. */
  private static final class Supplier implements TokenSupplier {
    final List<String> tokens;
    final List<Request> asked = Collections.synchronizedList(new ArrayList<>());

    Supplier(String... tokens) {
      this.tokens = List.of(tokens);
    }

    @Override
    public Secret token(Request request) {
      asked.add(request);
      return Secret.ofUtf8(tokens.get(asked.size() - 1));
    }

    List<Boolean> refusals() {
      return asked.stream().map(Request::refused).toList();
    }
  }
}

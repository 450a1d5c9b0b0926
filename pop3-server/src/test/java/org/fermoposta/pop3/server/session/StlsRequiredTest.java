// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import org.fermoposta.pop3.protocol.sasl.SaslMechanism;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.RawPeer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A listener that takes no login before STLS, whatever is allowed in clear elsewhere. */
@ExtendWith(LeakExtension.class)
final class StlsRequiredTest {
  private static final String REFUSAL =
      "-ERR passwords are not accepted without TLS, use STLS first";
  private static final LoginMechanisms MANY =
      LoginMechanisms.only(
          EnumSet.of(
              SaslMechanism.PLAIN,
              SaslMechanism.LOGIN,
              SaslMechanism.CRAM_MD5,
              SaslMechanism.SCRAM_SHA_256,
              SaslMechanism.SCRAM_SHA_256_PLUS),
          /* apop= */ true);

  private final TroubledStore store = new TroubledStore();

  @BeforeEach
  void deliver() {
    store.deliver(Logins.ALICE, "Subject: x\r\n");
  }

  private ServerUnderTest generous() {
    return ServerUnderTest.of(/* cleartextLogin= */ true, store, new Logins(), MANY);
  }

  @Test
  @DisplayName("A16, A18, F1: every way to log in is refused before STLS, before it is looked up")
  void refusesEveryLogin() throws Exception {
    try (ServerUnderTest server = generous();
        RawPeer peer = RawPeer.connect(server.address("must"))) {
      assertEquals("+OK Fermoposta POP3 server ready", peer.readLine(), "no timestamp for APOP");
      // "down" would be answered [SYS/TEMP] by whoever asked the back end.
      for (String login :
          List.of(
              "USER alice",
              "USER down",
              "PASS " + Logins.PASSWORD,
              "AUTH PLAIN AGFsaWNlACB0d28gd29yZHMg",
              "AUTH PLAIN AGRvd24AeA==",
              "AUTH LOGIN",
              "AUTH CRAM-MD5",
              "AUTH SCRAM-SHA-256",
              "APOP alice c4c9334bac560ecc979e58001b3e22fb")) {
        assertEquals(REFUSAL, peer.command(login), login);
      }
      assertEquals("-ERR log in first", peer.command("STAT"));
      assertEquals("+OK bye", peer.command("QUIT"));
      assertTrue(peer.isAtEnd());
    }
    try (ServerUnderTest server = generous();
        RawPeer peer = RawPeer.connect(server.address("pop3"))) {
      assertTrue(
          peer.readLine().endsWith(">"), "the same server offers APOP where STLS is not a must");
      assertEquals("+OK send PASS", peer.command("USER alice"));
    }
  }

  @Test
  @DisplayName("C6, C7, C8: CAPA says before, behind STLS and after login what works there")
  void capabilitiesAreTrue() throws Exception {
    try (ServerUnderTest server = generous();
        RawPeer peer = RawPeer.connect(server.address("must"))) {
      peer.readLine();
      List<String> before = peer.commandLines("CAPA");
      assertTrue(before.contains("STLS"), before.toString());
      assertTrue(before.containsAll(List.of("UTF8 USER", "LANG")), before.toString());
      assertFalse(
          before.stream().anyMatch(line -> line.startsWith("SASL") || line.equals("USER")),
          before.toString());
      assertEquals("+OK de ab jetzt in dieser Sprache", peer.command("LANG de"));
      assertEquals("+OK en this is the language from now on", peer.command("LANG *"));
      assertEquals("+OK begin TLS", peer.command("STLS"));
      peer.startTls(ServerUnderTest.trust(), "localhost");
      List<String> behind = peer.commandLines("CAPA");
      assertFalse(behind.contains("STLS"), behind.toString());
      assertTrue(behind.contains("USER"), behind.toString());
      assertTrue(
          behind.contains("SASL SCRAM-SHA-256-PLUS SCRAM-SHA-256 CRAM-MD5 PLAIN LOGIN"),
          behind.toString());
      // There was no timestamp, and there is no second greeting.
      assertEquals("-ERR APOP is not offered", peer.command("APOP alice " + "0".repeat(32)));
      ServerUnderTest.login(peer, "alice");
      assertEquals(behind, peer.commandLines("CAPA"));
      assertEquals("-ERR already logged in", peer.command("STLS"));
      assertEquals("+OK bye", peer.command("QUIT"));
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import static org.fermoposta.pop3.protocol.sasl.Exchanges.password;
import static org.fermoposta.pop3.protocol.sasl.Exchanges.text;
import static org.fermoposta.pop3.protocol.sasl.Exchanges.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.fermoposta.pop3.protocol.Secret;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScramClientTest {

  private static final String OWN = "fyko+d2lbbFgONRv9qkxdawL";
  private static final String SERVER_FIRST = "r=" + OWN + "xyz,s=QSXCR+Q6sek8bf92,i=4096";
  private static final ChannelBinding END_POINT =
      ChannelBinding.of(ChannelBindingType.TLS_SERVER_END_POINT, new byte[] {5, 6});

  private static SaslClientExchange client(SaslMechanism mechanism, SaslChannel channel) {
    return SaslClientExchange.of(
        mechanism,
        password("user", "pencil"),
        new SaslClientOptions(Exchanges.nonces(OWN), 4096, 1_000_000),
        channel);
  }

  private static SaslClientExchange begun() throws SaslException {
    SaslClientExchange client = client(SaslMechanism.SCRAM_SHA_1, SaslChannel.UNBOUND);
    assertEquals("n,,n=user,r=" + OWN, text(client.initialResponse()));
    return client;
  }

  private static SaslClientExchange proven() throws SaslException {
    SaslClientExchange client = begun();
    assertTrue(text(client.respond(utf8(SERVER_FIRST))).startsWith("c=biws,r=" + OWN + "xyz,p="));
    return client;
  }

  private static void fails(SaslClientExchange client, String challenge) {
    assertThrows(SaslException.class, () -> client.respond(utf8(challenge)));
    assertFalse(client.complete());
    // Neither does anything after it help.
    assertThrows(SaslException.class, () -> client.respond(new byte[0]));
    assertFalse(client.complete());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "r=",
        "r=" + OWN,
        "r=" + OWN + ",s=QSXCR+Q6sek8bf92,i=4096",
        "r=Fyko+d2lbbFgONRv9qkxdawLxyz,s=QSXCR+Q6sek8bf92,i=4096",
        "r=xyz" + OWN + ",s=QSXCR+Q6sek8bf92,i=4096",
        "r=" + OWN + "x z,s=QSXCR+Q6sek8bf92,i=4096",
        "r=" + OWN + "xyz,s=,i=4096",
        "r=" + OWN + "xyz,s=A,i=4096",
        "r=" + OWN + "xyz,s=====,i=4096",
        "r=" + OWN + "xyz,i=4096,s=QSXCR+Q6sek8bf92",
        "r=" + OWN + "xyz,s=QSXCR+Q6sek8bf92",
        "r=" + OWN + "xyz,s=QSXCR+Q6sek8bf92,i=4096,",
        "r=" + OWN + "xyz,s=QSXCR+Q6sek8bf92,i=4096,i=5000",
        "s=QSXCR+Q6sek8bf92,r=" + OWN + "xyz,i=4096",
        "n,,n=user,r=" + OWN,
        "e=other-error",
        "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="
      })
  @DisplayName("SC3 SC4 N099: server-first with another nonce, no salt or another form fails")
  void serverFirstInAnotherFormFails(String message) throws SaslException {
    fails(begun(), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "1",
        "4095",
        "1000001",
        "2147483647",
        "2147483648",
        "4294971392",
        "04096",
        "+4096",
        "-4096",
        "4096.0",
        "99999999999999999999999",
        "\u0664\u0660\u0669\u0666",
        "x"
      })
  @DisplayName("SC11 N099: iteration counts out of range are refused before any work is done")
  void iterationCountsOutOfRangeAreRefused(String iterations) throws SaslException {
    fails(begun(), "r=" + OWN + "xyz,s=QSXCR+Q6sek8bf92,i=" + iterations);
  }

  @ParameterizedTest
  @ValueSource(strings = {"m=x,", "m=,"})
  @DisplayName("SC7: a mandatory extension fails, in front or behind")
  void aMandatoryExtensionFails(String extension) throws SaslException {
    fails(begun(), extension + SERVER_FIRST);
    fails(begun(), SERVER_FIRST + "," + extension.substring(0, 2) + "x");
  }

  @Test
  @DisplayName("SC7: optional extensions are ignored, but signed")
  void optionalExtensionsAreIgnoredButSigned() throws SaslException {
    byte[] without = begun().respond(utf8(SERVER_FIRST));
    byte[] with = begun().respond(utf8(SERVER_FIRST + ",x=1"));
    assertFalse(text(without).equals(text(with)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "v=",
        "v=AAAA",
        "v=AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "v=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "v=*",
        "x=1",
        "V=AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "m=x,v=AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "e=invalid-proof",
        "e=",
        "r=" + OWN + "xyz,s=QSXCR+Q6sek8bf92,i=4096"
      })
  @DisplayName("SC8 N099: a wrong or missing v= fails and stays failed")
  void aWrongOrMissingSignatureFails(String message) throws SaslException {
    fails(proven(), message);
  }

  @Test
  @DisplayName("SC8: a +OK right after client-final is not to be believed")
  void anEarlySuccessIsNotToBeBelieved() throws SaslException {
    SaslClientExchange client = client(SaslMechanism.SCRAM_SHA_1, SaslChannel.UNBOUND);
    assertFalse(client.complete());
    assertEquals("n,,n=user,r=" + OWN, text(client.respond(new byte[0])));
    assertFalse(client.complete());
    assertFalse(proven().complete());
  }

  @Test
  @DisplayName("SC8: a challenge after the proof undoes it")
  void aChallengeAfterTheProofUndoesIt() throws SaslException {
    SaslClientExchange client = client(SaslMechanism.SCRAM_SHA_1, SaslChannel.UNBOUND);
    assertEquals("n,,n=user,r=" + OWN, text(client.initialResponse()));
    assertTrue(
        text(client.respond(utf8("r=" + OWN + "3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096")))
            .endsWith("p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="));
    assertEquals(0, client.respond(utf8("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=")).length);
    assertTrue(client.complete());
    fails(client, "");
  }

  @Test
  @DisplayName("SC17: known errors are named, and a server's own words are not repeated")
  void errorsAreNamed() throws SaslException {
    assertEquals(
        "SCRAM-SHA-1: server says invalid-proof", message(proven(), "e=invalid-proof,x=1"));
    assertEquals("SCRAM-SHA-1: server says other-error", message(proven(), "e=<script>\r\n\u202E"));
  }

  private static String message(SaslClientExchange client, String challenge) {
    return String.valueOf(
        assertThrows(SaslException.class, () -> client.respond(utf8(challenge))).getMessage());
  }

  @Test
  @DisplayName(
      "SC5 CL12: y if this side could bind and saw no offer, n if it cannot, p= with -PLUS")
  void theFlagTellsWhatWasSeen() throws SaslException {
    SaslChannel unseen = new SaslChannel(List.of(END_POINT), false);
    SaslChannel seen = new SaslChannel(List.of(END_POINT), true);
    assertEquals("y,,", flag(SaslMechanism.SCRAM_SHA_256, unseen));
    assertEquals("n,,", flag(SaslMechanism.SCRAM_SHA_256, seen));
    assertEquals("n,,", flag(SaslMechanism.SCRAM_SHA_256, SaslChannel.UNBOUND));
    assertEquals("p=tls-server-end-point,,", flag(SaslMechanism.SCRAM_SHA_256_PLUS, seen));
    assertThrows(
        IllegalArgumentException.class,
        () -> client(SaslMechanism.SCRAM_SHA_256_PLUS, SaslChannel.UNBOUND));
  }

  private static String flag(SaslMechanism mechanism, SaslChannel channel) throws SaslException {
    String first = text(client(mechanism, channel).initialResponse());
    return first.substring(0, first.indexOf("n=user"));
  }

  @Test
  @DisplayName("SC6: c= is the header with the binding's octets behind it")
  void bindingOctetsFollowTheHeader() throws SaslException {
    SaslClientExchange client =
        client(SaslMechanism.SCRAM_SHA_1_PLUS, new SaslChannel(List.of(END_POINT), true));
    assertEquals("p=tls-server-end-point,,n=user,r=" + OWN, text(client.initialResponse()));
    String last = text(client.respond(utf8(SERVER_FIRST)));
    byte[] bound = SaslBase64.decodeText(last.substring(2, last.indexOf(',')), 100);
    assertArrayEquals(utf8("p=tls-server-end-point,,\5\6"), bound);
  }

  @Test
  @DisplayName("S4 I6: ill-formed UTF-8 from the server fails")
  void illFormedUtf8Fails() throws SaslException {
    SaslClientExchange client = begun();
    byte[] broken = utf8(SERVER_FIRST + ",x=y");
    broken[broken.length - 1] = (byte) 0x80;
    assertThrows(SaslException.class, () -> client.respond(broken));
  }

  @Test
  @DisplayName("SC13: a password or a name that SASLprep refuses fails before it is sent")
  void unpreparablePasswordsFail() throws SaslException {
    SaslClientExchange badName =
        SaslClientExchange.of(
            SaslMechanism.SCRAM_SHA_256,
            password("\u06271", "pencil"),
            Exchanges.CLIENT,
            SaslChannel.UNBOUND);
    assertThrows(SaslException.class, badName::initialResponse);
    SaslClientExchange badPassword =
        SaslClientExchange.of(
            SaslMechanism.SCRAM_SHA_1,
            new SaslCredentials.Password("", "user", Secret.ofUtf8("p\u0007")),
            new SaslClientOptions(Exchanges.nonces(OWN), 1, 5000),
            SaslChannel.UNBOUND);
    assertEquals("n,,n=user,r=" + OWN, text(badPassword.initialResponse()));
    fails(badPassword, SERVER_FIRST);
  }

  @Test
  @DisplayName("CL11: a challenge before a client-first mechanism spoke must be empty")
  void aChallengeBeforeTheClientSpokeMustBeEmpty() {
    fails(client(SaslMechanism.SCRAM_SHA_1, SaslChannel.UNBOUND), SERVER_FIRST);
  }

  @Test
  void theInitialResponseIsAskedForOnce() throws SaslException {
    SaslClientExchange client = begun();
    assertThrows(IllegalStateException.class, client::initialResponse);
  }
}

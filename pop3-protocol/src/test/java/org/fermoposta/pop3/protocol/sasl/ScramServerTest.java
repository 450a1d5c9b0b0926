// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import static org.fermoposta.pop3.protocol.sasl.Exchanges.challenge;
import static org.fermoposta.pop3.protocol.sasl.Exchanges.failure;
import static org.fermoposta.pop3.protocol.sasl.Exchanges.request;
import static org.fermoposta.pop3.protocol.sasl.Exchanges.success;
import static org.fermoposta.pop3.protocol.sasl.Exchanges.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.SaslStep.FailureKind;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScramServerTest {

  private static final String OWN = "AAAAAAAAAAAAAAAAAAAAAAAA";
  private static final ScramHash HASH = ScramHash.SHA_256;
  private static final ChannelBinding END_POINT =
      ChannelBinding.of(ChannelBindingType.TLS_SERVER_END_POINT, new byte[] {5, 6});
  private static final SaslChannel OFFERING = new SaslChannel(List.of(END_POINT), true);
  private static final ScramKeys KEYS = keys();

  private static ScramKeys keys() {
    try {
      return ScramKeys.derive(HASH, Secret.ofUtf8("pencil"), utf8("0123456789abcdef"), 5);
    } catch (SaslException e) {
      throw new AssertionError(e);
    }
  }

  private static SaslServerExchange server(SaslMechanism mechanism, SaslChannel channel) {
    return SaslServerExchange.of(
        mechanism, Exchanges.SERVER.withRandom(Exchanges.nonces(OWN)), channel);
  }

  private static SaslStep first(String message) {
    return server(SaslMechanism.SCRAM_SHA_256, SaslChannel.UNBOUND).start(utf8(message));
  }

  /** A client-final for nonce "abc" with a right proof for whatever stands before it. */
  private static String proven(String withoutProof, String bare) {
    try {
      String serverFirst = "r=abc" + OWN + ",s=MDEyMzQ1Njc4OWFiY2RlZg==,i=5";
      byte[] auth = utf8(bare + "," + serverFirst + "," + withoutProof);
      byte[] salted = ScramCrypto.saltedPassword(HASH, Secret.ofUtf8("pencil"), KEYS.salt(), 5);
      byte[] key = ScramCrypto.clientKey(HASH, salted);
      byte[] proof = ScramCrypto.xor(key, ScramCrypto.hmac(HASH, KEYS.storedKey(), auth));
      return withoutProof + ",p=" + SaslBase64.encodeToText(proof);
    } catch (SaslException e) {
      throw new AssertionError(e);
    }
  }

  private static SaslStep last(String clientFinal) {
    SaslServerExchange server = server(SaslMechanism.SCRAM_SHA_256, SaslChannel.UNBOUND);
    request(server.start(utf8("n,,n=tim,r=abc")));
    challenge(server.answer(new CredentialAnswer.KeysFound(SaslIdentity.of("tim"), KEYS)));
    return server.respond(utf8(clientFinal));
  }

  @Test
  @DisplayName("SC1 SC7: a right client-final succeeds, optional extensions included")
  void aRightClientFinalSucceeds() {
    String bare = "n=tim,r=abc";
    assertTrue(challenge(last(proven("c=biws,r=abc" + OWN, bare))).startsWith("v="));
    assertTrue(challenge(last(proven("c=biws,r=abc" + OWN + ",x=1,Y=a=b", bare))).startsWith("v="));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "n,,",
        "n,,n=tim",
        "n,,r=abc,n=tim",
        "n,n=tim,r=abc",
        "n,,n=,r=abc",
        "n,,n=tim,r=",
        "n,,n=tim,r=a c",
        "n,,n=tim,r=a\u00E9c",
        "n,,n=tim,r=abc,",
        "n,,n=tim,r=abc,x",
        "n,,n=tim,r=abc,1=x",
        "n,,n=tim,r=abc,x=",
        "n,,n=tim,r=abc,r=def",
        "n,a=,n=tim,r=abc",
        "n,b=boss,n=tim,r=abc",
        "x,,n=tim,r=abc",
        "N,,n=tim,r=abc",
        "nn,,n=tim,r=abc",
        ",,n=tim,r=abc",
        "p=,,n=tim,r=abc",
        "p=tls unique,,n=tim,r=abc",
        " n,,n=tim,r=abc",
        "n,,n=t\0m,r=abc",
        "n,,N=tim,r=abc"
      })
  @DisplayName("SC2: client-first in another order or form fails")
  void clientFirstInAnotherFormFails(String message) {
    failure(FailureKind.PROTOCOL, first(message));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"n,,m=x,n=tim,r=abc", "n,,n=tim,m=x,r=abc", "n,,n=tim,r=abc,m=x", "n,,m=,n=t,r=a"})
  @DisplayName("SC7: a mandatory extension fails")
  void aMandatoryExtensionFails(String message) {
    failure(FailureKind.PROTOCOL, first(message));
  }

  @Test
  @DisplayName("SC7: optional extensions are ignored")
  void optionalExtensionsAreIgnored() {
    request(first("n,,n=tim,r=abc,x=1,Z=a=b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"=", "a=", "=2", "=2c", "=3d", "=2D", "=41", "a=b", "==2C", "=3D="})
  @DisplayName("SC14: '=' in a name other than =2C and =3D fails")
  void otherEscapesFail(String name) {
    failure(FailureKind.PROTOCOL, first("n,,n=" + name + ",r=abc"));
    failure(FailureKind.PROTOCOL, first("n,a=" + name + ",n=tim,r=abc"));
  }

  @Test
  @DisplayName("SC14: =2C and =3D are comma and equals sign, once")
  void escapesAreUndoneOnce() {
    assertEquals(
        new CredentialRequest.Keys("a=2Cb", "x,y=z", HASH),
        request(first("n,a=a=3D2Cb,n=x=2Cy=3Dz,r=abc")));
  }

  @Test
  @DisplayName("SC13 I6: names go through SASLprep; ill-formed UTF-8 and prohibited ones fail")
  void namesGoThroughSaslPrep() {
    assertEquals(new CredentialRequest.Keys("", "IX", HASH), request(first("n,,n=\u2168,r=abc")));
    failure(FailureKind.CREDENTIALS, first("n,,n=\u0007,r=abc"));
    failure(FailureKind.CREDENTIALS, first("n,,n=\u00AD,r=abc"));
    byte[] broken = utf8("n,,n=tXm,r=abc");
    broken[6] = (byte) 0xC3;
    failure(
        FailureKind.PROTOCOL,
        server(SaslMechanism.SCRAM_SHA_256, SaslChannel.UNBOUND).start(broken));
  }

  @Test
  @DisplayName("SC5: y while -PLUS is offered is a downgrade; without the offer it is fine")
  void yWhilePlusIsOfferedIsADowngrade() {
    String message = "y,,n=tim,r=abc";
    request(server(SaslMechanism.SCRAM_SHA_256, SaslChannel.UNBOUND).start(utf8(message)));
    failure(
        FailureKind.PROTOCOL, server(SaslMechanism.SCRAM_SHA_256, OFFERING).start(utf8(message)));
    request(server(SaslMechanism.SCRAM_SHA_256, OFFERING).start(utf8("n,,n=tim,r=abc")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "n,,n=tim,r=abc",
        "y,,n=tim,r=abc",
        "p=tls-unique,,n=tim,r=abc",
        "p=tls-exporter,,n=tim,r=abc",
        "p=TLS-SERVER-END-POINT,,n=tim,r=abc"
      })
  @DisplayName("SC5: -PLUS without p=, or with a type this connection has not, fails")
  void plusNeedsASupportedType(String message) {
    failure(
        FailureKind.PROTOCOL,
        server(SaslMechanism.SCRAM_SHA_256_PLUS, OFFERING).start(utf8(message)));
  }

  @Test
  @DisplayName("SC5: p= on the name without -PLUS fails")
  void bindingOnThePlainNameFails() {
    failure(
        FailureKind.PROTOCOL,
        server(SaslMechanism.SCRAM_SHA_256, OFFERING)
            .start(utf8("p=tls-server-end-point,,n=tim,r=abc")));
  }

  @Test
  @DisplayName("SC19: after use the exporter's binding is gone, the certificate's is not")
  void anExportedBindingServesOnce() {
    ChannelBinding exported = ChannelBinding.of(ChannelBindingType.TLS_EXPORTER, new byte[32]);
    SaslChannel after = new SaslChannel(List.of(exported, END_POINT), true).afterUse();
    assertEquals(List.of(END_POINT), after.bindings());
    failure(
        FailureKind.PROTOCOL,
        server(SaslMechanism.SCRAM_SHA_256_PLUS, after).start(utf8("p=tls-exporter,,n=tim,r=abc")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"eSws", "bixhPXgs", "biwsBQY=", "biw=", "AAAA"})
  @DisplayName("SC6: c= that is not this exchange's header fails, though the proof is right")
  void anotherHeaderInBindingFails(String bound) {
    failure(FailureKind.PROTOCOL, last(proven("c=" + bound + ",r=abc" + OWN, "n=tim,r=abc")));
  }

  @Test
  @DisplayName("SC6: the right binding octets succeed, one changed bit fails")
  void bindingOctetsAreCompared() {
    String header = "p=tls-server-end-point,,";
    for (byte octet = 4; octet <= 5; octet++) {
      SaslServerExchange server = server(SaslMechanism.SCRAM_SHA_256_PLUS, OFFERING);
      request(server.start(utf8(header + "n=tim,r=abc")));
      challenge(server.answer(new CredentialAnswer.KeysFound(SaslIdentity.of("tim"), KEYS)));
      byte[] bound = Arrays.copyOf(utf8(header), header.length() + 2);
      bound[header.length()] = octet;
      bound[header.length() + 1] = 6;
      String withoutProof = "c=" + SaslBase64.encodeToText(bound) + ",r=abc" + OWN;
      SaslStep step = server.respond(utf8(proven(withoutProof, "n=tim,r=abc")));
      if (octet == 5) {
        challenge(step);
        assertEquals("tim", success(server.respond(new byte[0])).authorizationId());
      } else {
        failure(FailureKind.PROTOCOL, step);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "abcBAAAAAAAAAAAAAAAAAAAAAAA", "abd" + OWN, "abc" + OWN + "x"})
  @DisplayName("SC4: a changed nonce fails, though the proof is right")
  void aChangedNonceFails(String nonce) {
    failure(FailureKind.PROTOCOL, last(proven("c=biws,r=" + nonce, "n=tim,r=abc")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "c=biws",
        "c=biws,r=abc" + OWN,
        "r=abc" + OWN + ",c=biws,p=AAAA",
        "c=biws,r=abc" + OWN + ",p=",
        "c=biws,r=abc" + OWN + ",p=AAAA",
        "c=biws,r=abc" + OWN + ",p=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "c=biws,r=abc" + OWN + ",p=*AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "c=,r=abc" + OWN + ",p=AAAA",
        "c=biws,r=abc" + OWN + ",m=x,p=AAAA",
        "c=biws,r=abc" + OWN + ",p=AAAA,p=AAAA",
        "c=biws,r=abc" + OWN + ",p=AAAA,x=1"
      })
  @DisplayName("SC2 SC7: client-final in another form fails")
  void clientFinalInAnotherFormFails(String message) {
    failure(FailureKind.PROTOCOL, last(message));
  }

  @Test
  @DisplayName("SC7 SC17: a wrong proof fails with wrong credentials, and no e= is sent")
  void aWrongProofFails() {
    failure(
        FailureKind.CREDENTIALS,
        last("c=biws,r=abc" + OWN + ",p=" + SaslBase64.encodeToText(new byte[32])));
  }

  @Test
  @DisplayName("S14: octets where only an empty response may come fail")
  void theLastResponseMustBeEmpty() {
    SaslServerExchange server = server(SaslMechanism.SCRAM_SHA_256, SaslChannel.UNBOUND);
    request(server.start(utf8("n,,n=tim,r=abc")));
    challenge(server.answer(new CredentialAnswer.KeysFound(SaslIdentity.of("tim"), KEYS)));
    challenge(server.respond(utf8(proven("c=biws,r=abc" + OWN, "n=tim,r=abc"))));
    failure(FailureKind.PROTOCOL, server.respond(new byte[] {1}));
  }

  /** The salt shown for a name that the user store refuses. */
  private static String saltFor(String name, ScramHash hash, SaslServerOptions options) {
    SaslServerExchange server =
        SaslServerExchange.of(hash.mechanism(), options, SaslChannel.UNBOUND);
    request(server.start(utf8("n,,n=" + name + ",r=abc")));
    String shown = challenge(server.answer(new CredentialAnswer.Refused()));
    assertTrue(shown.endsWith(",i=15000"), shown);
    return shown.substring(shown.indexOf(",s="));
  }

  @Test
  @DisplayName("SC12 SC20 N069: an unknown user has the same salt at every try, and its own")
  void anUnknownUserHasASteadySalt() {
    SaslServerOptions options = Exchanges.SERVER.withDecoy(15_000, 16);
    String salt = saltFor("nobody", HASH, options);
    assertEquals(salt, saltFor("nobody", HASH, options));
    assertEquals(salt, saltFor("no\u00ADbody", HASH, options));
    assertEquals(",s=".length() + 24 + ",i=15000".length(), salt.length());
    assertNotEquals(salt, saltFor("nobody2", HASH, options));
    assertNotEquals(salt, saltFor("nobody", ScramHash.SHA_1, options));
    SaslServerOptions elsewhere =
        SaslServerOptions.of("pop.example.net", Secret.ofUtf8("fedcba9876543210"))
            .withDecoy(15_000, 16);
    assertNotEquals(salt, saltFor("nobody", HASH, elsewhere));
  }

  @Test
  @DisplayName("SC3: the server's part of the nonce is fresh for each exchange")
  void nonceIsFresh() {
    assertNotEquals(serverFirst(), serverFirst());
  }

  private static String serverFirst() {
    SaslServerExchange server = Exchanges.server(SaslMechanism.SCRAM_SHA_256);
    request(server.start(utf8("n,,n=tim,r=abc")));
    String text =
        challenge(server.answer(new CredentialAnswer.KeysFound(SaslIdentity.of("tim"), KEYS)));
    assertTrue(text.startsWith("r=abc"), text);
    return text;
  }

  @Test
  @DisplayName("answers that do not fit the question are the caller's mistake")
  void misfitAnswersAreRefused() throws SaslException {
    SaslServerExchange server = server(SaslMechanism.SCRAM_SHA_256, SaslChannel.UNBOUND);
    request(server.start(utf8("n,,n=tim,r=abc")));
    assertThrows(
        IllegalArgumentException.class,
        () -> server.answer(new CredentialAnswer.Granted(SaslIdentity.of("tim"))));
    ScramKeys other = ScramKeys.derive(ScramHash.SHA_1, Secret.ofUtf8("x"), new byte[1], 1);
    assertThrows(
        IllegalArgumentException.class,
        () -> server.answer(new CredentialAnswer.KeysFound(SaslIdentity.of("tim"), other)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SCRAM-SHA-256",
        "SCRAM-SHA-256$4096:AAAA",
        "SCRAM-SHA-256$4096:AAAA$AAAA:AAAA",
        "SCRAM-SHA-256-PLUS$4096:AAAA$x:x",
        "PLAIN$4096:AAAA$x:x",
        "SCRAM-SHA-256$0:AAAA$x:x",
        "SCRAM-SHA-256$-1:AAAA$x:x",
        "SCRAM-SHA-256$99999999999:AAAA$x:x",
        "SCRAM-SHA-256$4096:$x:x",
        "SCRAM-SHA-256$4096:A$x:x"
      })
  @DisplayName("SC15: stored text of another form is no keys")
  void storedTextOfAnotherFormIsNoKeys(String text) {
    String key = SaslBase64.encodeToText(new byte[32]);
    assertTrue(ScramKeys.parse(text.replace("x", key)).isEmpty());
    assertTrue(ScramKeys.parse("SCRAM-SHA-256$4096:AAAA$x:x".replace("x", key)).isPresent());
  }
}

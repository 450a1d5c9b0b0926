// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import static org.fermoposta.pop3.protocol.sasl.Exchanges.request;
import static org.fermoposta.pop3.protocol.sasl.Exchanges.utf8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.fermoposta.pop3.protocol.Secret;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Nothing that may end in a log shows a password, a token or a key. */
class RedactionTest {

  private static final String HIDDEN = "xyzzyPlugh";

  private static void hides(Object value) {
    String text = String.valueOf(value);
    assertFalse(text.contains(HIDDEN), text);
    assertFalse(text.contains(SaslBase64.encodeToText(utf8(HIDDEN)).substring(0, 8)), text);
  }

  @Test
  @DisplayName("N065 N068: values that hold secrets do not print them")
  void valuesDoNotPrintSecrets() throws SaslException {
    Secret secret = Secret.ofUtf8(HIDDEN);
    hides(SaslCredentials.Password.of("tim", secret));
    hides(new SaslCredentials.Token("tim", secret, "h", 1));
    hides(new CredentialRequest.Password("", "tim", secret));
    hides(new CredentialRequest.Token("tim", secret, Optional.empty(), OptionalInt.empty()));
    hides(new CredentialAnswer.SecretFound(SaslIdentity.of("tim"), secret));
    hides(SaslServerOptions.of("h", Secret.ofUtf8(HIDDEN + HIDDEN)));
    byte[] key = new byte[32];
    System.arraycopy(utf8(HIDDEN), 0, key, 0, HIDDEN.length());
    ScramKeys keys = new ScramKeys(ScramHash.SHA_256, utf8("salt"), 4096, key, key);
    hides(keys);
    hides(new CredentialAnswer.KeysFound(SaslIdentity.of("tim"), keys));
    hides(new SaslStep.Challenge(utf8(HIDDEN)));
    hides(ChannelBinding.of(ChannelBindingType.TLS_EXPORTER, key));
    for (SaslMechanism mechanism : List.of(SaslMechanism.PLAIN, SaslMechanism.LOGIN)) {
      hides(Exchanges.client(mechanism, SaslCredentials.Password.of("tim", secret)));
    }
    SaslServerExchange server = Exchanges.server(SaslMechanism.PLAIN);
    hides(request(server.start(utf8("\0tim\0" + HIDDEN))));
    hides(server);
    hides(server.answer(new CredentialAnswer.Refused()));
  }

  @Test
  @DisplayName("N065: broken messages with secrets in them fail without showing these")
  void failuresDoNotShowSecrets() {
    // All but those whose first message is a name and no secret.
    for (SaslMechanism mechanism :
        EnumSet.complementOf(
            EnumSet.of(SaslMechanism.EXTERNAL, SaslMechanism.ANONYMOUS, SaslMechanism.LOGIN))) {
      for (String message :
          List.of(
              HIDDEN,
              "\0" + HIDDEN + "\0\0" + HIDDEN,
              "\0tim\0" + HIDDEN + "\u202E",
              "n,,\1auth=" + HIDDEN + " tok\1\1",
              "n,,\1auth=Bearer " + HIDDEN + "\u00E9\1\1",
              "n,,n=" + HIDDEN + "=,r=abc",
              HIDDEN + ",,n=tim,r=" + HIDDEN)) {
        SaslServerExchange server = Exchanges.server(mechanism);
        SaslStep step =
            mechanism.clientFirst() ? server.start(utf8(message)) : respond(server, message);
        hides(step);
        if (step instanceof SaslStep.Challenge challenge) {
          hides(Exchanges.text(challenge.octets()));
          hides(server.respond(utf8(HIDDEN)));
        }
      }
    }
  }

  @Test
  @DisplayName("N065: a password of LOGIN that is refused does not show")
  void loginDoesNotShowItsPassword() {
    for (String password : List.of(HIDDEN, HIDDEN + "\u202E", "\0" + HIDDEN)) {
      SaslServerExchange server = Exchanges.server(SaslMechanism.LOGIN);
      Exchanges.challenge(server.start());
      Exchanges.challenge(server.respond(utf8("tim")));
      hides(server.respond(utf8(password)));
    }
  }

  private static SaslStep respond(SaslServerExchange server, String message) {
    Exchanges.challenge(server.start());
    return server.respond(utf8(message));
  }

  @Test
  @DisplayName("N065: exceptions about credentials and base64 do not show them")
  void exceptionsDoNotShowSecrets() {
    hides(
        assertThrows(
            SaslException.class,
            () -> SaslBase64.decode(utf8(HIDDEN + "*~"), 0, HIDDEN.length() + 2, 100)));
    hides(
        assertThrows(
            SaslException.class, () -> SaslPrep.storedPassword(Secret.ofUtf8(HIDDEN + "\u202E"))));
    hides(
        assertThrows(
            IllegalArgumentException.class,
            () -> new SaslCredentials.Token("u", Secret.ofUtf8(HIDDEN + " "), "", 0)));
    hides(
        assertThrows(
            IllegalArgumentException.class,
            () -> SaslCredentials.Password.of("u", Secret.ofUtf8(HIDDEN + "\0"))));
  }
}

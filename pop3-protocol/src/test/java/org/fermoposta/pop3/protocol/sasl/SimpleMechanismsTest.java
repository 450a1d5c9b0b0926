// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import static org.fermoposta.pop3.protocol.sasl.Exchanges.challenge;
import static org.fermoposta.pop3.protocol.sasl.Exchanges.client;
import static org.fermoposta.pop3.protocol.sasl.Exchanges.failure;
import static org.fermoposta.pop3.protocol.sasl.Exchanges.password;
import static org.fermoposta.pop3.protocol.sasl.Exchanges.request;
import static org.fermoposta.pop3.protocol.sasl.Exchanges.server;
import static org.fermoposta.pop3.protocol.sasl.Exchanges.success;
import static org.fermoposta.pop3.protocol.sasl.Exchanges.text;
import static org.fermoposta.pop3.protocol.sasl.Exchanges.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.SaslStep.FailureKind;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PLAIN, LOGIN, CRAM-MD5, EXTERNAL and ANONYMOUS, and what all exchanges have in common. */
class SimpleMechanismsTest {

  private static final CredentialAnswer TIM = new CredentialAnswer.Granted(SaslIdentity.of("tim"));

  private static SaslStep plain(String message) {
    return server(SaslMechanism.PLAIN).start(utf8(message));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\0",
        "tim",
        "tim\0pw",
        "\0\0",
        "\0tim\0",
        "\0\0pw",
        "\0tim\0p\0w",
        "\0tim\0pw\0",
        "\0\0\0",
        "a\0b\0c\0d"
      })
  @DisplayName("S10: PLAIN with other than two NULs, or without name or password, fails")
  void plainOfAnotherFormFails(String message) {
    failure(FailureKind.PROTOCOL, plain(message));
  }

  @Test
  @DisplayName("S10: PLAIN takes 255 octets in each field, whatever they are encoded from")
  void plainTakes255Octets() {
    for (String field : new String[] {"x".repeat(255), "\u00E9".repeat(127) + "x"}) {
      assertEquals(
          new CredentialRequest.Password(field, field, Secret.ofUtf8(field)),
          request(plain(field + "\0" + field + "\0" + field)));
    }
    failure(FailureKind.PROTOCOL, plain("\0" + "x".repeat(1021) + "\0pw"));
    failure(FailureKind.PROTOCOL, plain("x".repeat(1021) + "\0tim\0pw"));
  }

  @Test
  @DisplayName("S10 S16 I6: PLAIN prepares all fields; what SASLprep refuses is wrong credentials")
  void plainPreparesAllFields() {
    assertEquals(
        new CredentialRequest.Password("IX", "a", Secret.ofUtf8("b c")),
        request(plain("\u2168\0\u00AA\0b\u00A0c")));
    failure(FailureKind.CREDENTIALS, plain("\u00AD\0tim\0pw"));
    failure(FailureKind.CREDENTIALS, plain("\0t\u0007m\0pw"));
    failure(FailureKind.CREDENTIALS, plain("\0tim\0p\u202Ew"));
  }

  @Test
  @DisplayName("S10: unprepared passwords, if so configured, arrive octet for octet")
  void unpreparedPasswordsArriveAsTheyCame() {
    SaslServerOptions raw = Exchanges.SERVER.withPreparedPasswords(false);
    for (String password : new String[] {"\u2168\u00AD", "b\u00A0c", "p\u202Ew"}) {
      assertEquals(
          new CredentialRequest.Password("", "tim", Secret.ofUtf8(password)),
          request(
              SaslServerExchange.of(SaslMechanism.PLAIN, raw, SaslChannel.UNBOUND)
                  .start(utf8("\0tim\0" + password))));
    }
    byte[] broken = utf8("\0tim\0pw");
    broken[6] = (byte) 0xFF;
    failure(
        FailureKind.PROTOCOL,
        SaslServerExchange.of(SaslMechanism.PLAIN, raw, SaslChannel.UNBOUND).start(broken));
  }

  @Test
  @DisplayName("S10 I6: ill-formed UTF-8 in any field fails")
  void illFormedUtf8Fails() {
    for (int at : new int[] {0, 2, 4}) {
      byte[] message = utf8("a\0b\0c");
      message[at] = (byte) 0xC0;
      failure(FailureKind.PROTOCOL, server(SaslMechanism.PLAIN).start(message));
    }
  }

  @Test
  @DisplayName("S1 S2: PLAIN without initial response gets an empty challenge first")
  void plainWithoutInitialResponse() {
    SaslServerExchange server = server(SaslMechanism.PLAIN);
    assertEquals("", challenge(server.start()));
    assertEquals(
        new CredentialRequest.Password("", "tim", Secret.ofUtf8("pw")),
        request(server.respond(utf8("\0tim\0pw"))));
    assertEquals(SaslIdentity.of("tim"), success(server.answer(TIM)));
  }

  @ParameterizedTest
  @EnumSource(
      value = SaslMechanism.class,
      names = {"LOGIN", "CRAM_MD5"})
  @DisplayName("S8: an initial response where the server speaks first fails")
  void initialResponseWhereTheServerSpeaksFirstFails(SaslMechanism mechanism) {
    failure(FailureKind.PROTOCOL, server(mechanism).start(utf8("tim")));
    failure(FailureKind.PROTOCOL, server(mechanism).start(new byte[0]));
  }

  @ParameterizedTest
  @EnumSource(SaslMechanism.class)
  @DisplayName("S5: the client may cancel, once, and the exchange is over")
  void theClientMayCancel(SaslMechanism mechanism) {
    SaslServerExchange server = server(mechanism);
    challenge(server.start());
    failure(FailureKind.CANCELLED, server.cancel());
    assertThrows(IllegalStateException.class, server::cancel);
    assertThrows(IllegalStateException.class, () -> server.respond(new byte[0]));
    assertThrows(IllegalStateException.class, server::start);
  }

  @Test
  void callsOutOfOrderAreRefused() {
    SaslServerExchange server = server(SaslMechanism.PLAIN);
    assertThrows(IllegalStateException.class, () -> server.respond(new byte[0]));
    assertThrows(IllegalStateException.class, () -> server.answer(TIM));
    request(server.start(utf8("\0tim\0pw")));
    assertThrows(IllegalStateException.class, () -> server.respond(new byte[0]));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            server.answer(
                new CredentialAnswer.SecretFound(SaslIdentity.of("tim"), Secret.ofUtf8("x"))));
    success(server.answer(TIM));
    assertThrows(IllegalStateException.class, () -> server.answer(TIM));
  }

  @Test
  @DisplayName("LOGIN: two prompts, name and password, neither may be empty")
  void loginAsksTwice() {
    SaslServerExchange server = server(SaslMechanism.LOGIN);
    assertEquals("Username:", challenge(server.start()));
    assertEquals("Password:", challenge(server.respond(utf8("tim"))));
    assertEquals(
        new CredentialRequest.Password("", "tim", Secret.ofUtf8("p w ")),
        request(server.respond(utf8("p w "))));
    failure(FailureKind.CREDENTIALS, server.answer(new CredentialAnswer.Refused()));

    SaslServerExchange nameless = server(SaslMechanism.LOGIN);
    challenge(nameless.start());
    failure(FailureKind.PROTOCOL, nameless.respond(new byte[0]));
    SaslServerExchange withoutPassword = server(SaslMechanism.LOGIN);
    challenge(withoutPassword.start());
    challenge(withoutPassword.respond(utf8("tim")));
    failure(FailureKind.PROTOCOL, withoutPassword.respond(new byte[0]));
  }

  @Test
  @DisplayName("LOGIN: the client answers two prompts of any wording and no third")
  void loginClientAnswersTwoPrompts() throws SaslException {
    SaslClientExchange client = client(SaslMechanism.LOGIN, password("tim", "pw"));
    assertFalse(client.hasInitialResponse());
    assertThrows(IllegalStateException.class, client::initialResponse);
    assertEquals("tim", text(client.respond(utf8("User Name\0"))));
    assertFalse(client.complete());
    assertEquals("pw", text(client.respond(utf8("Password?"))));
    assertTrue(client.complete());
    assertThrows(SaslException.class, () -> client.respond(new byte[0]));
    assertFalse(client.complete());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tim",
        "tim ",
        " b913a602c7eda7a495b4e6e7334d3890",
        "timb913a602c7eda7a495b4e6e7334d3890",
        "b913a602c7eda7a495b4e6e7334d3890",
        "tim\tb913a602c7eda7a495b4e6e7334d3890"
      })
  @DisplayName("S21: CRAM-MD5 responses of another form fail")
  void cramResponsesOfAnotherFormFail(String response) {
    SaslServerExchange server = server(SaslMechanism.CRAM_MD5);
    challenge(server.start());
    failure(FailureKind.PROTOCOL, server.respond(utf8(response)));
  }

  @Test
  @DisplayName("S21: CRAM-MD5 digests in upper case, or for an unknown user, are wrong credentials")
  void cramDigestsMustMatch() {
    SaslServerExchange server = server(SaslMechanism.CRAM_MD5);
    byte[] challenge = utf8(challenge(server.start()));
    Secret secret = Secret.ofUtf8("pw");
    String digest = text(CramMd5Server.digest(secret, challenge));
    request(server.respond(utf8("tim " + digest.toUpperCase(Locale.ROOT))));
    failure(
        FailureKind.CREDENTIALS,
        server.answer(new CredentialAnswer.SecretFound(SaslIdentity.of("tim"), secret)));

    SaslServerExchange unknown = server(SaslMechanism.CRAM_MD5);
    challenge(unknown.start());
    assertEquals(
        new CredentialRequest.SharedSecret("two words"),
        request(unknown.respond(utf8("two words " + digest))));
    failure(FailureKind.CREDENTIALS, unknown.answer(new CredentialAnswer.Refused()));
  }

  @Test
  @DisplayName("S21: each CRAM-MD5 challenge is another msg-id")
  void cramChallengesAreFresh() {
    String one = challenge(server(SaslMechanism.CRAM_MD5).start());
    assertTrue(MsgId.isValid(one), one);
    assertNotEquals(one, challenge(server(SaslMechanism.CRAM_MD5).start()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "<a>", "<a@b", "<a@b>x", "<a b@c>", "<\u00E9@b>", "<a@b>\0"})
  @DisplayName("N100: the CRAM-MD5 client digests nothing that is not a msg-id")
  void cramClientRefusesOtherChallenges(String challenge) {
    SaslClientExchange client = client(SaslMechanism.CRAM_MD5, password("tim", "pw"));
    assertThrows(SaslException.class, () -> client.respond(utf8(challenge)));
    assertFalse(client.complete());
  }

  @Test
  @DisplayName("S3 S22: EXTERNAL asks whom the certificate names; nobody named is an empty message")
  void external() throws SaslException {
    for (String name : new String[] {"", "tim"}) {
      SaslClientExchange client =
          client(SaslMechanism.EXTERNAL, new SaslCredentials.Certificate(name));
      SaslStep end =
          Exchanges.run(
              client,
              server(SaslMechanism.EXTERNAL),
              true,
              asked -> {
                assertEquals(new CredentialRequest.Certificate(name), asked);
                return TIM;
              });
      assertEquals(SaslIdentity.of("tim"), success(end));
      assertTrue(client.complete());
    }
    failure(FailureKind.PROTOCOL, server(SaslMechanism.EXTERNAL).start(new byte[] {(byte) 0xC0}));
  }

  @Test
  @DisplayName("S22: ANONYMOUS carries a bounded trace without controls")
  void anonymous() throws SaslException {
    SaslClientExchange client =
        client(SaslMechanism.ANONYMOUS, new SaslCredentials.Stranger("sirhc \u00E9"));
    SaslStep end =
        Exchanges.run(
            client,
            server(SaslMechanism.ANONYMOUS),
            false,
            asked -> {
              assertEquals(new CredentialRequest.Stranger("sirhc \u00E9"), asked);
              return new CredentialAnswer.Refused();
            });
    failure(FailureKind.CREDENTIALS, end);
    request(server(SaslMechanism.ANONYMOUS).start(utf8("\u00E9".repeat(255))));
    failure(
        FailureKind.PROTOCOL, server(SaslMechanism.ANONYMOUS).start(utf8("\u00E9".repeat(256))));
    failure(FailureKind.PROTOCOL, server(SaslMechanism.ANONYMOUS).start(utf8("a\r\nb")));
    failure(FailureKind.PROTOCOL, server(SaslMechanism.ANONYMOUS).start(new byte[2000]));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\0b", "a\rb", "a\nb", "\uD800", "\u0085"})
  @DisplayName("F15: credentials that hold NUL, controls or half a surrogate pair are not made")
  void badCredentialsAreNotMade(String text) {
    Secret secret = Secret.ofUtf8("pw");
    assertThrows(
        IllegalArgumentException.class, () -> new SaslCredentials.Password("", text, secret));
    assertThrows(
        IllegalArgumentException.class, () -> new SaslCredentials.Password(text, "a", secret));
    assertThrows(IllegalArgumentException.class, () -> new SaslCredentials.Certificate(text));
    assertThrows(IllegalArgumentException.class, () -> new SaslCredentials.Stranger(text));
    assertThrows(
        IllegalArgumentException.class, () -> new SaslCredentials.Token(text, secret, "", 0));
    assertThrows(
        IllegalArgumentException.class, () -> new SaslCredentials.Token("", secret, text, 0));
  }

  @ParameterizedTest
  @EnumSource(SaslMechanism.class)
  void mechanismsTakeOnlyTheirCredentials(SaslMechanism mechanism) {
    SaslCredentials[] all = {
      password("tim", "pw"),
      new SaslCredentials.Token("tim", Secret.ofUtf8("t"), "", 0),
      new SaslCredentials.Certificate(""),
      new SaslCredentials.Stranger("")
    };
    int fitting = 0;
    for (SaslCredentials credentials : all) {
      if (SaslClientExchange.fits(mechanism, credentials)) {
        fitting++;
      } else {
        assertThrows(IllegalArgumentException.class, () -> client(mechanism, credentials));
      }
    }
    assertEquals(1, fitting);
  }
}

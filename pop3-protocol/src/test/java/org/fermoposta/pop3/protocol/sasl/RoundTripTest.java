// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import static org.fermoposta.pop3.protocol.sasl.Exchanges.failure;
import static org.fermoposta.pop3.protocol.sasl.Exchanges.success;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.SaslStep.FailureKind;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our client against our server, every mechanism, over names and passwords of many scripts. */
class RoundTripTest {

  private static final SaslChannel TLS =
      new SaslChannel(
          List.of(
              ChannelBinding.of(ChannelBindingType.TLS_EXPORTER, new byte[32]),
              ChannelBinding.of(ChannelBindingType.TLS_SERVER_END_POINT, new byte[] {1, 2, 3})),
          true);

  private static final String LETTERS =
      "abcXYZ019 ,=@+.-_/\\\"'<>éßñøÅ\u00AA\u2168\u00AD\u00A0дЖλ漢字かなאבגकि\uD800\uDF30";

  static Stream<SaslMechanism> withPassword() {
    return Stream.of(SaslMechanism.values())
        .filter(
            m ->
                m.scramHash().isPresent()
                    || m == SaslMechanism.PLAIN
                    || m == SaslMechanism.LOGIN
                    || m == SaslMechanism.CRAM_MD5);
  }

  static Stream<SaslMechanism> withToken() {
    return Stream.of(SaslMechanism.OAUTHBEARER, SaslMechanism.XOAUTH2);
  }

  /** A store with one user, as strict about other people's names as a real one has to be. */
  private static Function<CredentialRequest, CredentialAnswer> users(String name, Secret password) {
    return request -> {
      try {
        return answer(request, SaslPrep.name(name), password);
      } catch (SaslException e) {
        throw new AssertionError(e);
      }
    };
  }

  private static CredentialAnswer answer(CredentialRequest request, String name, Secret password)
      throws SaslException {
    SaslIdentity identity = SaslIdentity.of(name);
    if (request instanceof CredentialRequest.Password asked) {
      return asked.authenticationId().equals(name)
              && asked.password().equals(SaslPrep.presentedPassword(password))
          ? new CredentialAnswer.Granted(identity)
          : new CredentialAnswer.Refused();
    } else if (request instanceof CredentialRequest.SharedSecret asked) {
      return asked.authenticationId().equals(name)
          ? new CredentialAnswer.SecretFound(identity, password)
          : new CredentialAnswer.Refused();
    } else if (request instanceof CredentialRequest.Keys asked) {
      return asked.authenticationId().equals(name)
          ? new CredentialAnswer.KeysFound(
              identity, ScramKeys.derive(asked.hash(), password, new byte[] {9, 8, 7}, 3))
          : new CredentialAnswer.Refused();
    }
    throw new AssertionError(request);
  }

  private static String randomText(Random random) {
    int[] letters = LETTERS.codePoints().toArray();
    StringBuilder text = new StringBuilder();
    do {
      text.setLength(0);
      int length = 1 + random.nextInt(24);
      for (int i = 0; i < length; i++) {
        text.appendCodePoint(letters[random.nextInt(letters.length)]);
      }
    } while (!isStorable(text)); // Mixed directions and the like: draw again.
    return text.toString();
  }

  private static boolean isStorable(CharSequence text) {
    try {
      return !SaslPrep.storedPassword(Secret.ofUtf8(text)).isEmpty();
    } catch (SaslException e) {
      return false;
    }
  }

  private static SaslClientExchange client(SaslMechanism mechanism, String name, String password) {
    return SaslClientExchange.of(
        mechanism, Exchanges.password(name, password), Exchanges.CLIENT, TLS);
  }

  private static SaslServerExchange server(SaslMechanism mechanism) {
    return SaslServerExchange.of(mechanism, Exchanges.SERVER, TLS);
  }

  @ParameterizedTest
  @MethodSource("withPassword")
  @DisplayName("S10 S14 S17 SC1 SC13 SC14 S21: the right password opens, however it is written")
  void theRightPasswordOpens(SaslMechanism mechanism) throws SaslException {
    Random random = new Random(42);
    for (int i = 0; i < 300; i++) {
      String name = randomText(random);
      String password = randomText(random);
      SaslClientExchange client = client(mechanism, name, password);
      SaslStep end =
          Exchanges.run(
              client, server(mechanism), i % 2 == 0, users(name, Secret.ofUtf8(password)));
      assertEquals(SaslIdentity.of(SaslPrep.name(name)), success(end));
      assertTrue(client.complete());
    }
  }

  @ParameterizedTest
  @MethodSource("withPassword")
  @DisplayName("SC12 A6: a wrong password and an unknown user fail alike")
  void aWrongPasswordAndAnUnknownUserFailAlike(SaslMechanism mechanism) throws SaslException {
    Random random = new Random(43);
    for (int i = 0; i < 50; i++) {
      String name = randomText(random);
      String password = randomText(random);
      List<SaslStep> ends = new ArrayList<>();
      for (String who : List.of(name, "nobody")) {
        // Few iterations, as the decoy must have for this client to accept them.
        SaslServerExchange server =
            SaslServerExchange.of(mechanism, Exchanges.SERVER.withDecoy(3, 3), TLS);
        SaslClientExchange client = client(mechanism, who, "not it");
        ends.add(Exchanges.run(client, server, true, users(name, Secret.ofUtf8(password))));
        assertEquals(mechanism.scramHash().isEmpty(), client.complete());
      }
      failure(FailureKind.CREDENTIALS, ends.get(0));
      assertEquals(ends.get(0), ends.get(1));
    }
  }

  @ParameterizedTest
  @MethodSource("withToken")
  @DisplayName("OA2 OA8: a long token arrives whole, with user, host and port")
  void aLongTokenArrivesWhole(SaslMechanism mechanism) throws SaslException {
    Random random = new Random(44);
    for (int i = 0; i < 100; i++) {
      String user = randomText(random);
      String token = "t".repeat(1 + random.nextInt(9000)) + "._~+/==";
      SaslClientExchange client =
          Exchanges.client(
              mechanism,
              new SaslCredentials.Token(user, Secret.ofUtf8(token), "pop.example.net", 995));
      SaslStep end =
          Exchanges.run(
              client,
              server(mechanism),
              i % 2 == 0,
              request -> {
                CredentialRequest.Token asked = (CredentialRequest.Token) request;
                assertTrue(asked.token().matches(Exchanges.utf8(token)));
                if (mechanism == SaslMechanism.OAUTHBEARER) {
                  assertEquals("pop.example.net", asked.host().orElseThrow());
                  assertEquals(995, asked.port().getAsInt());
                }
                return new CredentialAnswer.Granted(SaslIdentity.of(asked.authorizationId()));
              });
      assertEquals(SaslPrep.name(user), success(end).authorizationId());
      assertTrue(client.complete());
    }
  }

  @ParameterizedTest
  @MethodSource("withToken")
  @DisplayName("OA3 OA4 OA5 OA9: a refused token costs a round, and the client learns why")
  void aRefusedTokenCostsARound(SaslMechanism mechanism) throws SaslException {
    SaslClientExchange client =
        Exchanges.client(
            mechanism, new SaslCredentials.Token("tim", Secret.ofUtf8("t0ken"), "", 0));
    OAuthFailure why =
        OAuthFailure.of("invalid_token")
            .withScope("mail.pop")
            .withOpenIdConfiguration("https://id.example.net/.well-known/openid-configuration");
    SaslStep end =
        Exchanges.run(
            client, server(mechanism), true, request -> new CredentialAnswer.TokenRefused(why));
    failure(FailureKind.CREDENTIALS, end);
    assertFalse(client.complete());
    assertEquals(why, client.oauthFailure().orElseThrow());
  }

  @ParameterizedTest
  @MethodSource("withPassword")
  @DisplayName("A11: a failing user database is no wrong password")
  void aFailingUserDatabaseIsNoWrongPassword(SaslMechanism mechanism) throws SaslException {
    for (boolean forNow : new boolean[] {true, false}) {
      SaslStep end =
          Exchanges.run(
              client(mechanism, "tim", "secret"),
              server(mechanism),
              true,
              request -> new CredentialAnswer.Unavailable(forNow));
      failure(forNow ? FailureKind.UNAVAILABLE_FOR_NOW : FailureKind.UNAVAILABLE, end);
    }
  }

  @ParameterizedTest
  @MethodSource("withPassword")
  @DisplayName("SC6: another binding on each side fails, with -PLUS only")
  void anotherBindingOnEachSideFails(SaslMechanism mechanism) throws SaslException {
    SaslChannel other =
        new SaslChannel(
            List.of(
                ChannelBinding.of(ChannelBindingType.TLS_EXPORTER, Exchanges.utf8("x".repeat(32)))),
            true);
    SaslServerExchange server = SaslServerExchange.of(mechanism, Exchanges.SERVER, other);
    SaslStep end =
        Exchanges.run(
            client(mechanism, "tim", "secret"),
            server,
            true,
            users("tim", Secret.ofUtf8("secret")));
    if (mechanism.bindsChannel()) {
      failure(FailureKind.PROTOCOL, end);
    } else {
      success(end);
    }
  }

  @ParameterizedTest
  @MethodSource("withPassword")
  @DisplayName("S11 SC16: somebody who asks for another's maildrop is judged by the user store")
  void actingForAnotherIsJudgedByTheStore(SaslMechanism mechanism) throws SaslException {
    SaslCredentials asBoss =
        new SaslCredentials.Password("boss, the =", "tim", Secret.ofUtf8("secret"));
    if (!SaslClientExchange.fits(mechanism, asBoss)) {
      assertThrows(IllegalArgumentException.class, () -> Exchanges.client(mechanism, asBoss));
      return;
    }
    for (boolean allowed : new boolean[] {true, false}) {
      SaslClientExchange client = SaslClientExchange.of(mechanism, asBoss, Exchanges.CLIENT, TLS);
      List<String> asked = new ArrayList<>();
      SaslStep end =
          Exchanges.run(
              client,
              SaslServerExchange.of(mechanism, Exchanges.SERVER.withDecoy(3, 3), TLS),
              true,
              request -> {
                asked.add(
                    request instanceof CredentialRequest.Password password
                        ? password.authorizationId()
                        : ((CredentialRequest.Keys) request).authorizationId());
                return allowed ? asBoss(request) : new CredentialAnswer.Refused();
              });
      assertEquals(List.of("boss, the ="), asked);
      if (allowed) {
        assertEquals(new SaslIdentity("tim", "boss, the ="), success(end));
      } else {
        failure(FailureKind.CREDENTIALS, end);
      }
    }
  }

  private static CredentialAnswer asBoss(CredentialRequest request) {
    SaslIdentity identity = new SaslIdentity("tim", "boss, the =");
    try {
      return request instanceof CredentialRequest.Keys keys
          ? new CredentialAnswer.KeysFound(
              identity, ScramKeys.derive(keys.hash(), Secret.ofUtf8("secret"), new byte[] {1}, 3))
          : new CredentialAnswer.Granted(identity);
    } catch (SaslException e) {
      throw new AssertionError(e);
    }
  }
}

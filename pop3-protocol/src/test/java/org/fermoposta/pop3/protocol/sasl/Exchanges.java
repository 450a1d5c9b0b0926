// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.Random;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.SaslStep.Challenge;
import org.fermoposta.pop3.protocol.sasl.SaslStep.Failure;
import org.fermoposta.pop3.protocol.sasl.SaslStep.FailureKind;
import org.fermoposta.pop3.protocol.sasl.SaslStep.Success;
import org.fermoposta.pop3.protocol.sasl.SaslStep.Verify;

/** What the tests of this package share: short forms, and a runner of client against server. */
final class Exchanges {

  static final SaslServerOptions SERVER =
      SaslServerOptions.of("pop.example.net", Secret.ofUtf8("0123456789abcdef"))
          .withRandom(new Random(7));

  static final SaslClientOptions CLIENT = new SaslClientOptions(new Random(11), 1, 10_000);

  private Exchanges() {}

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] octets) {
    return new String(octets, StandardCharsets.UTF_8);
  }

  static SaslServerExchange server(SaslMechanism mechanism) {
    return SaslServerExchange.of(mechanism, SERVER, SaslChannel.UNBOUND);
  }

  static SaslClientExchange client(SaslMechanism mechanism, SaslCredentials credentials) {
    return SaslClientExchange.of(mechanism, credentials, CLIENT, SaslChannel.UNBOUND);
  }

  static SaslCredentials.Password password(String name, String password) {
    return SaslCredentials.Password.of(name, Secret.ofUtf8(password));
  }

  static String challenge(SaslStep step) {
    return text(assertInstanceOf(Challenge.class, step).octets());
  }

  static CredentialRequest request(SaslStep step) {
    return assertInstanceOf(Verify.class, step).request();
  }

  static SaslIdentity success(SaslStep step) {
    return assertInstanceOf(Success.class, step).identity();
  }

  static Failure failure(FailureKind kind, SaslStep step) {
    Failure failure = assertInstanceOf(Failure.class, step);
    assertEquals(kind, failure.kind(), failure.logText());
    return failure;
  }

  /** Randomness that yields these nonces: base64 text of octets to come, in order. */
  static RandomGenerator nonces(String... texts) {
    Deque<byte[]> queue = new ArrayDeque<>();
    for (String text : texts) {
      queue.add(Base64.getDecoder().decode(text));
    }
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        throw new AssertionError("only octets are asked for here");
      }

      @Override
      public void nextBytes(byte[] target) {
        byte[] next = queue.remove();
        assertEquals(target.length, next.length);
        System.arraycopy(next, 0, target, 0, next.length);
      }
    };
  }

  /** Plays a whole exchange as a session would, every message going through its line form. */
  static SaslStep run(
      SaslClientExchange client,
      SaslServerExchange server,
      boolean withInitialResponse,
      Function<CredentialRequest, CredentialAnswer> users)
      throws SaslException {
    SaslStep step;
    if (withInitialResponse && client.hasInitialResponse()) {
      byte[] argument = SaslBase64.encodeInitialResponse(client.initialResponse());
      step = server.start(SaslBase64.decodeInitialResponse(argument, 0, argument.length, 16_384));
    } else {
      step = server.start();
    }
    while (true) {
      if (step instanceof Challenge challenge) {
        step = server.respond(throughLine(client.respond(throughLine(challenge.octets()))));
      } else if (step instanceof Verify verify) {
        step = server.answer(users.apply(verify.request()));
      } else {
        return step;
      }
    }
  }

  private static byte[] throughLine(byte[] message) throws SaslException {
    byte[] line = SaslBase64.encode(message);
    return SaslBase64.decode(line, 0, line.length, 16_384);
  }
}

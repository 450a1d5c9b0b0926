// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import static org.fermoposta.pop3.protocol.sasl.Exchanges.utf8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.fermoposta.pop3.protocol.Secret;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random and mutated messages against every exchange: servers answer with steps, clients throw
 * {@link SaslException} and nothing else, and neither is ever talked into success by a message that
 * differs from the right one.
 */
class SaslFuzzTest {

  private static final int ROUNDS = 4_000;

  private static final List<String> SEEDS =
      List.of(
          "\0tim\0secret",
          "tim b913a602c7eda7a495b4e6e7334d3890",
          "n,,n=tim,r=abcdef",
          "y,a=boss,n=tim,r=abcdef,x=1",
          "p=tls-server-end-point,,n=tim,r=abcdef",
          "c=biws,r=abcdefAAAA,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
          "r=abcdefAAAA,s=QSXCR+Q6sek8bf92,i=5",
          "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
          "e=other-error",
          "n,a=tim,\1host=h\1port=995\1auth=Bearer tok\1\1",
          "user=tim\1auth=Bearer tok\1\1",
          "{\"status\":\"x\",\"scope\":[{\"a\":-1.5e3}],\"b\":null}",
          "<1.2@[192.0.2.1]>",
          "\u2168\u00AD\u06271\uD83D\uDD11",
          "");

  private static final SaslChannel TLS =
      new SaslChannel(
          List.of(ChannelBinding.of(ChannelBindingType.TLS_SERVER_END_POINT, new byte[] {1})),
          false);

  /** A seed with some octets changed, removed, doubled, or spliced with another seed. */
  private static byte[] mutated(Random random, byte[] seed) {
    byte[] octets = seed;
    int changes = random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(octets.length + 1);
      byte[] other = utf8(SEEDS.get(random.nextInt(SEEDS.size())));
      byte[] inserted =
          switch (random.nextInt(4)) {
            case 0 -> new byte[] {(byte) random.nextInt(256)};
            case 1 -> new byte[] {(byte) "\0\1,=nrcpvsiam ".charAt(random.nextInt(14))};
            case 2 -> Arrays.copyOf(other, random.nextInt(other.length + 1));
            default -> new byte[0];
          };
      int skipped = Math.min(random.nextInt(3), octets.length - at);
      byte[] next = new byte[octets.length - skipped + inserted.length];
      System.arraycopy(octets, 0, next, 0, at);
      System.arraycopy(inserted, 0, next, at, inserted.length);
      System.arraycopy(
          octets, at + skipped, next, at + inserted.length, octets.length - at - skipped);
      octets = next;
    }
    return octets;
  }

  private static byte[] hostile(Random random) {
    if (random.nextInt(4) == 0) {
      byte[] octets = new byte[random.nextInt(60)];
      random.nextBytes(octets);
      return octets;
    }
    return mutated(random, utf8(SEEDS.get(random.nextInt(SEEDS.size()))));
  }

  private static SaslCredentials credentials(SaslMechanism mechanism) {
    return switch (mechanism) {
      case OAUTHBEARER, XOAUTH2 -> new SaslCredentials.Token("tim", Secret.ofUtf8("tok"), "h", 995);
      case EXTERNAL -> new SaslCredentials.Certificate("tim");
      case ANONYMOUS -> new SaslCredentials.Stranger("tim");
      default -> Exchanges.password("tim", "secret");
    };
  }

  private static CredentialAnswer answer(SaslMechanism mechanism, Random random)
      throws SaslException {
    if (random.nextInt(3) == 0) {
      return new CredentialAnswer.Refused();
    }
    SaslIdentity tim = SaslIdentity.of("tim");
    if (mechanism == SaslMechanism.CRAM_MD5) {
      return new CredentialAnswer.SecretFound(tim, Secret.ofUtf8("secret"));
    } else if (mechanism.scramHash().isPresent()) {
      return new CredentialAnswer.KeysFound(
          tim,
          ScramKeys.derive(
              mechanism.scramHash().get(), Secret.ofUtf8("secret"), new byte[] {1}, 2));
    }
    return new CredentialAnswer.Refused();
  }

  @ParameterizedTest
  @EnumSource(SaslMechanism.class)
  @DisplayName("S20 SC2 OA2: servers answer any message with a step, in few rounds, never success")
  void serversAnswerAnyMessageWithAStep(SaslMechanism mechanism) throws SaslException {
    Random random = new Random(mechanism.ianaName().hashCode());
    for (int i = 0; i < ROUNDS; i++) {
      SaslServerExchange server = SaslServerExchange.of(mechanism, Exchanges.SERVER, TLS);
      SaslStep step = random.nextBoolean() ? server.start() : server.start(hostile(random));
      int rounds = 0;
      while (!(step instanceof SaslStep.Failure)) {
        assertFalse(step instanceof SaslStep.Success, "hostile messages never log in");
        step =
            step instanceof SaslStep.Verify
                ? server.answer(answer(mechanism, random))
                : server.respond(hostile(random));
        assertTrue(++rounds < 8, "exchanges end");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(SaslMechanism.class)
  @DisplayName("S20 N099 N100 N102: clients survive any challenges, and throw SaslException only")
  void clientsSurviveAnyChallenges(SaslMechanism mechanism) {
    Random random = new Random(~mechanism.ianaName().hashCode());
    for (int i = 0; i < ROUNDS; i++) {
      SaslClientExchange client =
          SaslClientExchange.of(mechanism, credentials(mechanism), Exchanges.CLIENT, TLS);
      int rounds = 0;
      try {
        if (client.hasInitialResponse() && random.nextBoolean()) {
          assertTrue(client.initialResponse().length > 0);
        }
        while (true) {
          byte[] sent = client.respond(hostile(random));
          assertTrue(sent.length < 1000 && ++rounds < 8, "exchanges end");
          assertFalse(
              client.complete() && mechanism.scramHash().isPresent(), "nobody proved anything");
        }
      } catch (SaslException e) {
        assertFalse(client.complete());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = SaslMechanism.class,
      names = {"SCRAM_SHA_1", "SCRAM_SHA_256_PLUS", "CRAM_MD5"})
  @DisplayName("SC2 SC4 SC6 SC7 SC8: whoever changes a message on its way spoils the exchange")
  void aChangedMessageSpoilsTheExchange(SaslMechanism mechanism) throws SaslException {
    Random random = new Random(7);
    int spoiled = 0;
    for (int i = 0; i < ROUNDS; i++) {
      SaslClientExchange client =
          SaslClientExchange.of(mechanism, credentials(mechanism), Exchanges.CLIENT, TLS);
      SaslServerExchange server = SaslServerExchange.of(mechanism, Exchanges.SERVER, TLS);
      int changeAt = random.nextInt(mechanism == SaslMechanism.CRAM_MD5 ? 2 : 4);
      boolean succeeded = false;
      boolean changed = false;
      try {
        SaslStep step = server.start();
        int messages = mechanism.clientFirst() ? -1 : 0;
        while (step instanceof SaslStep.Challenge || step instanceof SaslStep.Verify) {
          if (step instanceof SaslStep.Verify verify) {
            step = server.answer(known(verify.request()));
            continue;
          }
          byte[] challenge = ((SaslStep.Challenge) step).octets();
          byte[] received = messages == changeAt ? mutated(random, challenge) : challenge;
          changed |= !Arrays.equals(received, challenge);
          byte[] response = client.respond(received);
          messages++;
          byte[] arrived = messages == changeAt ? mutated(random, response) : response;
          changed |= !Arrays.equals(arrived, response);
          messages++;
          step = server.respond(arrived);
        }
        succeeded = step instanceof SaslStep.Success && client.complete();
      } catch (SaslException e) {
        succeeded = false;
      }
      assertFalse(changed && succeeded, "changed, yet both sides are content");
      assertTrue(changed || succeeded, "unchanged, yet it failed");
      spoiled += changed ? 1 : 0;
    }
    assertTrue(spoiled > ROUNDS / 4, "the test does change messages: " + spoiled);
  }

  private static CredentialAnswer known(CredentialRequest request) throws SaslException {
    SaslIdentity tim = SaslIdentity.of("tim");
    Secret secret = Secret.ofUtf8("secret");
    if (request instanceof CredentialRequest.SharedSecret asked) {
      return asked.authenticationId().equals("tim")
          ? new CredentialAnswer.SecretFound(tim, secret)
          : new CredentialAnswer.Refused();
    }
    CredentialRequest.Keys asked = (CredentialRequest.Keys) request;
    return new CredentialAnswer.KeysFound(
        tim, ScramKeys.derive(asked.hash(), secret, new byte[] {1}, 2));
  }
}

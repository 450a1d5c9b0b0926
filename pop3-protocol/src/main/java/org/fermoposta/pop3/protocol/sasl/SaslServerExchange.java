// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import org.fermoposta.pop3.protocol.sasl.SaslStep.Challenge;
import org.fermoposta.pop3.protocol.sasl.SaslStep.Failure;
import org.fermoposta.pop3.protocol.sasl.SaslStep.FailureKind;

/**
 * The server's side of one {@code AUTH}. Pure: it neither sends, waits nor looks up, but says what
 * to do next as a {@link SaslStep}.
 *
 * <ol>
 *   <li>{@link #start()}, or {@link #start(byte[])} with the initial response;
 *   <li>after a {@link Challenge}, {@link #respond} with the client's decoded line, or {@link
 *       #cancel()} if that was {@code *} or no base64;
 *   <li>after a {@link SaslStep.Verify}, {@link #answer};
 *   <li>until {@link SaslStep.Success} or {@link Failure}.
 * </ol>
 *
 * <p>Whatever a client sends leads to a step; exceptions mean that the caller broke the order
 * above. No exchange has more than four rounds. Not thread-safe: one call at a time, with the
 * happens-before of whatever carries the answer.
 */
public abstract class SaslServerExchange {

  private enum State {
    NEW,
    CLIENT,
    OUTSIDE,
    DONE
  }

  private final SaslMechanism mechanism;
  private State state = State.NEW;

  SaslServerExchange(SaslMechanism mechanism) {
    this.mechanism = mechanism;
  }

  /**
   * An exchange that has not begun.
   *
   * @param channel what this connection can be bound to; {@link SaslChannel#UNBOUND} without TLS.
   *     Whether the mechanism may be used at all ({@link SaslMechanism#needsTls()}) is the caller's
   *     check
   */
  public static SaslServerExchange of(
      SaslMechanism mechanism, SaslServerOptions options, SaslChannel channel) {
    return switch (mechanism) {
      case PLAIN -> new PlainServer(options);
      case LOGIN -> new LoginServer(options);
      case CRAM_MD5 -> new CramMd5Server(options);
      case OAUTHBEARER, XOAUTH2 -> new OAuthServer(mechanism, options);
      case EXTERNAL -> new ExternalServer();
      case ANONYMOUS -> new AnonymousServer();
      default -> new ScramServer(mechanism, options, channel);
    };
  }

  /** The mechanism. */
  public final SaslMechanism mechanism() {
    return mechanism;
  }

  /**
   * Begins without initial response.
   *
   * @throws IllegalStateException if the exchange has begun
   */
  public final SaslStep start() {
    require(State.NEW);
    return became(opening());
  }

  /**
   * Begins with the initial response; it fails for mechanisms where the server speaks first.
   *
   * @param initialResponse <b>borrows</b>; decoded, no octets for {@code =}
   * @throws IllegalStateException if the exchange has begun
   */
  public final SaslStep start(byte[] initialResponse) {
    require(State.NEW);
    if (!mechanism.clientFirst()) {
      return became(
          new Failure(
              FailureKind.PROTOCOL,
              mechanism.ianaName()
                  + ": initial response (expected: none, the server speaks first)"));
    }
    state = State.CLIENT;
    return respond(initialResponse);
  }

  /**
   * Takes the client's answer to the challenge.
   *
   * @param response <b>borrows</b>; decoded
   * @throws IllegalStateException if no challenge is open
   */
  public final SaslStep respond(byte[] response) {
    require(State.CLIENT);
    try {
      return became(onResponse(response));
    } catch (SaslException e) {
      FailureKind kind = e.aboutCredentials() ? FailureKind.CREDENTIALS : FailureKind.PROTOCOL;
      return became(new Failure(kind, mechanism.ianaName() + ": " + e.getMessage()));
    }
  }

  /**
   * Takes the answer to the request of {@link SaslStep.Verify}.
   *
   * @throws IllegalStateException if no request is open
   * @throws IllegalArgumentException if the answer does not fit the request
   */
  public final SaslStep answer(CredentialAnswer answer) {
    require(State.OUTSIDE);
    if (answer instanceof CredentialAnswer.Unavailable unavailable) {
      FailureKind kind =
          unavailable.forNow() ? FailureKind.UNAVAILABLE_FOR_NOW : FailureKind.UNAVAILABLE;
      return became(new Failure(kind, mechanism.ianaName() + ": user database unavailable"));
    }
    return became(onAnswer(answer));
  }

  /**
   * Ends the exchange because the client cancelled it, or sent something that is not base64.
   *
   * @return the failure
   * @throws IllegalStateException if the exchange is over
   */
  public final SaslStep cancel() {
    if (state == State.DONE) {
      throw new IllegalStateException("exchange: over (expected: under way)");
    }
    return became(new Failure(FailureKind.CANCELLED, mechanism.ianaName() + ": cancelled"));
  }

  /** What the server says before the client has said anything. */
  SaslStep opening() {
    return Challenge.EMPTY;
  }

  abstract SaslStep onResponse(byte[] response) throws SaslException;

  abstract SaslStep onAnswer(CredentialAnswer answer);

  /** For mechanisms where the answer decides everything. */
  final SaslStep decided(CredentialAnswer answer) {
    if (answer instanceof CredentialAnswer.Granted granted) {
      return new SaslStep.Success(granted.identity());
    } else if (answer instanceof CredentialAnswer.Refused) {
      return wrongCredentials();
    }
    throw misfit(answer);
  }

  final Failure wrongCredentials() {
    return new Failure(FailureKind.CREDENTIALS, mechanism.ianaName() + ": wrong credentials");
  }

  final IllegalArgumentException misfit(CredentialAnswer answer) {
    return new IllegalArgumentException(
        mechanism.ianaName() + ": answer " + answer.getClass().getSimpleName() + " does not fit");
  }

  private SaslStep became(SaslStep step) {
    if (step instanceof Challenge) {
      state = State.CLIENT;
    } else if (step instanceof SaslStep.Verify) {
      state = State.OUTSIDE;
    } else {
      state = State.DONE;
    }
    return step;
  }

  private void require(State wanted) {
    if (state != wanted) {
      throw new IllegalStateException("exchange: " + state + " (expected: " + wanted + ")");
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.util.Optional;

/**
 * The client's side of one {@code AUTH}. Pure: it turns challenges into responses.
 *
 * <ol>
 *   <li>If {@link #hasInitialResponse()}, send {@link #initialResponse()} with {@code AUTH}; if it
 *       does not fit there, send it in answer to the first challenge, or just pass that challenge
 *       to {@link #respond};
 *   <li>pass each challenge to {@link #respond} and send what it returns; send {@code *} when it
 *       throws, or when a challenge is not base64;
 *   <li>believe a {@code +OK} only if {@link #complete()}: with SCRAM the server must have proven
 *       itself before.
 * </ol>
 *
 * <p>After a {@link SaslException} the exchange has failed and stays so. Not thread-safe. SCRAM
 * spends up to {@link SaslClientOptions#maxIterations()} iterations in one {@code respond}: not for
 * an event loop.
 */
public abstract class SaslClientExchange {

  private enum State {
    NEW,
    UNDER_WAY,
    COMPLETE,
    FAILED
  }

  private final SaslMechanism mechanism;
  private State state = State.NEW;

  SaslClientExchange(SaslMechanism mechanism) {
    this.mechanism = mechanism;
  }

  /**
   * An exchange that has not begun.
   *
   * @throws IllegalArgumentException if the credentials do not fit the mechanism ({@link #fits}),
   *     or there is nothing to bind to for a {@code -PLUS} mechanism
   */
  public static SaslClientExchange of(
      SaslMechanism mechanism,
      SaslCredentials credentials,
      SaslClientOptions options,
      SaslChannel channel) {
    if (!fits(mechanism, credentials)) {
      throw new IllegalArgumentException(
          mechanism.ianaName()
              + ": does not take these credentials: "
              + credentials.getClass().getSimpleName());
    }
    if (mechanism.bindsChannel() && channel.bindings().isEmpty()) {
      throw new IllegalArgumentException(
          mechanism.ianaName() + ": nothing to bind to (expected: a channel binding)");
    }
    if (credentials instanceof SaslCredentials.Password password) {
      return switch (mechanism) {
        case PLAIN -> SimpleClient.plain(password);
        case LOGIN -> new LoginClient(password);
        case CRAM_MD5 -> new CramMd5Client(password);
        default -> new ScramClient(mechanism, password, options, channel);
      };
    } else if (credentials instanceof SaslCredentials.Token token) {
      return new OAuthClient(mechanism, token);
    } else if (credentials instanceof SaslCredentials.Certificate certificate) {
      return SimpleClient.external(certificate);
    }
    return SimpleClient.anonymous((SaslCredentials.Stranger) credentials);
  }

  /** Whether the mechanism can carry these credentials, other user to act for included. */
  public static boolean fits(SaslMechanism mechanism, SaslCredentials credentials) {
    return switch (mechanism) {
      case OAUTHBEARER -> credentials instanceof SaslCredentials.Token;
      case XOAUTH2 -> credentials instanceof SaslCredentials.Token token && !token.user().isEmpty();
      case EXTERNAL -> credentials instanceof SaslCredentials.Certificate;
      case ANONYMOUS -> credentials instanceof SaslCredentials.Stranger;
      case LOGIN, CRAM_MD5 ->
          credentials instanceof SaslCredentials.Password password
              && (password.authorizationId().isEmpty()
                  || password.authorizationId().equals(password.authenticationId()));
      default -> credentials instanceof SaslCredentials.Password;
    };
  }

  /** The mechanism. */
  public final SaslMechanism mechanism() {
    return mechanism;
  }

  /** Whether the client speaks first, so that {@link #initialResponse()} may be called. */
  public final boolean hasInitialResponse() {
    return mechanism.clientFirst();
  }

  /**
   * The first message; may have no octets, which the line shows as {@code =}.
   *
   * @return a new array that may hold credentials
   * @throws IllegalStateException if the server speaks first, or the exchange has begun
   * @throws SaslException if SASLprep refuses the credentials
   */
  public final byte[] initialResponse() throws SaslException {
    if (!hasInitialResponse() || state != State.NEW) {
      throw new IllegalStateException(
          mechanism.ianaName() + ": initial response (expected: client-first, exchange new)");
    }
    return step(new byte[0]);
  }

  /**
   * Answers a challenge.
   *
   * @param challenge <b>borrows</b>; decoded
   * @return a new array that may hold credentials; no octets for an empty line
   * @throws SaslException if the challenge breaks the mechanism's rules, the server fails to prove
   *     itself, the exchange is over, or SASLprep refuses the credentials
   */
  public final byte[] respond(byte[] challenge) throws SaslException {
    if (state == State.NEW && hasInitialResponse() && challenge.length != 0) {
      state = State.FAILED;
      throw failure("challenge before the client spoke (expected: an empty one)");
    }
    return step(challenge);
  }

  /** Whether a {@code +OK} now means that the login succeeded. */
  public final boolean complete() {
    return state == State.COMPLETE;
  }

  /**
   * Why the server refused the token, as far as it said so and the mechanism is one of OAuth; empty
   * otherwise.
   */
  public Optional<OAuthFailure> oauthFailure() {
    return Optional.empty();
  }

  /** For a client-first mechanism the first challenge has no octets. */
  abstract byte[] onChallenge(byte[] challenge) throws SaslException;

  /** Whether all that this side demands has happened. Asked after each response. */
  abstract boolean satisfied();

  final SaslException failure(String text) {
    return new SaslException(mechanism.ianaName() + ": " + text);
  }

  private byte[] step(byte[] challenge) throws SaslException {
    if (state == State.FAILED) {
      throw failure("challenge after the exchange failed (expected: none)");
    }
    state = State.FAILED;
    byte[] response = onChallenge(challenge);
    state = satisfied() ? State.COMPLETE : State.UNDER_WAY;
    return response;
  }
}

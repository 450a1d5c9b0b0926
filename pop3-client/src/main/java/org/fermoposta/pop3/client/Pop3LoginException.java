// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import java.time.Duration;
import java.util.Optional;
import org.fermoposta.pop3.protocol.Capabilities;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.ResponseCode;
import org.fermoposta.pop3.protocol.sasl.OAuthFailure;
import org.jspecify.annotations.Nullable;

/**
 * The server refused the login. {@link #reason()} says whether asking for another password makes
 * sense: only with {@link Reason#CREDENTIALS}, and perhaps with {@link Reason#UNSTATED}.
 */
public final class Pop3LoginException extends Pop3CommandException {
  private static final long serialVersionUID = 1L;

  /** Why, as far as the server said so by a response code (RFC 2449, section 8; RFC 3206). */
  public enum Reason {
    /** Name or password is wrong. */
    CREDENTIALS,
    /** Another session holds the maildrop; later it will do. */
    IN_USE,
    /** The last login was too recent; see {@link Pop3LoginException#loginDelay()}. */
    LOGIN_DELAY,
    /** The server has a problem that may pass. */
    TEMPORARY,
    /** The server has a problem that somebody has to mend. */
    PERMANENT,
    /** No code that we know: wrong credentials or anything else. */
    UNSTATED
  }

  private final Reason reason;
  private final int loginDelaySeconds;
  private final transient @Nullable OAuthFailure oauthFailure;

  /**
   * Creates an exception.
   *
   * @param endpoint the server as {@code host:port}
   * @param command what was refused, without its arguments
   * @param reply the negative reply
   * @param capabilities what the server said of itself, for its login delay
   * @param oauthFailure what it said of an access token
   */
  public Pop3LoginException(
      String endpoint,
      String command,
      Pop3Reply reply,
      Capabilities capabilities,
      Optional<OAuthFailure> oauthFailure) {
    super(
        endpoint,
        command,
        reply,
        "login refused at "
            + command
            + ": "
            + shown(reply)
            + oauthFailure.map(f -> " (token: " + f.status() + ")").orElse(""));
    this.oauthFailure = oauthFailure.orElse(null);
    reason = reasonOf(Optional.ofNullable(reply.code()));
    loginDelaySeconds = capabilities.loginDelaySeconds().orElse(-1);
  }

  /** Returns why. */
  public Reason reason() {
    return reason;
  }

  /** Returns whether other credentials may help: they were refused, or nothing was said. */
  public boolean mayBeCredentials() {
    return reason == Reason.CREDENTIALS || reason == Reason.UNSTATED;
  }

  /**
   * Returns what the server said of the access token (RFC 7628, section 3.2.2). Lost by
   * serialization.
   */
  public Optional<OAuthFailure> oauthFailure() {
    return Optional.ofNullable(oauthFailure);
  }

  /** Returns the least time between logins, if the server told it (RFC 2449, section 6.5). */
  public Optional<Duration> loginDelay() {
    return loginDelaySeconds < 0
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds(loginDelaySeconds));
  }

  private static Reason reasonOf(Optional<ResponseCode> code) {
    if (code.isEmpty()) {
      return Reason.UNSTATED;
    }
    ResponseCode given = code.get();
    if (given.isWithin(ResponseCode.AUTH)) {
      return Reason.CREDENTIALS;
    } else if (given.isWithin(ResponseCode.IN_USE)) {
      return Reason.IN_USE;
    } else if (given.isWithin(ResponseCode.LOGIN_DELAY)) {
      return Reason.LOGIN_DELAY;
    } else if (given.isWithin(ResponseCode.SYS_TEMP)) {
      return Reason.TEMPORARY;
    } else if (given.isWithin(ResponseCode.SYS_PERM)) {
      return Reason.PERMANENT;
    }
    return Reason.UNSTATED;
  }
}

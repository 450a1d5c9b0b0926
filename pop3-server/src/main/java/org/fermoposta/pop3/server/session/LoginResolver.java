// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import java.util.Optional;
import org.fermoposta.pop3.protocol.sasl.CredentialAnswer;
import org.fermoposta.pop3.server.auth.Account;
import org.fermoposta.pop3.server.auth.Authenticator;
import org.fermoposta.pop3.server.auth.UserAnswer;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out whose maildrop a login means, whatever the mechanism. Blocks. */
final class LoginResolver {
  private static final Logger log = LoggerFactory.getLogger(LoginResolver.class);

  private final Authenticator authenticator;

  /** What a login means. */
  sealed interface Resolution {

    /** This maildrop, of a user who may log in. */
    record Known(MaildropAddress address, UserAnswer.Found user) implements Resolution {
      Account account() {
        return user.account();
      }
    }

    /** Nobody's, or somebody's who may not log in, or not as this one. */
    record Nobody() implements Resolution {}

    /** Nobody can tell. */
    record Unavailable(CredentialAnswer.Unavailable answer) implements Resolution {}
  }

  LoginResolver(Authenticator authenticator) {
    this.authenticator = authenticator;
  }

  /**
   * The longest user name that an account has; its own name is in the address.
   *
   * @param authorizationId whom to act as; nobody may act for another (RFC 4616, section 2), so it
   *     is empty or names the same user. Who names a folder or device there and not in the login
   *     proper gets it
   */
  Resolution resolve(String authorizationId, String authenticationId) {
    Resolution own = resolve(authenticationId);
    if (authorizationId.isEmpty() || !(own instanceof Resolution.Known known)) {
      return own;
    }
    Resolution other = resolve(authorizationId);
    if (!(other instanceof Resolution.Known wanted)) {
      return other;
    }
    MaildropAddress address = known.address();
    if (!wanted.address().user().equals(address.user())) {
      return new Resolution.Nobody();
    }
    return new Resolution.Known(
        new MaildropAddress(
            address.user(),
            address.folder().or(wanted.address()::folder),
            address.device().or(wanted.address()::device)),
        known.user());
  }

  private Resolution resolve(String login) {
    for (MaildropAddress reading : MaildropAddress.readings(login)) {
      UserAnswer answer = authenticator.find(reading.user());
      if (answer instanceof UserAnswer.Found found) {
        return new Resolution.Known(
            new MaildropAddress(found.account().name(), reading.folder(), reading.device()), found);
      } else if (answer instanceof UserAnswer.Unavailable down) {
        return new Resolution.Unavailable(unavailable(down.failure(), down.logText()));
      }
    }
    return new Resolution.Nobody();
  }

  /** Logs why nobody can tell, and tells it. */
  static CredentialAnswer.Unavailable unavailable(MaildropFailure failure, String logText) {
    log.error("logins cannot be checked: {}", logText);
    return new CredentialAnswer.Unavailable(failure == MaildropFailure.TEMPORARY);
  }

  /** The login of somebody who is known. */
  static Optional<Login> login(Account account, MaildropAddress address) {
    return Optional.of(
        new Login(
            account, new MaildropAddress(account.name(), address.folder(), address.device())));
  }
}

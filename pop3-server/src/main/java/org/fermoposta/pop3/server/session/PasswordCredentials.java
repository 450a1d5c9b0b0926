// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import java.util.List;
import java.util.Optional;
import org.fermoposta.pop3.protocol.sasl.CredentialAnswer;
import org.fermoposta.pop3.protocol.sasl.CredentialRequest;
import org.fermoposta.pop3.protocol.sasl.SaslIdentity;
import org.fermoposta.pop3.server.auth.Account;
import org.fermoposta.pop3.server.auth.AuthResult;
import org.fermoposta.pop3.server.auth.Authenticator;
import org.fermoposta.pop3.server.auth.LoginContext;
import org.fermoposta.pop3.server.device.Devices;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers for mechanisms that show the password: it is a device's own, or an {@link Authenticator}
 * checks it.
 */
public final class PasswordCredentials implements CredentialChecker {
  private static final Logger log = LoggerFactory.getLogger(PasswordCredentials.class);

  private final Authenticator authenticator;
  private final Devices devices;

  /** Creates a checker over a back end and the devices that have passwords of their own. */
  public PasswordCredentials(Authenticator authenticator, Devices devices) {
    this.authenticator = authenticator;
    this.devices = devices;
  }

  @Override
  public CredentialCheck check(CredentialRequest request, LoginContext context) {
    if (!(request instanceof CredentialRequest.Password password)) {
      return CredentialCheck.without(new CredentialAnswer.Refused());
    }
    Optional<MaildropAddress> meant = resolve(password.authenticationId());
    String user = meant.map(address -> address.user().value()).orElse(password.authenticationId());
    Optional<MaildropAddress> wanted =
        meant.flatMap(address -> actingAs(password.authorizationId(), address));
    Optional<Account> known = wanted.flatMap(address -> authenticator.find(address.user()));
    if (wanted.isPresent() && known.isPresent()) {
      try {
        Devices.Recognised login =
            devices.recognise(wanted.get(), Optional.of(password.password()));
        if (login.byPassword()) {
          return granted(known.get(), login.address());
        }
        wanted = Optional.of(login.address());
      } catch (MaildropException e) {
        log.error("logins of {} cannot be checked: {}", LogText.quote(user), e.logText());
        return CredentialCheck.without(
            new CredentialAnswer.Unavailable(e.failure() == MaildropFailure.TEMPORARY));
      }
    }
    AuthResult result = authenticator.authenticate(user, password.password());
    if (result instanceof AuthResult.Accepted accepted) {
      Account account = accepted.account();
      return wanted
          .filter(address -> address.user().equals(account.name()))
          .map(address -> granted(account, address))
          .orElseGet(() -> CredentialCheck.without(new CredentialAnswer.Refused()));
    }
    if (result instanceof AuthResult.Unavailable unavailable) {
      log.error("logins cannot be checked: {}", unavailable.logText());
      return CredentialCheck.without(
          new CredentialAnswer.Unavailable(unavailable.failure() == MaildropFailure.TEMPORARY));
    }
    if (result instanceof AuthResult.Rejected rejected) {
      log.info("{}", rejected.logText());
    }
    return CredentialCheck.without(new CredentialAnswer.Refused());
  }

  /** The longest user name that an account has; without an account, the login as a whole. */
  private Optional<MaildropAddress> resolve(String login) {
    List<MaildropAddress> readings = MaildropAddress.readings(login);
    return readings.size() < 2
        ? readings.stream().findFirst()
        : readings.stream()
            .filter(reading -> authenticator.find(reading.user()).isPresent())
            .findFirst();
  }

  private static CredentialCheck granted(Account account, MaildropAddress address) {
    return new CredentialCheck(
        new CredentialAnswer.Granted(SaslIdentity.of(account.name().value())),
        Optional.of(new Login(account, address)));
  }

  /**
   * Nobody may act for another (RFC 4616, section 2): only for no one named, or oneself. Who names
   * a folder or device there and not in the login proper gets it.
   */
  private static Optional<MaildropAddress> actingAs(String authorizationId, MaildropAddress own) {
    if (authorizationId.isEmpty()) {
      return Optional.of(own);
    }
    return MaildropAddress.readings(authorizationId).stream()
        .filter(address -> address.user().equals(own.user()))
        .findFirst()
        .map(
            address ->
                new MaildropAddress(
                    own.user(),
                    own.folder().or(address::folder),
                    own.device().or(address::device)));
  }
}

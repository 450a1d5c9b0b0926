// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import java.util.Optional;
import org.fermoposta.pop3.protocol.sasl.CredentialAnswer;
import org.fermoposta.pop3.protocol.sasl.CredentialRequest;
import org.fermoposta.pop3.protocol.sasl.SaslIdentity;
import org.fermoposta.pop3.server.auth.Account;
import org.fermoposta.pop3.server.auth.AuthResult;
import org.fermoposta.pop3.server.auth.Authenticator;
import org.fermoposta.pop3.server.auth.LoginContext;
import org.fermoposta.pop3.server.device.Devices;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
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
  private final LoginResolver resolver;

  /** Creates a checker over a back end and the devices that have passwords of their own. */
  public PasswordCredentials(Authenticator authenticator, Devices devices) {
    this.authenticator = authenticator;
    this.devices = devices;
    resolver = new LoginResolver(authenticator);
  }

  @Override
  public CredentialCheck check(CredentialRequest request, LoginContext context) {
    if (!(request instanceof CredentialRequest.Password password)) {
      return CredentialCheck.without(new CredentialAnswer.Refused());
    }
    LoginResolver.Resolution resolution =
        resolver.resolve(password.authorizationId(), password.authenticationId());
    if (resolution instanceof LoginResolver.Resolution.Unavailable down) {
      return CredentialCheck.without(down.answer());
    }
    if (!(resolution instanceof LoginResolver.Resolution.Known known)) {
      // The answer is not used: it takes the time that a user's would.
      AuthResult result =
          authenticator.authenticate(password.authenticationId(), password.password());
      return result instanceof AuthResult.Accepted ? refused() : answer(result, Optional.empty());
    }
    try {
      Devices.Recognised login =
          devices.recognise(known.address(), Optional.of(password.password()));
      if (login.byPassword()) {
        return granted(known.account(), login.address());
      }
      AuthResult result =
          authenticator.authenticate(known.account().name().value(), password.password());
      return answer(result, Optional.of(login.address()));
    } catch (MaildropException e) {
      return CredentialCheck.without(LoginResolver.unavailable(e.failure(), e.logText()));
    }
  }

  private static CredentialCheck answer(AuthResult result, Optional<MaildropAddress> wanted) {
    if (result instanceof AuthResult.Accepted accepted && wanted.isPresent()) {
      return granted(accepted.account(), wanted.get());
    } else if (result instanceof AuthResult.Unavailable down) {
      return CredentialCheck.without(LoginResolver.unavailable(down.failure(), down.logText()));
    } else if (result instanceof AuthResult.Rejected rejected) {
      log.info("{}", rejected.logText());
    }
    return refused();
  }

  private static CredentialCheck refused() {
    return CredentialCheck.without(new CredentialAnswer.Refused());
  }

  private static CredentialCheck granted(Account account, MaildropAddress address) {
    return new CredentialCheck(
        new CredentialAnswer.Granted(SaslIdentity.of(account.name().value())),
        LoginResolver.login(account, address));
  }
}

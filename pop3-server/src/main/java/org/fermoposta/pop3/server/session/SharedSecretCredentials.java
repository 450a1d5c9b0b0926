// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import java.util.Optional;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.CredentialAnswer;
import org.fermoposta.pop3.protocol.sasl.CredentialRequest;
import org.fermoposta.pop3.protocol.sasl.SaslIdentity;
import org.fermoposta.pop3.server.auth.Authenticator;
import org.fermoposta.pop3.server.auth.LoginContext;
import org.fermoposta.pop3.server.device.Devices;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;

/** Answers for APOP and CRAM-MD5, for users whose password is stored in clear. */
public final class SharedSecretCredentials implements CredentialChecker {

  private final Devices devices;
  private final LoginResolver resolver;

  /** A checker over back ends and the devices of their users. */
  public SharedSecretCredentials(Authenticator authenticator, Devices devices) {
    this.devices = devices;
    resolver = new LoginResolver(authenticator);
  }

  @Override
  public CredentialCheck check(CredentialRequest request, LoginContext context) {
    if (!(request instanceof CredentialRequest.SharedSecret asked)) {
      return CredentialCheck.without(new CredentialAnswer.Refused());
    }
    LoginResolver.Resolution resolution = resolver.resolve("", asked.authenticationId());
    if (resolution instanceof LoginResolver.Resolution.Unavailable down) {
      return CredentialCheck.without(down.answer());
    }
    if (!(resolution instanceof LoginResolver.Resolution.Known known)) {
      return CredentialCheck.without(new CredentialAnswer.Refused());
    }
    Optional<Secret> password = known.user().credentials().clear();
    if (password.isEmpty()) {
      return CredentialCheck.without(new CredentialAnswer.Refused());
    }
    try {
      MaildropAddress address = devices.recognise(known.address(), Optional.empty()).address();
      return new CredentialCheck(
          new CredentialAnswer.SecretFound(
              SaslIdentity.of(known.account().name().value()), password.get()),
          LoginResolver.login(known.account(), address));
    } catch (MaildropException e) {
      return CredentialCheck.without(LoginResolver.unavailable(e.failure(), e.logText()));
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import org.fermoposta.pop3.protocol.sasl.CredentialAnswer;
import org.fermoposta.pop3.protocol.sasl.CredentialRequest;
import org.fermoposta.pop3.protocol.sasl.SaslIdentity;
import org.fermoposta.pop3.server.auth.AuthResult;
import org.fermoposta.pop3.server.auth.Authenticator;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers for mechanisms that show the password: an {@link Authenticator} checks it. */
public final class PasswordCredentials implements CredentialChecker {
  private static final Logger log = LoggerFactory.getLogger(PasswordCredentials.class);

  private final Authenticator authenticator;

  /** Creates a checker over a back end. */
  public PasswordCredentials(Authenticator authenticator) {
    this.authenticator = authenticator;
  }

  @Override
  public CredentialAnswer check(CredentialRequest request) {
    if (!(request instanceof CredentialRequest.Password password)) {
      return new CredentialAnswer.Refused();
    }
    AuthResult result =
        authenticator.authenticate(password.authenticationId(), password.password());
    if (result instanceof AuthResult.Accepted accepted) {
      MaildropName name = accepted.account().name();
      return mayActAs(password.authorizationId(), name)
          ? new CredentialAnswer.Granted(SaslIdentity.of(name.value()))
          : new CredentialAnswer.Refused();
    }
    if (result instanceof AuthResult.Unavailable unavailable) {
      log.error("logins cannot be checked: {}", unavailable.logText());
      return new CredentialAnswer.Unavailable(unavailable.failure() == MaildropFailure.TEMPORARY);
    }
    if (result instanceof AuthResult.Rejected rejected) {
      log.info("{}", rejected.logText());
    }
    return new CredentialAnswer.Refused();
  }

  /** Nobody may act for another (RFC 4616, section 2): only for no one named, or oneself. */
  private static boolean mayActAs(String authorizationId, MaildropName name) {
    return authorizationId.isEmpty()
        || MaildropName.parse(authorizationId).filter(name::equals).isPresent();
  }
}

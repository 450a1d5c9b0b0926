// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import java.util.Map;
import java.util.Optional;
import org.fermoposta.pop3.protocol.sasl.CredentialAnswer;
import org.fermoposta.pop3.protocol.sasl.CredentialRequest;
import org.fermoposta.pop3.server.auth.Account;
import org.fermoposta.pop3.server.auth.LoginContext;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each kind of request to the checker that can answer it, and lets nobody in from where they
 * may not log in.
 */
public final class CredentialRouter implements CredentialChecker {

  private static final Logger log = LoggerFactory.getLogger(CredentialRouter.class);

  private final Map<Class<? extends CredentialRequest>, CredentialChecker> checkers;

  private CredentialRouter(Map<Class<? extends CredentialRequest>, CredentialChecker> checkers) {
    this.checkers = checkers;
  }

  /** A router to these checkers by class of request; any other request is refused. */
  public static CredentialRouter of(
      Map<Class<? extends CredentialRequest>, CredentialChecker> checkers) {
    return new CredentialRouter(Map.copyOf(checkers));
  }

  @Override
  public CredentialCheck check(CredentialRequest request, LoginContext context) {
    CredentialChecker checker = checkers.get(request.getClass());
    CredentialCheck check =
        checker == null
            ? CredentialCheck.without(new CredentialAnswer.Refused())
            : checker.check(request, context);
    Optional<Account> account = check.login().map(Login::account);
    if (account.isPresent() && !account.get().networks().allows(context.client())) {
      log.info(
          "user {}: may not log in from {}",
          LogText.quote(account.get().name()),
          context.client().getHostAddress());
      return CredentialCheck.without(new CredentialAnswer.Refused());
    }
    return check;
  }
}

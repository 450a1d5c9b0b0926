// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import java.util.Map;
import org.fermoposta.pop3.protocol.sasl.CredentialAnswer;
import org.fermoposta.pop3.protocol.sasl.CredentialRequest;
import org.fermoposta.pop3.server.auth.LoginContext;

/** Gives each kind of request to the checker that can answer it. */
public final class CredentialRouter implements CredentialChecker {

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
    return checker == null
        ? CredentialCheck.without(new CredentialAnswer.Refused())
        : checker.check(request, context);
  }
}

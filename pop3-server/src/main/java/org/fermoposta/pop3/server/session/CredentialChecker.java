// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import org.fermoposta.pop3.protocol.sasl.CredentialRequest;
import org.fermoposta.pop3.server.auth.LoginContext;

/** Answers what a login needs to have checked. Blocks: called on virtual threads. */
@FunctionalInterface
public interface CredentialChecker {
  /**
   * Returns the answer, with the login if it may succeed; a back end that fails is {@link
   * org.fermoposta.pop3.protocol.sasl.CredentialAnswer.Unavailable}.
   */
  CredentialCheck check(CredentialRequest request, LoginContext context);
}

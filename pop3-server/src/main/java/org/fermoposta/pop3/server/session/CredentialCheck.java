// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import java.util.Optional;
import org.fermoposta.pop3.protocol.sasl.CredentialAnswer;

/**
 * What became of a check.
 *
 * @param answer for the mechanism
 * @param login what is opened once the mechanism has succeeded; present if it can
 */
public record CredentialCheck(CredentialAnswer answer, Optional<Login> login) {

  /** No login follows from this. */
  static CredentialCheck without(CredentialAnswer answer) {
    return new CredentialCheck(answer, Optional.empty());
  }
}

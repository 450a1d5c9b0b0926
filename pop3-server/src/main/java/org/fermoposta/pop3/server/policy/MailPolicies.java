// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.policy;

import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropName;

/** Finds what is decided for a user. Thread-safe; may block. */
@FunctionalInterface
public interface MailPolicies {

  /**
   * The policy of a user; for one that is unknown or locked one under which nothing expires.
   *
   * @throws MaildropException if nobody can tell now
   */
  MailPolicy of(MaildropName user) throws MaildropException;
}

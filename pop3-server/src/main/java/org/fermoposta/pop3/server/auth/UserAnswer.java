// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.util.Optional;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;

/** What a back end says of a user. */
public sealed interface UserAnswer {

  /** Such a user may log in. */
  record Found(Account account, StoredCredentials credentials) implements UserAnswer {}

  /** There is such a user, who may not log in: mail for them is kept. */
  record Locked(MaildropName name) implements UserAnswer {}

  /** There is no such user. */
  record Unknown() implements UserAnswer {}

  /** As {@link PasswordAnswer.Unavailable}. */
  record Unavailable(MaildropFailure failure, String logText) implements UserAnswer {}

  /** The account if the user may log in; empty in all other cases. */
  default Optional<Account> usable() {
    return this instanceof Found found ? Optional.of(found.account()) : Optional.empty();
  }
}

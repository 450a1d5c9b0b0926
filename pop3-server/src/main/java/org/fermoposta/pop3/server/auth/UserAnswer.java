// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import org.fermoposta.pop3.server.maildrop.MaildropFailure;

/** What a back end says of a user. */
public sealed interface UserAnswer {

  /** Such a user may log in. */
  record Found(Account account, StoredCredentials credentials) implements UserAnswer {}

  /** There is no such user, or they may not log in. */
  record Unknown() implements UserAnswer {}

  /** As {@link PasswordAnswer.Unavailable}. */
  record Unavailable(MaildropFailure failure, String logText) implements UserAnswer {}
}

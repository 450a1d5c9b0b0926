// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import org.fermoposta.pop3.server.maildrop.MaildropFailure;

/** What a back end says to a password. */
public sealed interface PasswordAnswer {

  /** It is the user's. */
  record Right(Account account) implements PasswordAnswer {}

  /** It is not, or the user may not log in. */
  record Wrong() implements PasswordAnswer {}

  /** There is no such user here. */
  record Unknown() implements PasswordAnswer {}

  /**
   * Nobody knows, since the back end failed: never {@code [AUTH]} (A11, N036).
   *
   * @param failure {@link MaildropFailure#TEMPORARY} or {@link MaildropFailure#PERMANENT}
   * @param logText what failed, for the log only
   */
  record Unavailable(MaildropFailure failure, String logText) implements PasswordAnswer {}
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import org.fermoposta.pop3.server.maildrop.MaildropFailure;

/** What became of a login. */
public sealed interface AuthResult {

  /** The credentials are right. */
  record Accepted(Account account) implements AuthResult {}

  /**
   * The credentials are wrong: {@code -ERR [AUTH]} (RFC 3206 §5), whatever the reason.
   *
   * @param logText the reason, for the log only; names are escaped
   */
  record Rejected(String logText) implements AuthResult {}

  /**
   * Nobody knows, since the back end failed: never {@code [AUTH]} (A11, N036).
   *
   * @param failure {@link MaildropFailure#TEMPORARY} or {@link MaildropFailure#PERMANENT}
   * @param logText what failed, for the log only
   */
  record Unavailable(MaildropFailure failure, String logText) implements AuthResult {}
}

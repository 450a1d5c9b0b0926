// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.oauth;

import org.fermoposta.pop3.protocol.sasl.OAuthFailure;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;

/** What is to be thought of a token. No text of it holds the token or part of its signature. */
public sealed interface TokenVerdict {

  /**
   * It is good now, and this is whose it is.
   *
   * @param user there need not be such an account
   * @param acceptUnknown whether a user whom no back end knows may come in
   */
  record Valid(MaildropName user, boolean acceptUnknown) implements TokenVerdict {}

  /**
   * It is not good.
   *
   * @param failure for the client
   * @param logText the reason, for the log only
   */
  record Refused(OAuthFailure failure, String logText) implements TokenVerdict {}

  /** Nobody knows, since the issuer cannot be asked: never {@code [AUTH]} (A11, N036). */
  record Unavailable(MaildropFailure failure, String logText) implements TokenVerdict {}

  /** It is none of this issuer's. */
  record Foreign(String logText) implements TokenVerdict {}
}

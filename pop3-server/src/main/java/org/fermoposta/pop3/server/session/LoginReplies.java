// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.ResponseCode;
import org.fermoposta.pop3.server.maildrop.MaildropException;

/** What clients are told that were not let in. */
final class LoginReplies {
  static final Pop3Reply WRONG_CREDENTIALS =
      Pop3Reply.err(ResponseCode.AUTH, "wrong user name or password");
  static final Pop3Reply EXCHANGE_FAILED = Pop3Reply.err("malformed SASL message");
  static final Pop3Reply CANCELLED = Pop3Reply.err("authentication cancelled");
  static final Pop3Reply FOR_NOW =
      Pop3Reply.err(ResponseCode.SYS_TEMP, "logins cannot be checked now, try again later");
  static final Pop3Reply BROKEN =
      Pop3Reply.err(ResponseCode.SYS_PERM, "logins cannot be checked, ask the postmaster");

  /** RFC 3206, section 5: an attempt to authenticate in violation of policy. */
  static final Pop3Reply NOT_PERMITTED =
      Pop3Reply.err(ResponseCode.AUTH, "this account may not use POP3");

  private LoginReplies() {}

  /** What a client is told of a store's failure. */
  static Pop3Reply of(MaildropException cause) {
    return cause
        .failure()
        .responseCode()
        .map(code -> Pop3Reply.err(code, cause.clientText()))
        .orElseGet(() -> Pop3Reply.err(cause.clientText()));
  }
}

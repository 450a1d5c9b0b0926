// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.session;

import org.jspecify.annotations.Nullable;

/** What a command leads to. {@link SessionRules} says which rule holds where. */
public enum Rule {
  /** Keep the name for the PASS that must follow; the same answer for every name. */
  TAKE_USER_NAME(SessionState.PASSWORD_EXPECTED),
  /** Check the kept name and this password, then open the maildrop. */
  CHECK_PASSWORD(SessionState.TRANSACTION),
  /** Check the digest, then open the maildrop. */
  CHECK_DIGEST(SessionState.TRANSACTION),
  /** Begin a SASL exchange. */
  BEGIN_SASL(SessionState.SASL_EXCHANGE),
  /** List the capabilities of this state. */
  SEND_CAPABILITIES(null),
  /** Answer +OK, then TLS; forget all that was said in clear. */
  START_TLS(SessionState.AUTHORIZATION),
  /** Switch to UTF8 mode. */
  ENABLE_UTF8(null),
  /** List the languages or choose one. */
  CHOOSE_LANGUAGE(null),
  /** Number and octets of the undeleted messages. */
  SEND_TOTALS(null),
  /** Octets of one message or of all. */
  SEND_SIZES(null),
  /** Unique-id of one message or of all. */
  SEND_UNIQUE_IDS(null),
  /** The message. */
  SEND_MESSAGE(null),
  /** The message's header and the first lines of its body. */
  SEND_TOP(null),
  /** Mark the message as deleted. */
  MARK_DELETED(null),
  /** Take all marks back. */
  UNMARK_ALL(null),
  /** Answer +OK. */
  DO_NOTHING(null),
  /** Answer +OK and close; nothing is deleted. */
  SAY_GOODBYE(SessionState.CLOSED),
  /** Delete what is marked, answer, close. */
  DELETE_MARKED(SessionState.UPDATE),
  /** -ERR: PASS must directly follow USER. */
  REFUSE_PASS_WITHOUT_USER(null),
  /** -ERR: not before login. */
  REFUSE_BEFORE_LOGIN(null),
  /** -ERR: not after login. */
  REFUSE_AFTER_LOGIN(null),
  /** No command is read in this state. */
  NOT_READ(null);

  private final @Nullable SessionState onSuccess;

  Rule(@Nullable SessionState onSuccess) {
    this.onSuccess = onSuccess;
  }

  /**
   * Returns the state that success leads to from the given one. Failure leads back to AUTHORIZATION
   * before login and changes nothing after it.
   */
  public SessionState onSuccess(SessionState from) {
    if (onSuccess != null) {
      return onSuccess;
    }
    return from == SessionState.PASSWORD_EXPECTED ? SessionState.AUTHORIZATION : from;
  }
}

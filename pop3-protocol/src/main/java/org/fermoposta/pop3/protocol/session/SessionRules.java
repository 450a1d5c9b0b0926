// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.session;

import org.fermoposta.pop3.protocol.Verb;

/** Every pair of state and command, decided here and nowhere else (RFC 1939, sections 4 to 6). */
public final class SessionRules {
  private SessionRules() {}

  /** Returns what a command leads to in a state. Whether the server offers it is asked later. */
  public static Rule rule(SessionState state, Verb verb) {
    switch (state) {
      case AUTHORIZATION:
        return verb == Verb.PASS ? Rule.REFUSE_PASS_WITHOUT_USER : beforeLogin(verb);
      case PASSWORD_EXPECTED:
        return verb == Verb.PASS ? Rule.CHECK_PASSWORD : beforeLogin(verb);
      case TRANSACTION:
        return afterLogin(verb);
      default:
        return Rule.NOT_READ;
    }
  }

  private static Rule beforeLogin(Verb verb) {
    switch (verb) {
      case USER:
        return Rule.TAKE_USER_NAME;
      case APOP:
        return Rule.CHECK_DIGEST;
      case AUTH:
        return Rule.BEGIN_SASL;
      case CAPA:
        return Rule.SEND_CAPABILITIES;
      case STLS:
        return Rule.START_TLS;
      case UTF8:
        return Rule.ENABLE_UTF8;
      case LANG:
        return Rule.CHOOSE_LANGUAGE;
      case QUIT:
        return Rule.SAY_GOODBYE;
      default:
        return Rule.REFUSE_BEFORE_LOGIN;
    }
  }

  private static Rule afterLogin(Verb verb) {
    switch (verb) {
      case CAPA:
        return Rule.SEND_CAPABILITIES;
      case LANG:
        return Rule.CHOOSE_LANGUAGE;
      case STAT:
        return Rule.SEND_TOTALS;
      case LIST:
        return Rule.SEND_SIZES;
      case UIDL:
        return Rule.SEND_UNIQUE_IDS;
      case RETR:
        return Rule.SEND_MESSAGE;
      case TOP:
        return Rule.SEND_TOP;
      case DELE:
        return Rule.MARK_DELETED;
      case RSET:
        return Rule.UNMARK_ALL;
      case NOOP:
        return Rule.DO_NOTHING;
      case QUIT:
        return Rule.DELETE_MARKED;
      default:
        return Rule.REFUSE_AFTER_LOGIN;
    }
  }
}

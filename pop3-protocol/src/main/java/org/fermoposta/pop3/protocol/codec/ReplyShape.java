// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.codec;

import org.fermoposta.pop3.protocol.Pop3Command;

/**
 * What follows a positive status line; a negative one always stands alone (RFC 1939, section 3).
 */
public enum ReplyShape {
  /** Nothing. */
  SINGLE_LINE,
  /** Lines of text up to the final dot: CAPA, LANG without argument. */
  LINES,
  /** Numbers and octets up to the final dot: LIST without argument. */
  SIZES,
  /** Numbers and unique-ids up to the final dot: UIDL without argument. */
  UNIQUE_IDS,
  /** A message, dot-stuffed, up to the final dot: RETR, TOP. */
  BODY,
  /** Before the status line there may be lines that begin with {@code +} and a blank: AUTH. */
  CHALLENGES;

  /** Returns the shape of the reply to a command. */
  public static ReplyShape of(Pop3Command command) {
    switch (command.verb()) {
      case CAPA:
        return LINES;
      case LANG:
        return ((Pop3Command.Lang) command).tag() == null ? LINES : SINGLE_LINE;
      case LIST:
        return ((Pop3Command.List) command).messageNumber() == 0 ? SIZES : SINGLE_LINE;
      case UIDL:
        return ((Pop3Command.Uidl) command).messageNumber() == 0 ? UNIQUE_IDS : SINGLE_LINE;
      case RETR:
      case TOP:
        return BODY;
      case AUTH:
        return CHALLENGES;
      default:
        return SINGLE_LINE;
    }
  }
}

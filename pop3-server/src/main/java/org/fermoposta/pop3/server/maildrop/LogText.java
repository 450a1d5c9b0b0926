// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import org.fermoposta.pop3.protocol.Printable;

/** Text of unknown origin made fit for one line of a log (N064). */
public final class LogText {

  private static final int MAX_CHARS = 300;

  private LogText() {}

  /** The text in double quotes, escaped, cut after 300 characters. */
  public static String quote(Object text) {
    String given = String.valueOf(text);
    return given.length() <= MAX_CHARS
        ? "\"" + Printable.escape(given) + "\""
        : "\"" + Printable.escape(given.substring(0, MAX_CHARS)) + "...\"";
  }
}

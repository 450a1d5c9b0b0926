// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

/** Text of unknown origin made fit for one line of a log. */
public final class LogText {

  private static final int MAX_CHARS = 300;

  private LogText() {}

  /**
   * The text in double quotes: controls, line separators, marks that change direction, quotes and
   * backslashes as {@code \}{@code uXXXX}, cut after 300 characters.
   */
  public static String quote(Object text) {
    String given = String.valueOf(text);
    StringBuilder out = new StringBuilder(given.length() + 2).append('"');
    int end = Math.min(given.length(), MAX_CHARS);
    for (int i = 0; i < end; i++) {
      char c = given.charAt(i);
      if (printable(c)) {
        out.append(c);
      } else {
        out.append(String.format("\\u%04X", (int) c));
      }
    }
    return out.append(end < given.length() ? "...\"" : "\"").toString();
  }

  private static boolean printable(char c) {
    int type = Character.getType(c);
    return c != '"'
        && c != '\\'
        && type != Character.CONTROL
        && type != Character.FORMAT
        && type != Character.LINE_SEPARATOR
        && type != Character.PARAGRAPH_SEPARATOR
        && type != Character.UNASSIGNED;
  }
}

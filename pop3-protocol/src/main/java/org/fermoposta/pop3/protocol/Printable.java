// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol;

/** Makes text from a peer safe to show. */
public final class Printable {
  private Printable() {}

  /**
   * Returns the text with controls, bidirectional overrides and lone surrogates as {@code \\uXXXX},
   * so that it can neither forge a line nor drive a terminal.
   */
  public static String escape(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              int type = Character.getType(c);
              if (type == Character.CONTROL
                  || type == Character.FORMAT
                  || type == Character.SURROGATE
                  || type == Character.LINE_SEPARATOR
                  || type == Character.PARAGRAPH_SEPARATOR) {
                safe.append(String.format("\\u%04x", c));
              } else {
                safe.appendCodePoint(c);
              }
            });
    return safe.toString();
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.logging;

/**
 * Makes text from peers harmless on a terminal and in a log: what could start a new line, move the
 * cursor, or turn the reading direction is written as an escape instead.
 */
public final class ControlCharacters {
  private ControlCharacters() {}

  /**
   * Returns the text with every control character (C0, DEL, C1), line or paragraph separator,
   * format character (bidirectional override, zero width, tag) and unpaired surrogate written as
   * {@code \r}, {@code \n}, {@code \t} or <code>&#92;u{HEX}</code>. Returns the same String if
   * there is none. A backslash stays as it is: this is for readers, not for parsing back.
   */
  public static String escape(String text) {
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (isUnsafe(c)) {
        return escapeFrom(text, i);
      }
      i += Character.charCount(c);
    }
    return text;
  }

  private static String escapeFrom(String text, int first) {
    StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, first);
    for (int i = first; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (!isUnsafe(c)) {
        out.appendCodePoint(c);
      } else if (c == '\r') {
        out.append("\\r");
      } else if (c == '\n') {
        out.append("\\n");
      } else if (c == '\t') {
        out.append("\\t");
      } else {
        out.append("\\u{").append(Integer.toHexString(c).toUpperCase(java.util.Locale.ROOT));
        out.append('}');
      }
    }
    return out.toString();
  }

  private static boolean isUnsafe(int c) {
    if (c >= ' ' && c < 0x7F) {
      return false;
    }
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE;
  }
}

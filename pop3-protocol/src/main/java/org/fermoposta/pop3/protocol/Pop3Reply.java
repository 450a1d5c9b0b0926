// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The first line of a reply: {@code +OK} or {@code -ERR}, perhaps a response code, and a text (RFC
 * 1939, section 3; RFC 2449, section 8).
 *
 * @param positive whether it is {@code +OK}
 * @param code the response code; null for none
 * @param text may be empty; never holds CR, LF or NUL, never begins with {@code [}
 */
public record Pop3Reply(boolean positive, @Nullable ResponseCode code, String text) {
  private static final int MAX_OCTETS = ProtocolLimits.MAX_REPLY_LINE_OCTETS - 2;

  /**
   * @throws IllegalArgumentException if the text could be taken for two lines or for a code
   */
  public Pop3Reply {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\r' || c == '\n' || c == 0) {
        throw new IllegalArgumentException(
            "reply text: \"" + Printable.escape(text) + "\" (expected: no CR, LF or NUL)");
      }
    }
    if (code == null && text.startsWith("[")) {
      throw new IllegalArgumentException(
          "reply text: \"" + Printable.escape(text) + "\" (expected: no \"[\" at its beginning)");
    }
  }

  /** Returns {@code +OK text}. */
  public static Pop3Reply ok(String text) {
    return new Pop3Reply(true, null, text);
  }

  /** Returns {@code -ERR text}. */
  public static Pop3Reply err(String text) {
    return new Pop3Reply(false, null, text);
  }

  /** Returns {@code -ERR [code] text}. */
  public static Pop3Reply err(ResponseCode code, String text) {
    return new Pop3Reply(false, code, text);
  }

  /**
   * Parses a status line as clients should (RFC 2449, section 3): indicator, then a blank and text
   * or nothing. A bracket that is no well-formed code counts as text.
   *
   * @param line without its CRLF
   * @throws Pop3ProtocolException if it begins neither with {@code +OK} nor with {@code -ERR}, or
   *     holds CR, LF or NUL
   */
  public static Pop3Reply parse(String line) {
    boolean positive = line.startsWith("+OK");
    int indicator = positive ? 3 : 4;
    if ((!positive && !line.startsWith("-ERR"))
        || (line.length() > indicator && line.charAt(indicator) != ' ')) {
      throw new Pop3ProtocolException(
          "status line: \"" + Printable.escape(shorten(line)) + "\" (expected: +OK or -ERR)");
    }
    String text = line.length() > indicator ? line.substring(indicator + 1) : "";
    ResponseCode code = null;
    if (text.startsWith("[")) {
      int close = text.indexOf(']');
      code = close > 0 ? codeOrNull(text.substring(1, close)) : null;
      if (code == null) {
        text = " " + text;
      } else {
        text = text.substring(close + 1);
        text = text.startsWith(" ") ? text.substring(1) : text;
      }
    }
    try {
      return new Pop3Reply(positive, code, text);
    } catch (IllegalArgumentException notOneLine) {
      throw new Pop3ProtocolException(String.valueOf(notOneLine.getMessage()));
    }
  }

  /**
   * Returns the line with its CRLF, at most {@value ProtocolLimits#MAX_REPLY_LINE_OCTETS} octets:
   * longer text is cut at a character (RFC 2449, section 4).
   */
  public byte[] line() {
    byte[] octets = toString().getBytes(UTF_8);
    int length = octets.length;
    if (length > MAX_OCTETS) {
      length = MAX_OCTETS;
      while ((octets[length] & 0xc0) == 0x80) {
        length--;
      }
    }
    byte[] line = Arrays.copyOf(octets, length + 2);
    line[length] = '\r';
    line[length + 1] = '\n';
    return line;
  }

  /** Returns the line without its CRLF, uncut. */
  @Override
  public String toString() {
    String indicator = positive ? "+OK " : "-ERR ";
    return code == null ? indicator + text : indicator + code + " " + text;
  }

  private static @Nullable ResponseCode codeOrNull(String name) {
    try {
      return new ResponseCode(name);
    } catch (IllegalArgumentException text) {
      return null;
    }
  }

  private static String shorten(String line) {
    return line.length() <= 80 ? line : line.substring(0, 80) + "...";
  }
}

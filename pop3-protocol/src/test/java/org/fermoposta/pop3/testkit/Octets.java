// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Octets as text that a test can write down and a report can show. */
public final class Octets {
  private Octets() {}

  /**
   * Returns the octets of a text in which {@code \r}, {@code \n}, {@code \t}, {@code \0}, {@code \}
   * and {@code \xHH} stand for what they do in C; other characters are UTF-8.
   *
   * @throws IllegalArgumentException if another character stands behind a backslash
   */
  public static byte[] unescape(String text) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    for (int at = 0; at < text.length(); ) {
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      if (c != '\\') {
        octets.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
        continue;
      }
      char kind = at < text.length() ? text.charAt(at++) : ' ';
      switch (kind) {
        case 'r':
          octets.write('\r');
          break;
        case 'n':
          octets.write('\n');
          break;
        case 't':
          octets.write('\t');
          break;
        case '0':
          octets.write(0);
          break;
        case '\\':
          octets.write('\\');
          break;
        case 'x':
          octets.write(Integer.parseInt(text.substring(at, at + 2), 16));
          at += 2;
          break;
        default:
          throw new IllegalArgumentException(
              "escape: \"\\"
                  + kind
                  + "\" in \""
                  + text
                  + "\" (expected: r n t 0 x or a backslash)");
      }
    }
    return octets.toByteArray();
  }

  /** Returns printable ASCII as it is and everything else as an escape; never a line end. */
  public static String escape(byte[] octets) {
    StringBuilder text = new StringBuilder(octets.length);
    for (byte octet : octets) {
      switch (octet) {
        case '\r':
          text.append("\\r");
          break;
        case '\n':
          text.append("\\n");
          break;
        case '\\':
          text.append("\\\\");
          break;
        default:
          if (octet >= ' ' && octet < 0x7f) {
            text.append((char) octet);
          } else {
            text.append(String.format("\\x%02x", octet & 0xff));
          }
      }
    }
    return text.toString();
  }

  /** Returns one octet for each character (ISO 8859-1). */
  public static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Returns one character for each octet (ISO 8859-1). */
  public static String latin1(byte[] octets) {
    return new String(octets, StandardCharsets.ISO_8859_1);
  }
}

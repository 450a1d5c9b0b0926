// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.nio.charset.StandardCharsets;

/*
 * Design note. Text, so that an operator can read and compare it: four lines of header, a line
 * "ID NAME" for each message in the order of the old numbers, and the checksum of all that is
 * before it. Octets of names that are not visible ASCII, and percent signs, are
 * written as %XX. Ids stand as they are: they hold no blank and no line end.
 */
/** The words of a passport file. */
final class PassportFormat {

  static final String MAGIC = "fermoposta-uidl";
  static final int VERSION = 1;
  static final String SOURCE = "source";
  static final String FORMAT = "format";
  static final String COUNT = "count";
  static final String CHECKSUM = "crc32c";

  /** The longest line: an id, a name of which every octet is escaped, and what is between. */
  static final int MAX_LINE_OCTETS = 2048;

  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private PassportFormat() {}

  static byte[] line(String key, String value) {
    return (key + " " + value + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** Visible ASCII for any octets. */
  static String escape(byte[] octets) {
    StringBuilder text = new StringBuilder(octets.length + 16);
    for (byte octet : octets) {
      if (octet > 0x20 && octet < 0x7F && octet != '%') {
        text.append((char) octet);
      } else {
        text.append('%').append(HEX[octet >> 4 & 0xF]).append(HEX[octet & 0xF]);
      }
    }
    return text.toString();
  }

  /** Undoes {@link #escape} in place; the new end, or -1 if it is no such text. */
  static int unescape(byte[] text, int from, int to) {
    int out = from;
    for (int i = from; i < to; i++) {
      if (text[i] <= 0x20 || text[i] >= 0x7F) {
        return -1;
      }
      if (text[i] != '%') {
        text[out++] = text[i];
        continue;
      }
      int high = i + 2 < to ? Character.digit(text[i + 1], 16) : -1;
      int low = i + 2 < to ? Character.digit(text[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        return -1;
      }
      text[out++] = (byte) (high << 4 | low);
      i += 2;
    }
    return out;
  }
}

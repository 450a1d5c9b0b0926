// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.retrieval;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

// Design note. A line is CRC SP TEXT LF: eight hexadecimal digits of the CRC-32C of the text, and
// the
// text in printable ASCII. So a person can read it, and a line that was written in part, or
// changed,
// is told from a whole one.

/** The lines of a journal's file. */
final class JournalLine {
  /** Longer ones are no lines of a journal. */
  static final int MAX_OCTETS = 4096;

  static final String MAGIC = "pop3-journal-1";

  /** Escaped it may be nine times as long. */
  static final int MAX_NOTE = 400;

  private static final int CRC_DIGITS = 8;

  private JournalLine() {}

  /** Returns the line with check and LF. */
  static byte[] encode(String text) {
    byte[] octets = text.getBytes(ISO_8859_1);
    byte[] line = new byte[CRC_DIGITS + 1 + octets.length + 1];
    byte[] crc = HexFormat.of().toHexDigits(crc(octets, 0, octets.length)).getBytes(ISO_8859_1);
    System.arraycopy(crc, 0, line, 0, CRC_DIGITS);
    line[CRC_DIGITS] = ' ';
    System.arraycopy(octets, 0, line, CRC_DIGITS + 1, octets.length);
    line[line.length - 1] = '\n';
    return line;
  }

  /** Returns the text of a line without its LF, or null if it is not whole. */
  static @Nullable String decode(byte[] octets, int offset, int length) {
    int text = offset + CRC_DIGITS + 1;
    int textLength = length - CRC_DIGITS - 1;
    if (textLength < 1 || octets[text - 1] != ' ') {
      return null;
    }
    String crc = HexFormat.of().toHexDigits(crc(octets, text, textLength));
    return crc.equals(new String(octets, offset, CRC_DIGITS, ISO_8859_1))
        ? new String(octets, text, textLength, ISO_8859_1)
        : null;
  }

  static String header(String account) {
    return MAGIC + " " + escape(account);
  }

  static String entry(JournalEntry entry) {
    StringBuilder text = new StringBuilder(100);
    text.append(entry.state().letter())
        .append(' ')
        .append(entry.key())
        .append(' ')
        .append(entry.since().getEpochSecond())
        .append(' ')
        .append(Integer.toUnsignedString(entry.octets()))
        .append(' ')
        .append(HexFormat.of().toHexDigits(entry.digest()))
        .append(' ')
        .append(entry.attempts())
        .append(' ')
        .append(entry.absentSince().map(when -> "" + when.getEpochSecond()).orElse("-"));
    String note = entry.note();
    if (!note.isEmpty()) {
      text.append(' ')
          .append(escape(note.length() > MAX_NOTE ? note.substring(0, MAX_NOTE) : note));
    }
    return text.toString();
  }

  /**
   * Parses an entry.
   *
   * @throws IllegalArgumentException if it is none
   */
  static JournalEntry parse(String text) {
    String[] words = text.split(" ", -1);
    if ((words.length != 7 && words.length != 8) || words[0].length() != 1) {
      throw new IllegalArgumentException("entry: " + words.length + " words (expected: 7 or 8)");
    }
    return new JournalEntry(
        MessageKey.parse(words[1]),
        MessageState.of(words[0].charAt(0)),
        instant(words[2]),
        Integer.parseUnsignedInt(words[3]),
        HexFormat.fromHexDigitsToLong(words[4]),
        Integer.parseInt(words[5]),
        words[6].equals("-") ? Optional.empty() : Optional.of(instant(words[6])),
        words.length == 8 ? unescape(words[7]) : "");
  }

  static Instant instant(String seconds) {
    return Instant.ofEpochSecond(Long.parseLong(seconds));
  }

  static String unescape(String word) {
    return URLDecoder.decode(word, UTF_8);
  }

  /** Printable ASCII without blanks. */
  private static String escape(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private static int crc(byte[] octets, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(octets, offset, length);
    return (int) crc.getValue();
  }
}

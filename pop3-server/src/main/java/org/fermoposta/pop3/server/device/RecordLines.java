// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.device;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;

/**
 * The form of our records: lines of ASCII, the first with what it is and its version, the last with
 * a checksum of all before. Readable by people, and what was cut or changed is noticed: a record
 * that cannot be trusted is refused, since it says what a device has seen and what may be deleted.
 */
final class RecordLines {

  private static final String END = "end ";
  private static final int VERSION = 1;

  private RecordLines() {}

  /** The record of these lines. */
  static byte[] encode(String kind, List<String> lines) {
    StringBuilder out = new StringBuilder("fermoposta-" + kind + " " + VERSION + "\n");
    lines.forEach(line -> out.append(line).append('\n'));
    byte[] body = out.toString().getBytes(StandardCharsets.US_ASCII);
    out.append(END).append(checksum(body, body.length)).append('\n');
    return out.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * The lines of a record.
   *
   * @param what whose it is, for the log
   * @throws MaildropException PERMANENT if it is not one, not whole, or of a later version
   */
  static List<String> decode(String kind, byte[] record, String what) throws MaildropException {
    String text = new String(record, StandardCharsets.ISO_8859_1);
    int end = text.lastIndexOf("\n" + END) + 1;
    String title = "fermoposta-" + kind + " ";
    if (!text.startsWith(title)) {
      throw bad(kind, what, "begins with something else (expected: " + title + VERSION + ")");
    }
    if (!text.startsWith(title + VERSION + "\n")) {
      throw bad(kind, what, "of another version (expected: " + VERSION + ")");
    }
    if (end == 0 || !text.substring(end).equals(END + checksum(record, end) + "\n")) {
      throw bad(kind, what, "cut short or changed (expected: the checksum at its end to be right)");
    }
    List<String> lines = new ArrayList<>(text.substring(0, end).lines().toList());
    return lines.subList(1, lines.size());
  }

  /** A record that says something impossible. */
  static MaildropException bad(String kind, String what, String problem) {
    return new MaildropException(
        MaildropFailure.PERMANENT,
        "record " + kind + " of " + LogText.quote(what) + ": " + problem);
  }

  private static String checksum(byte[] octets, int length) {
    CRC32C crc = new CRC32C();
    crc.update(octets, 0, length);
    return String.format("%08x", crc.getValue());
  }
}

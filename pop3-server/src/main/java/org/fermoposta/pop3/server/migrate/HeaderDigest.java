// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.migrate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;

/**
 * What tells a message from all others wherever it is stored: its header, without the fields in
 * which stores keep their own notes, and however its lines end.
 */
final class HeaderDigest {

  /** More of a header is not looked at. */
  static final int MAX_OCTETS = 1 << 20;

  private static final Set<String> NOTES =
      Set.of("status", "x-status", "x-uidl", "x-keywords", "x-mozilla-status", "x-mozilla-status2");

  private HeaderDigest() {}

  /** Of a file. */
  static String of(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return of(in.readNBytes(MAX_OCTETS));
    }
  }

  /** Of a message, or of its beginning. */
  static String of(byte[] message) {
    MessageDigest digest = sha256();
    String text = new String(message, StandardCharsets.ISO_8859_1);
    boolean note = false;
    int from = 0;
    while (from < text.length()) {
      int end = text.indexOf('\n', from);
      int next = end < 0 ? text.length() : end + 1;
      int to = end < 0 ? text.length() : end;
      if (to > from && text.charAt(to - 1) == '\r') {
        to--;
      }
      if (to == from) {
        break;
      }
      char first = text.charAt(from);
      if (first != ' ' && first != '\t') {
        int colon = text.indexOf(':', from);
        note =
            colon >= 0
                && colon < to
                && NOTES.contains(text.substring(from, colon).toLowerCase(Locale.ROOT));
      }
      if (!note) {
        digest.update(text.substring(from, to).getBytes(StandardCharsets.ISO_8859_1));
        digest.update((byte) '\n');
      }
      from = next;
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}

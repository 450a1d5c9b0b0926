// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.migrate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.Optional;

/** The header field {@code X-UIDL}, in which mbox and some other servers keep the id. */
final class XUidlField {

  private static final int MAX_HEADER_OCTETS = 64 * 1024;
  private static final String NAME = "x-uidl:";

  private XUidlField() {}

  /**
   * The first such field's value, if it has one; it is looked for in the first 64 KiB of the
   * header. Empty too for a file that vanished or is none.
   */
  static Optional<String> of(Path file) throws IOException {
    try {
      if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .isRegularFile()) {
        return Optional.empty();
      }
      byte[] octets;
      try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
        octets = in.readNBytes(MAX_HEADER_OCTETS);
      }
      return in(new String(octets, StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    }
  }

  private static Optional<String> in(String head) {
    String[] lines = head.split("\r?\n", -1);
    for (int i = 0; i < lines.length && !lines[i].isEmpty(); i++) {
      if (lines[i].toLowerCase(Locale.ROOT).startsWith(NAME)) {
        StringBuilder value = new StringBuilder(lines[i].substring(NAME.length()));
        while (i + 1 < lines.length && lines[i + 1].matches("[ \t].*")) {
          value.append(lines[++i]);
        }
        String id = value.toString().strip();
        return id.isEmpty() ? Optional.empty() : Optional.of(id);
      }
    }
    return Optional.empty();
  }
}

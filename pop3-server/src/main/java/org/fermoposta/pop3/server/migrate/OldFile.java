// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.migrate;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.fermoposta.pop3.server.maildrop.LogText;

/** A file that an old server left, line by line; each octet is one char. */
final class OldFile implements Closeable {

  private static final long MAX_OCTETS = 4L << 30;
  private static final int MAX_LINE_OCTETS = 8192;

  private final Path file;
  private final InputStream in;
  private int line;

  private OldFile(Path file, InputStream in) {
    this.file = file;
    this.in = in;
  }

  /** Opens it; empty if there is none. */
  static Optional<OldFile> open(Path file) throws IOException, MigrationException {
    try {
      if (!Files.readAttributes(
              file, java.nio.file.attribute.BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .isRegularFile()) {
        throw new MigrationException(LogText.quote(file) + ": not a regular file");
      }
      if (Files.size(file) > MAX_OCTETS) {
        throw new MigrationException(
            LogText.quote(file) + ": " + Files.size(file) + " octets (expected: <= 4 GiB)");
      }
      return Optional.of(
          new OldFile(
              file,
              new BufferedInputStream(
                  Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), 64 * 1024)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * The next line without its LF; empty at the end. A last line without LF is still being written,
   * and is left out.
   */
  Optional<String> nextLine() throws IOException, MigrationException {
    ByteArrayOutputStream octets = new ByteArrayOutputStream(128);
    line++;
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (c == '\n') {
        return Optional.of(octets.toString(java.nio.charset.StandardCharsets.ISO_8859_1));
      }
      if (octets.size() == MAX_LINE_OCTETS) {
        throw bad("longer than " + MAX_LINE_OCTETS + " octets");
      }
      octets.write(c);
    }
    return Optional.empty();
  }

  /** The line is not what it should be. */
  MigrationException bad(String why) {
    return new MigrationException(LogText.quote(file) + ":" + line + ": " + why);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

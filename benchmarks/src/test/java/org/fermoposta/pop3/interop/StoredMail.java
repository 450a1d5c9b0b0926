// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a Maildir holds, read here without any of the code under test, and what a client must get of
 * it: the octets of the file, each line end (LF or CRLF) as CRLF, and one more at the end if the
 * last line has none (RFC 1939 section 11; there is no other way to send such a line).
 */
final class StoredMail {
  private final Path maildir;

  StoredMail(Path maildir) {
    this.maildir = maildir;
  }

  /** The files of new/ and cur/ in order of their delivery. */
  List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String sub : List.of("new", "cur")) {
      try (Stream<Path> entries = Files.list(maildir.resolve(sub))) {
        entries.forEach(files::add);
      }
    }
    files.sort(Comparator.comparingLong(StoredMail::second));
    return files;
  }

  int count() throws IOException {
    return files().size();
  }

  /** Digests of what clients get, sorted, for a client that stores lines with such an end. */
  List<String> digests(LineEnds ends) throws IOException {
    List<String> digests = new ArrayList<>();
    for (Path file : files()) {
      digests.add(sha256(expected(Files.readAllBytes(file), ends)));
    }
    digests.sort(null);
    return digests;
  }

  /** Digests of files as they are, sorted. */
  static List<String> digests(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(StoredMail::read).map(StoredMail::sha256).sorted().toList();
    }
  }

  static byte[] expected(byte[] stored, LineEnds ends) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream(stored.length + stored.length / 40);
    for (int i = 0; i < stored.length; i++) {
      boolean pair = stored[i] == '\r' && i + 1 < stored.length && stored[i + 1] == '\n';
      if (stored[i] == '\n') {
        lines.writeBytes(ends.octets());
      } else if (!pair) {
        lines.write(stored[i]);
      }
    }
    if (stored.length > 0 && stored[stored.length - 1] != '\n') {
      lines.writeBytes(ends.octets());
    }
    return lines.toByteArray();
  }

  private static long second(Path file) {
    String name = file.getFileName().toString();
    return Long.parseLong(name.substring(0, name.indexOf('.')));
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(byte[] octets) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

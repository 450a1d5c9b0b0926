// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** What is asked of the file system; tests put failures in between. */
class MaildirFiles {

  private static final Set<OpenOption> READ_WRITE_OR_CREATE =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          LinkOption.NOFOLLOW_LINKS);
  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** Receives one directory entry. */
  interface Visitor {
    void entry(byte[] name) throws IOException;
  }

  /** Names of all entries but those that begin with a dot, in no order. */
  void list(Path directory, Visitor visitor) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        byte[] name = RawNames.octets(entry);
        if (name[0] != '.') {
          visitor.entry(name);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** Attributes of the entry itself, not of what it may link to. */
  BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  /** Opens for reading, never through a link. The caller has seen that it is a regular file. */
  FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
  }

  /**
   * Opens a file for reading and writing, never through a link; makes it (mode 0600) if there is
   * none. For both: a FIFO put there meanwhile would make opening for one of them wait.
   */
  FileChannel openOrCreate(Path file) throws IOException {
    return FileChannel.open(file, READ_WRITE_OR_CREATE, PRIVATE);
  }

  /** Removes a file. */
  void unlink(Path file) throws IOException {
    Files.delete(file);
  }

  /** Makes what was done to a directory's entries last over a power failure. */
  void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}

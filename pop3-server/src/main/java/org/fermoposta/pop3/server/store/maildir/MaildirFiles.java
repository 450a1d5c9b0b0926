// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What is asked of the file system; tests put failures in between. */
class MaildirFiles {

  private static final Set<OpenOption> READ_WRITE_OR_CREATE =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          LinkOption.NOFOLLOW_LINKS);
  private static final Set<OpenOption> WRITE_NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<?> PRIVATE_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final Set<OpenOption> READ =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

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
    return FileChannel.open(file, READ);
  }

  /**
   * Opens a file for reading and writing, never through a link; makes it (mode 0600) if there is
   * none. For both: a FIFO put there meanwhile would make opening for one of them wait.
   */
  FileChannel openOrCreate(Path file) throws IOException {
    return FileChannel.open(file, READ_WRITE_OR_CREATE, PRIVATE);
  }

  /** Makes an empty file (mode 0600) and opens it for writing; fails if the name is taken. */
  FileChannel create(Path file) throws IOException {
    return FileChannel.open(file, WRITE_NEW, PRIVATE);
  }

  /** Gives a file a second name, which must be free. */
  void link(Path existing, Path added) throws IOException {
    Files.createLink(added, existing);
  }

  /** Gives a file another name, atomically; a file that had it is replaced. */
  void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Whether there is a directory, perhaps through links. */
  boolean isDirectory(Path path) {
    return Files.isDirectory(path);
  }

  /** Makes a directory (mode 0700). */
  void createDirectory(Path directory) throws IOException {
    Files.createDirectory(directory, PRIVATE_DIRECTORY);
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

  /** The stamp of a directory, or of a file. */
  DirectoryStamp stamp(Path path) throws IOException {
    Map<String, Object> found =
        Files.readAttributes(path, "unix:ino,lastModifiedTime,ctime", LinkOption.NOFOLLOW_LINKS);
    return new DirectoryStamp(
        ((Number) Objects.requireNonNull(found.get("ino"))).longValue(),
        ((FileTime) Objects.requireNonNull(found.get("lastModifiedTime"))).to(TimeUnit.NANOSECONDS),
        ((FileTime) Objects.requireNonNull(found.get("ctime"))).to(TimeUnit.NANOSECONDS));
  }

  /**
   * Opens a file of our own for reading.
   *
   * @throws IOException also if it is no regular file, or others than its owner may write to it
   */
  FileChannel openPrivate(Path file) throws IOException {
    PosixFileAttributes found =
        Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!found.isRegularFile()) {
      throw new FileSystemException(file.toString(), null, "not a regular file");
    }
    if (found.permissions().contains(PosixFilePermission.GROUP_WRITE)
        || found.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new AccessDeniedException(
          file.toString(), null, "others may write to it (expected: mode 0600)");
    }
    return FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
  }

  /** Makes an empty file, mode 0600, in place of whatever was there. */
  FileChannel createPrivate(Path file) throws IOException {
    Files.deleteIfExists(file);
    return FileChannel.open(
        file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PRIVATE);
  }

  /** Writes all of it. */
  void writeAll(FileChannel channel, ByteBuffer content) throws IOException {
    while (content.hasRemaining()) {
      channel.write(content);
    }
  }

  /** Makes what was written to a file last over a power failure. */
  void force(FileChannel channel) throws IOException {
    channel.force(true);
  }

  /**
   * Gives a file of ours to the owner and group of a directory, who may be others where a tool runs
   * as root for the server.
   */
  void giveToOwnerOf(Path directory, Path file) throws IOException {
    PosixFileAttributes wanted =
        Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    PosixFileAttributeView view =
        Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    PosixFileAttributes found = view.readAttributes();
    if (!found.owner().equals(wanted.owner())) {
      view.setGroup(wanted.group());
      view.setOwner(wanted.owner());
    }
  }

  /** Puts a finished file in place of another one, atomically. */
  void replace(Path finished, Path file) throws IOException {
    Files.move(finished, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Removes a file that was not finished, if it is there. */
  void discard(Path unfinished) throws IOException {
    Files.deleteIfExists(unfinished);
  }
}

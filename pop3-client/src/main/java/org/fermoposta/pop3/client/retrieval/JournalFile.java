// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.retrieval;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.fermoposta.pop3.client.retrieval.JournalException.Reason;
import org.jspecify.annotations.Nullable;

// Design note. The lock is on a file of its own, as the journal is replaced when it is compacted;
// the
// kernel takes it back when the process dies. What is appended is given to the kernel at once, so
// that it survives this process, and is forced to the disk by force(). After a failed write the
// file
// is cut back to its last whole line, and nothing is appended any more: the caller has to stop,
// since
// what it did meanwhile is nowhere written down.

/** The file of a journal: exclusive, appended to, replaced as a whole. Not thread-safe. */
final class JournalFile implements AutoCloseable {
  private static final int BUFFER_OCTETS = 64 * 1024;

  private final Path path;
  private final FileChannel lockChannel;
  private @Nullable FileChannel channel;
  private long octets;
  private boolean forced = true;
  private boolean failed;

  private JournalFile(Path path, FileChannel lockChannel) {
    this.path = path;
    this.lockChannel = lockChannel;
  }

  /**
   * Locks a journal, which need not exist; its directory is made if need be.
   *
   * @throws JournalException if somebody else has it
   */
  static JournalFile lock(Path path) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    FileChannel channel =
        FileChannel.open(
            path.resolveSibling(path.getFileName() + ".lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException here) {
      // In this process; answered like the others.
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    if (lock == null) {
      throw new JournalException(
          Reason.IN_USE, path, "in use by another retrieval (expected: one at a time)");
    }
    return new JournalFile(path, channel);
  }

  Path path() {
    return path;
  }

  boolean exists() {
    return Files.exists(path);
  }

  /** Appends from now on, at this position; what is behind it is cut off. */
  void open(long wholeOctets) throws IOException {
    FileChannel opened = FileChannel.open(path, StandardOpenOption.WRITE);
    channel = opened;
    octets = wholeOctets;
    if (opened.size() > wholeOctets) {
      opened.truncate(wholeOctets);
      opened.force(true);
    }
    opened.position(wholeOctets);
  }

  /** Appends lines. */
  void append(Stream<String> texts) throws IOException {
    FileChannel to = writable();
    try {
      long written = write(to, texts);
      octets += written;
      forced &= written == 0;
    } catch (IOException full) {
      failed = true;
      throw cutBack(to, full);
    }
  }

  /** Makes what was appended survive a crash of the machine. */
  void force() throws IOException {
    if (!forced) {
      try {
        writable().force(false);
      } catch (IOException broken) {
        failed = true;
        throw broken;
      }
      forced = true;
    }
  }

  /** Replaces the file by one with these lines; a crash leaves the old one or the new. */
  void replace(Stream<String> texts) throws IOException {
    Path draft = path.resolveSibling(path.getFileName() + ".new");
    try (FileChannel to =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      octets = write(to, texts);
      to.force(true);
    }
    if (channel != null) {
      channel.close();
    }
    Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
    Directories.force(path.toAbsolutePath().getParent());
    forced = true;
    open(octets);
  }

  @Override
  public void close() throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      // The lock goes with it.
      lockChannel.close();
    }
  }

  private FileChannel writable() throws JournalException {
    FileChannel open = channel;
    if (failed || open == null) {
      throw new JournalException(
          Reason.FAILED, path, "writing failed before (expected: to be opened again)");
    }
    return open;
  }

  private IOException cutBack(FileChannel to, IOException full) {
    try {
      to.truncate(octets);
    } catch (IOException alsoBroken) {
      full.addSuppressed(alsoBroken);
    }
    JournalException why =
        new JournalException(
            Reason.FAILED, path, "cannot be written (" + full.getMessage() + "); mail stays");
    why.initCause(full);
    return why;
  }

  private static long write(FileChannel to, Stream<String> texts) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_OCTETS);
    long written = 0;
    for (var lines = texts.iterator(); lines.hasNext(); ) {
      byte[] line = JournalLine.encode(lines.next());
      if (buffer.remaining() < line.length) {
        written += drain(to, buffer);
      }
      buffer.put(line);
    }
    return written + drain(to, buffer);
  }

  private static long drain(FileChannel to, ByteBuffer buffer) throws IOException {
    buffer.flip();
    int count = buffer.remaining();
    while (buffer.hasRemaining()) {
      to.write(buffer);
    }
    buffer.clear();
    return count;
  }
}

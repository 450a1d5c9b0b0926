// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.jakarta;

import jakarta.mail.internet.SharedInputStream;
import jakarta.mail.util.SharedByteArrayInputStream;
import jakarta.mail.util.SharedFileInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.fermoposta.pop3.client.internal.BlockingTarget;
import org.jspecify.annotations.Nullable;

/*
 * Design note. The file loses its name as soon as it is open for reading, where the system lets it,
 * and its content lives as long as somebody holds a stream into it. Elsewhere it goes when this
 * process ends.
 */
/** Keeps a message in memory, or in a temporary file once it is long. */
final class SpoolTarget implements BlockingTarget<SharedInputStream> {
  private final @Nullable Path directory;
  private final int memoryOctets;
  private ByteArrayOutputStream memory = new ByteArrayOutputStream();
  private @Nullable Path file;
  private @Nullable FileChannel channel;

  /**
   * Creates a target.
   *
   * @param directory for the file; null for the system's
   * @param memoryOctets a message of more goes to a file
   */
  SpoolTarget(@Nullable Path directory, int memoryOctets) {
    this.directory = directory;
    this.memoryOctets = memoryOctets;
  }

  @Override
  public void write(ByteBuffer octets) throws IOException {
    FileChannel to = channel;
    if (to == null && octets.remaining() <= memoryOctets - memory.size()) {
      byte[] piece = new byte[octets.remaining()];
      octets.get(piece);
      memory.write(piece, 0, piece.length);
      return;
    }
    if (to == null) {
      to = open();
    }
    writeAll(to, octets);
  }

  private FileChannel open() throws IOException {
    Path made =
        directory == null
            ? Files.createTempFile("pop3-", ".eml")
            : Files.createTempFile(directory, "pop3-", ".eml");
    file = made;
    FileChannel opened = FileChannel.open(made, StandardOpenOption.WRITE);
    channel = opened;
    writeAll(opened, ByteBuffer.wrap(memory.toByteArray()));
    memory = new ByteArrayOutputStream();
    return opened;
  }

  private static void writeAll(FileChannel to, ByteBuffer octets) throws IOException {
    while (octets.hasRemaining()) {
      to.write(octets);
    }
  }

  @Override
  public SharedInputStream finish() throws IOException {
    Path made = file;
    if (channel == null || made == null) {
      return new SharedByteArrayInputStream(memory.toByteArray());
    }
    channel.close();
    SharedInputStream content = new SharedFileInputStream(made.toFile());
    forget(made);
    file = null;
    return content;
  }

  @Override
  public void discard() throws IOException {
    memory = new ByteArrayOutputStream();
    if (channel != null) {
      channel.close();
    }
    if (file != null) {
      Files.deleteIfExists(file);
      file = null;
    }
  }

  private static void forget(Path open) {
    try {
      Files.delete(open);
    } catch (IOException heldByItsReader) {
      // As on Windows.
      open.toFile().deleteOnExit();
    }
  }
}

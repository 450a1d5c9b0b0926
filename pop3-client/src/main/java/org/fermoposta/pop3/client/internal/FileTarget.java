// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

// Design note. Temporary file, fsync, atomic rename, fsync of the directory: in this order a crash
// at
// any point leaves either no message or a whole one, and after finish() the message stays.

/** Writes a message to a file that appears whole or not at all. */
public final class FileTarget implements BlockingTarget<Path> {
  private static final boolean DIRECTORIES_CAN_BE_SYNCED =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  /**
   * Where a complete message goes.
   *
   * @param file what the message is known as afterwards
   * @param alreadyThere whether that file holds this very message, so that what was written can go
   */
  public record Placement(Path file, boolean alreadyThere) {}

  /** Decides, once the content is known, where the file goes. */
  @FunctionalInterface
  public interface Destination {
    /**
     * Returns the place.
     *
     * @param written the temporary file, complete
     * @param sha256 of its content, 64 lower-case hexadecimal digits
     */
    Placement place(Path written, String sha256) throws IOException;
  }

  private final Path temporaryDirectory;
  private final Destination destination;
  private final MessageDigest digest;
  private @Nullable Path temporary;
  private @Nullable FileChannel channel;

  /**
   * Creates a target.
   *
   * @param temporaryDirectory on the file system of the destination
   */
  public FileTarget(Path temporaryDirectory, Destination destination) {
    this.temporaryDirectory = temporaryDirectory;
    this.destination = destination;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  /** Returns a target for one file, which is replaced if it exists. */
  public static FileTarget to(Path file) {
    Path absolute = file.toAbsolutePath();
    Path directory = absolute.getParent();
    if (directory == null) {
      throw new IllegalArgumentException("file: " + file + " (expected: a file in a directory)");
    }
    return new FileTarget(directory, (written, sha256) -> new Placement(file, false));
  }

  @Override
  public void write(ByteBuffer octets) throws IOException {
    FileChannel to = open();
    digest.update(octets.duplicate());
    while (octets.hasRemaining()) {
      to.write(octets);
    }
  }

  @Override
  public Path finish() throws IOException {
    try (FileChannel written = open()) {
      written.force(true);
    }
    Path from = temporary;
    if (from == null) {
      throw new IllegalStateException("finish after discard");
    }
    Placement place = destination.place(from, HexFormat.of().formatHex(digest.digest()));
    Path to = place.file();
    if (place.alreadyThere()) {
      Files.delete(from);
    } else {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }
    temporary = null;
    syncDirectory(to);
    return to;
  }

  @Override
  public void discard() throws IOException {
    if (channel != null) {
      channel.close();
    }
    if (temporary != null) {
      Files.deleteIfExists(temporary);
      temporary = null;
    }
  }

  private FileChannel open() throws IOException {
    FileChannel open = channel;
    if (open == null) {
      Path file = Files.createTempFile(temporaryDirectory, ".pop3-", ".part");
      temporary = file;
      open = FileChannel.open(file, StandardOpenOption.WRITE);
      channel = open;
    }
    return open;
  }

  private static void syncDirectory(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (DIRECTORIES_CAN_BE_SYNCED && directory != null) {
      try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
        entries.force(true);
      }
    }
  }
}

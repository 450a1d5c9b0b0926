// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.fermoposta.pop3.client.MessageSink;
import org.fermoposta.pop3.client.internal.FileTarget;
import org.fermoposta.pop3.client.internal.FileTarget.Placement;
import org.fermoposta.pop3.client.internal.OffLoopSink;
import org.fermoposta.pop3.protocol.Printable;
import org.fermoposta.pop3.protocol.UniqueId;
import org.jspecify.annotations.Nullable;

// Design note. Unique-ids are unique within a maildrop only: if two accounts shared a directory,
// one's
// message could pass for the other's and be deleted unread. So the directory is bound to an account
// by a file. Where two messages share a unique-id, or one has none, the content's hash is in the
// name, and where a file of that name has other content as well.

/** A directory of {@code .eml} files named by unique-id, for one account. */
final class DirectoryDelivery implements Delivery {
  static final String ACCOUNT_FILE = ".pop3-account";

  private final Path directory;

  private DirectoryDelivery(Path directory) {
    this.directory = directory;
  }

  /**
   * Opens a directory, which is made if need be.
   *
   * @throws UsageException if it belongs to another account
   */
  static DirectoryDelivery open(Path directory, String account) throws IOException {
    Files.createDirectories(directory);
    Path marker = directory.resolve(ACCOUNT_FILE);
    if (Files.exists(marker)) {
      String owner = Files.readString(marker, UTF_8).strip();
      if (!owner.equals(account)) {
        throw new UsageException(
            directory
                + ": holds mail of "
                + Printable.escape(owner)
                + " (expected: one directory for each account; "
                + ACCOUNT_FILE
                + " says whose it is)");
      }
    } else {
      Files.writeString(
          marker, account + "\n", UTF_8, StandardOpenOption.CREATE_NEW, StandardOpenOption.SYNC);
    }
    return new DirectoryDelivery(directory);
  }

  @Override
  public boolean has(UniqueId id) {
    return Files.exists(file(SafeNames.of(id)));
  }

  @Override
  public MessageSink<Path> sink(@Nullable UniqueId id) {
    return new OffLoopSink<>(
        new FileTarget(
            directory,
            (written, sha256) -> {
              if (id != null) {
                Path plain = file(SafeNames.of(id));
                if (!Files.exists(plain)) {
                  return new Placement(plain, false);
                } else if (Files.mismatch(written, plain) < 0) {
                  return new Placement(plain, true);
                }
              }
              Path byContent = file("sha256-" + sha256);
              return new Placement(byContent, Files.exists(byContent));
            }));
  }

  private Path file(String name) {
    return directory.resolve(name + ".eml");
  }
}

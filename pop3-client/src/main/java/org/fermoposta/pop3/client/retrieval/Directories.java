// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.retrieval;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** What names are in a directory, made durable. */
final class Directories {
  private static final boolean CAN_BE_FORCED =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  private Directories() {}

  /** Forces the directory's entries to the disk, where the system can do that. */
  static void force(@Nullable Path directory) throws IOException {
    if (CAN_BE_FORCED && directory != null) {
      try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
        entries.force(true);
      }
    }
  }
}

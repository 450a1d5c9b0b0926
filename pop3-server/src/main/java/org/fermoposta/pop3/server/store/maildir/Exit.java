// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The way a message leaves a maildrop. */
interface Exit {

  /**
   * Takes one message out.
   *
   * @param path where it lies; seen to be a regular file
   * @throws java.nio.file.NoSuchFileException if it is not there any more
   */
  void take(Path path, Entry entry) throws IOException;

  /** The directory that messages were put into and that has to be synced, if there is one. */
  default Optional<Path> target() {
    return Optional.empty();
  }
}

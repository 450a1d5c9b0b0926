// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import java.nio.file.Files;
import java.nio.file.Path;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;

/**
 * A back end that is a file.
 *
 * @param file with lines {@code user:{SCHEME}password}; readable
 */
record PasswdSettings(Path file) {

  PasswdSettings {
    requireReadable("file", file);
  }

  /** Looked at while the configuration is read, so that the message can point to its line. */
  static void requireReadable(String component, Path file) {
    if (!Files.isReadable(file)) {
      throw new InvalidSettingException(
          component,
          "file "
              + file
              + (Files.exists(file) ? ": permission denied" : ": no such file")
              + " (expected: a file with lines of user:{SCHEME}password)");
    }
  }
}

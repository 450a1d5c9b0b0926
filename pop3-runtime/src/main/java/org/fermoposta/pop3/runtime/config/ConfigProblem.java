// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.config;

import java.nio.file.Path;
import org.fermoposta.pop3.runtime.logging.ControlCharacters;

/**
 * One thing wrong with a configuration file.
 *
 * @param file the file as it was named to the reader
 * @param line 1-based; 0 when the problem is the file as a whole
 * @param column 1-based, in code points; 0 when the problem is the file as a whole
 * @param keyPath such as {@code listeners[1].address}; empty for the top level
 * @param text what, the offending value, what was expected; never the text of a secret
 */
public record ConfigProblem(Path file, int line, int column, String keyPath, String text) {
  /** The problem as one line without control characters. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder().append(file);
    if (line > 0) {
      out.append(':').append(line).append(':').append(column);
    }
    if (!keyPath.isEmpty()) {
      out.append(": ").append(keyPath);
    }
    return ControlCharacters.escape(out.append(": ").append(text).toString());
  }
}

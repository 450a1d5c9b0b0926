// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.fermoposta.pop3.server.maildrop.LogText;

/** Files with two words a line, as alias tables; {@code #} begins a comment line. */
final class MapFile {

  private MapFile() {}

  /**
   * Reads a whole file.
   *
   * @param key makes a key of the first word; empty if it is none
   * @throws PasswdFormatException if a line has not two words, or a key is wrong or there twice
   */
  static Map<String, String> parse(
      String file, byte[] octets, Function<String, Optional<String>> key)
      throws PasswdFormatException {
    Map<String, String> entries = new HashMap<>();
    List<String> errors = new ArrayList<>();
    int number = 0;
    for (String line : PasswdTable.text(file, octets).split("\n", -1)) {
      number++;
      String content = line.strip();
      if (content.isEmpty() || content.startsWith("#")) {
        continue;
      }
      String[] words = content.split("\\s+");
      Optional<String> found = words.length == 2 ? key.apply(words[0]) : Optional.empty();
      if (found.isEmpty()) {
        errors.add(file + ":" + number + ": " + LogText.quote(content) + " (expected: two words)");
      } else if (entries.putIfAbsent(found.get(), words[1]) != null) {
        errors.add(
            file + ":" + number + ": " + LogText.quote(words[0]) + " again (expected: once)");
      }
    }
    if (!errors.isEmpty()) {
      throw new PasswdFormatException(
          String.join("\n", errors.subList(0, Math.min(10, errors.size()))));
    }
    return Map.copyOf(entries);
  }
}

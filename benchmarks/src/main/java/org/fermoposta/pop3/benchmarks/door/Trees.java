// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.door;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Directories as a whole. */
final class Trees {
  private Trees() {}

  static void delete(Path tree) throws IOException {
    for (Path path : walk(tree).stream().sorted(Comparator.reverseOrder()).toList()) {
      Files.deleteIfExists(path);
    }
  }

  /** Copies files and directories to a place where nothing is yet. */
  static void copy(Path from, Path to) throws IOException {
    for (Path path : walk(from)) {
      Files.copy(path, to.resolve(from.relativize(path).toString()));
    }
  }

  private static List<Path> walk(Path tree) throws IOException {
    try (Stream<Path> found = Files.walk(tree)) {
      return found.toList();
    }
  }
}

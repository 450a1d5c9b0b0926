// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * What files looked like at one moment: times, lengths and inodes, links followed. Two that are
 * equal mean that nobody wrote in between.
 */
record FileStamps(Map<Path, String> byFile) {

  /** Looks now. A file that is not there has a stamp too. Blocks. */
  static FileStamps of(Collection<Path> files) {
    Map<Path, String> stamps = new TreeMap<>();
    for (Path file : files) {
      stamps.put(file, stamp(file));
    }
    return new FileStamps(stamps);
  }

  private static String stamp(Path file) {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return found.lastModifiedTime() + " " + found.size() + " " + found.fileKey();
    } catch (IOException e) {
      return e.getClass().getSimpleName();
    }
  }
}

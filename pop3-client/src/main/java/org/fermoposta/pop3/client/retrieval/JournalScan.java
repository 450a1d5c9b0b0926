// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.retrieval;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

// Design note. Appending can be cut off at any octet, by a crash or a full disk, and after a power
// failure the end of a file can be anything. So what is not whole at the end is cut off: whoever
// wrote it was not told that it is safe. Something that is not whole before whole lines is another
// matter: then what was safe is lost.

/** Reads the lines of a journal. */
final class JournalScan {
  private static final int BUFFER_OCTETS = 64 * 1024;

  /** How long the file is up to the end of the last whole line. */
  private long wholeOctets;

  private long lines;
  private long damagedLines;
  private long damagedBefore;
  private long position;

  private JournalScan() {}

  /** Hands each whole line to somebody, without check and LF; those that are not whole not. */
  static JournalScan read(Path file, Consumer<String> line) throws IOException {
    JournalScan scan = new JournalScan();
    try (InputStream in = Files.newInputStream(file)) {
      scan.all(in, line);
    }
    return scan;
  }

  /** Returns how many octets of the file end with a whole line. */
  long wholeOctets() {
    return wholeOctets;
  }

  /** Returns how many lines are whole. */
  long lines() {
    return lines;
  }

  /** Returns how many lines, with whole ones behind them, are not whole. */
  long damagedLines() {
    return damagedBefore;
  }

  /** Returns how many octets follow the last whole line. */
  long tornOctets() {
    return position - wholeOctets;
  }

  private void all(InputStream in, Consumer<String> each) throws IOException {
    byte[] buffer = new byte[BUFFER_OCTETS];
    byte[] line = new byte[JournalLine.MAX_OCTETS];
    int length = 0;
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      for (int i = 0; i < count; i++) {
        position++;
        if (buffer[i] == '\n') {
          one(line, length, each);
          length = 0;
        } else if (length < line.length) {
          line[length++] = buffer[i];
        }
        // What is longer than any line can be has no right check either.
      }
    }
  }

  private void one(byte[] line, int length, Consumer<String> each) {
    String text = JournalLine.decode(line, 0, length);
    if (text == null) {
      damagedLines++;
      return;
    }
    each.accept(text);
    lines++;
    damagedBefore = damagedLines;
    wholeOctets = position;
  }
}

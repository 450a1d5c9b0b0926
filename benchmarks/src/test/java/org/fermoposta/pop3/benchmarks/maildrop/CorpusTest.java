// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.maildrop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CorpusTest {

  @TempDir Path directory;

  private static List<Path> files(Path maildir) throws IOException {
    try (Stream<Path> all = Files.list(maildir.resolve("cur"))) {
      return all.sorted().toList();
    }
  }

  @Test
  @DisplayName("each message has 2,048 octets, and octets counts two for each line end")
  void sizes() throws IOException {
    Corpus corpus = Corpus.make(directory.resolve("originals"), 12);
    Path maildir = directory.resolve("m");
    corpus.fill(maildir);
    long octets = 0;
    for (Path file : files(maildir)) {
      byte[] message = Files.readAllBytes(file);
      assertEquals(Corpus.OCTETS, message.length);
      assertEquals('\n', message[message.length - 1]);
      for (byte octet : message) {
        octets += octet == '\n' ? 2 : 1;
      }
    }
    assertEquals(octets, corpus.octets());
  }

  @Test
  @DisplayName("filling again puts back what was removed, under the same names")
  void fillsAgain() throws IOException {
    Corpus corpus = Corpus.make(directory.resolve("originals"), 5);
    Path maildir = directory.resolve("m");
    corpus.fill(maildir);
    List<Path> before = files(maildir);
    assertEquals(5, before.size());
    Files.delete(before.get(1));
    Files.delete(before.get(4));
    corpus.fill(maildir);
    assertEquals(before, files(maildir));
  }

  @Test
  @DisplayName("a count whose octets would be told wrong is refused")
  void counts() {
    assertThrows(
        IllegalArgumentException.class, () -> Corpus.make(directory.resolve("x"), 100_001));
  }

  @Test
  @DisplayName("a target is met at its bound and missed above; without one nothing is judged")
  void verdicts() {
    assertTrue(new Figure("x", -1, 1, 10, 0.1).row().endsWith("| at most 0.10: met |"));
    assertTrue(new Figure("x", -1, 1.1, 10, 0.1).row().endsWith("| at most 0.10: **missed** |"));
    assertFalse(new Figure("x", -1, 1, 10, 0).row().contains("most"));
  }
}

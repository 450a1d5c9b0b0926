// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.maildrop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * The mail that both servers have: messages of 2 KiB with LF line ends in {@code cur/}, seen,
 * without {@code ,S=} and {@code ,W=} in their names. The files are hard links to one original each
 * (the first 100,000; what is more than that are further links to these), so that both servers find
 * them equally in the kernel's cache.
 */
final class Corpus {
  static final int OCTETS = 2048;
  private static final int ORIGINALS = 100_000;
  private static final int PER_DIRECTORY = 10_000;
  private static final int LINE = 72;

  private final Path originals;
  private final int count;
  private long octets;

  private Corpus(Path originals, int count) {
    this.originals = originals;
    this.count = count;
  }

  /**
   * Makes the originals.
   *
   * @throws IllegalArgumentException if the count is beyond 100,000 and no multiple of it
   */
  static Corpus make(Path directory, int count) throws IOException {
    if (count > ORIGINALS && count % ORIGINALS != 0) {
      throw new IllegalArgumentException(
          "messages: " + count + " (expected: at most " + ORIGINALS + ", or a multiple of it)");
    }
    Corpus corpus = new Corpus(Files.createDirectories(directory), count);
    Random random = new Random(count);
    for (int i = 0; i < Math.min(count, ORIGINALS); i++) {
      Path file = corpus.original(i);
      if (i % PER_DIRECTORY == 0) {
        Files.createDirectories(directory.resolve(Integer.toString(i / PER_DIRECTORY)));
      }
      byte[] message = message(i, random);
      for (byte octet : message) {
        if (octet == '\n') {
          corpus.octets++;
        }
      }
      corpus.octets += message.length;
      Files.write(file, message);
    }
    // What is more than the originals are whole rounds of them.
    corpus.octets *= Math.max(1, count / ORIGINALS);
    return corpus;
  }

  int count() {
    return count;
  }

  /** Octets on the wire of all messages: every line end counts as two. */
  long octets() {
    return octets;
  }

  /** Fills a Maildir with what is missing in it; what is there must not have been renamed. */
  void fill(Path maildir) throws IOException {
    for (String sub : new String[] {"new", "cur", "tmp"}) {
      Files.createDirectories(maildir.resolve(sub));
    }
    Path cur = maildir.resolve("cur");
    for (int i = 0; i < count; i++) {
      Path file = cur.resolve((1_700_000_000 + i) + ".M" + (i * 7 % 1_000_000) + "P1.mx:2,S");
      if (!Files.exists(file)) {
        Files.createLink(file, original(i % ORIGINALS));
      }
    }
  }

  private Path original(int i) {
    return originals.resolve(Integer.toString(i / PER_DIRECTORY)).resolve(Integer.toString(i));
  }

  private static byte[] message(int i, Random random) {
    StringBuilder text = new StringBuilder(OCTETS);
    text.append("From: sender@example.org\nTo: reader@example.net\nSubject: message ")
        .append(i)
        .append("\nMessage-ID: <")
        .append(i)
        .append("@example.org>\nDate: Tue, 14 Nov 2023 22:13:20 +0000\n\n");
    while (text.length() < OCTETS) {
      int length = Math.min(LINE, OCTETS - text.length() - 1);
      for (int k = 0; k < length; k++) {
        text.append((char) ('a' + random.nextInt(26)));
      }
      text.append('\n');
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }
}

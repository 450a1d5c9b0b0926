// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Random;
import org.fermoposta.pop3.protocol.wire.WireData.Memory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopLinesTest {

  private final Tracked tracked = new Tracked();

  @AfterEach
  void nothingLeaks() {
    tracked.assertAllReleased();
  }

  private String top(String stored, long lines, Memory memory, List<byte[]> pieces) {
    TopLines top = new TopLines(lines);
    StringBuilder taken = new StringBuilder();
    for (byte[] piece : pieces) {
      ByteBuf in = WireData.buffer(tracked.allocator, memory, piece);
      int count = top.take(in);
      taken.append(WireData.text(piece), 0, count);
      if (count < piece.length) {
        assertTrue(top.isDone());
      }
      in.release();
    }
    assertTrue(stored.startsWith(taken.toString()));
    return taken.toString();
  }

  /** By definition, line by line. */
  private static String expected(String stored, long lines) {
    StringBuilder taken = new StringBuilder();
    boolean body = false;
    long left = lines;
    for (String line : stored.split("(?<=\n)")) {
      if (body && left-- == 0) {
        break;
      }
      taken.append(line);
      if (!body && (line.equals("\n") || line.equals("\r\n"))) {
        body = true;
      }
    }
    return taken.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "'A: 1|B: 2||one|two|', 0, 'A: 1|B: 2||'",
    "'A: 1|B: 2||one|two|', 1, 'A: 1|B: 2||one|'",
    "'A: 1|B: 2||one|two|', 2, 'A: 1|B: 2||one|two|'",
    "'A: 1|B: 2||one|two|', 9223372036854775807, 'A: 1|B: 2||one|two|'",
    "'A: 1|B: 2||one|two', 2, 'A: 1|B: 2||one|two'",
    "'A: 1||||.|x|', 3, 'A: 1||||.|'",
    "'A: 1|no body', 0, 'A: 1|no body'",
    "'|only body|more|', 1, '|only body|'",
    "'', 3, ''",
  })
  @DisplayName("T29, T30, T31, T32: header, blank line and n stored lines, in both line ends")
  void headerBlankLineAndStoredLines(String picture, long lines, String expected) {
    for (String lineEnd : List.of("\r\n", "\n")) {
      String stored = picture.replace("|", lineEnd);
      for (List<byte[]> pieces : WireData.everyFragmentation(WireData.octets(stored))) {
        for (Memory memory : Memory.values()) {
          assertEquals(expected.replace("|", lineEnd), top(stored, lines, memory, pieces));
        }
      }
    }
  }

  @Test
  @DisplayName("any octets in any pieces are cut as the definition says")
  void anyOctetsAreCutAsDefined() {
    Random random = new Random(23);
    Memory[] memories = Memory.values();
    for (int run = 0; run < 30_000; run++) {
      byte[] stored = WireData.soup(random);
      String text = WireData.text(stored);
      long lines = random.nextInt(5);
      assertEquals(
          expected(text, lines),
          top(
              text,
              lines,
              memories[random.nextInt(memories.length)],
              WireData.pieces(stored, random)));
    }
  }

  @Test
  @DisplayName("a negative number of lines is refused, and a fresh instance is not done")
  void refusesANegativeNumber() {
    assertThrows(IllegalArgumentException.class, () -> new TopLines(-1));
    assertFalse(new TopLines(0).isDone());
  }
}

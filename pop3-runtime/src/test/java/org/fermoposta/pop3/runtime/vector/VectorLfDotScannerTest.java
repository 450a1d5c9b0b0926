// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.fermoposta.pop3.protocol.wire.LfDotScanner;
import org.fermoposta.pop3.protocol.wire.LfDotScanners;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class VectorLfDotScannerTest {

  private final LfDotScanner scanner = new VectorLfDotScanner();

  private static int naive(byte[] octets, int from, int to) {
    for (int i = from; i + 1 < to; i++) {
      if (octets[i] == '\n' && octets[i + 1] == '.') {
        return i;
      }
    }
    return -1;
  }

  @Test
  @DisplayName("finds the pair at every place of every length, in array and direct memory")
  void findsThePairAtEveryPlace() {
    for (int length = 0; length < 200; length++) {
      for (int at = -1; at + 1 < length; at++) {
        byte[] octets = "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
        if (at >= 0) {
          octets[at] = '\n';
          octets[at + 1] = '.';
        }
        ByteBuffer direct = ByteBuffer.allocateDirect(length).put(octets).clear();
        assertEquals(at, scanner.indexOf(octets, 0, length));
        assertEquals(at, scanner.indexOf(direct, 0, length));
      }
    }
  }

  @Test
  @DisplayName("agrees with a plain loop on any octets, ranges, memory and position")
  void agreesWithAPlainLoop() {
    Random random = new Random(1);
    byte[] alphabet = {'\n', '.', '\r', 'a', 0x0B, (byte) 0x8A, (byte) 0xAE, 0};
    for (int run = 0; run < 30_000; run++) {
      byte[] octets = new byte[random.nextInt(300)];
      int variety = 2 + random.nextInt(alphabet.length - 1);
      boolean sparse = run % 2 == 0;
      for (int i = 0; i < octets.length; i++) {
        octets[i] =
            sparse && random.nextInt(20) > 0 ? (byte) 'x' : alphabet[random.nextInt(variety)];
      }
      int from = random.nextInt(octets.length + 1);
      int to = from + random.nextInt(octets.length - from + 1);
      int expected = naive(octets, from, to);
      assertEquals(expected, scanner.indexOf(octets, from, to));
      ByteBuffer direct = ByteBuffer.allocateDirect(octets.length).put(octets);
      direct.position(random.nextInt(octets.length + 1));
      int position = direct.position();
      assertEquals(expected, scanner.indexOf(direct, from, to));
      assertEquals(position, direct.position());
      assertEquals(expected, scanner.indexOf(ByteBuffer.wrap(octets), from, to));
    }
  }

  @Test
  @DisplayName("a range outside of the memory is refused")
  void refusesARangeOutside() {
    assertThrows(IndexOutOfBoundsException.class, () -> scanner.indexOf(new byte[8], 0, 9));
    ByteBuffer limited = ByteBuffer.allocateDirect(8).limit(4);
    assertThrows(IndexOutOfBoundsException.class, () -> scanner.indexOf(limited, 0, 5));
  }

  @Test
  @DisplayName("is chosen where its module is present and the registers are long enough")
  void isChosenWhereTheModuleIsPresent() {
    LfDotScanner best = LfDotScanners.best();
    assertTrue(scanner.isUsable() == (best instanceof VectorLfDotScanner), best.name());
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LfDotScannerTest {

  private final LfDotScanner scanner = new SwarLfDotScanner();

  private static int naive(byte[] octets, int from, int to) {
    for (int i = from; i + 1 < to; i++) {
      if (octets[i] == '\n' && octets[i + 1] == '.') {
        return i;
      }
    }
    return -1;
  }

  private static ByteBuffer direct(byte[] octets) {
    return ByteBuffer.allocateDirect(octets.length).put(octets).clear();
  }

  @Test
  @DisplayName("finds the pair at every place of every length, in array and direct memory")
  void findsThePairAtEveryPlace() {
    for (int length = 0; length < 100; length++) {
      for (int at = -1; at + 1 < length; at++) {
        byte[] octets = WireData.octets("x".repeat(length));
        if (at >= 0) {
          octets[at] = '\n';
          octets[at + 1] = '.';
        }
        assertEquals(at, scanner.indexOf(octets, 0, length));
        assertEquals(at, scanner.indexOf(direct(octets), 0, length));
      }
    }
  }

  @Test
  @DisplayName("agrees with a plain loop on any octets and ranges, whatever the byte order")
  void agreesWithAPlainLoop() {
    Random random = new Random(1);
    byte[] alphabet = {'\n', '.', '\r', 'a', 0x0B, 0x2F, 0x2D, 0x09, (byte) 0x8A, (byte) 0xAE, 0};
    for (int run = 0; run < 60_000; run++) {
      byte[] octets = new byte[random.nextInt(120)];
      int variety = 2 + random.nextInt(alphabet.length - 1);
      for (int i = 0; i < octets.length; i++) {
        octets[i] = alphabet[random.nextInt(variety)];
      }
      int from = random.nextInt(octets.length + 1);
      int to = from + random.nextInt(octets.length - from + 1);
      int expected = naive(octets, from, to);
      assertEquals(expected, scanner.indexOf(octets, from, to));
      ByteBuffer buffer = run % 2 == 0 ? direct(octets) : ByteBuffer.wrap(octets);
      buffer.order(run % 3 == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      assertEquals(expected, scanner.indexOf(buffer, from, to));
      assertEquals(0, buffer.position());
    }
  }

  @Test
  @DisplayName("a range outside of the memory is refused")
  void refusesARangeOutside() {
    byte[] octets = new byte[8];
    assertThrows(IndexOutOfBoundsException.class, () -> scanner.indexOf(octets, 0, 9));
    assertThrows(IndexOutOfBoundsException.class, () -> scanner.indexOf(octets, -1, 4));
    ByteBuffer limited = ByteBuffer.allocateDirect(8).limit(4);
    assertThrows(IndexOutOfBoundsException.class, () -> scanner.indexOf(limited, 0, 5));
  }

  @Test
  @DisplayName("a usable scanner is chosen once")
  void aUsableScannerIsChosenOnce() {
    assertTrue(LfDotScanners.best().isUsable());
    assertSame(LfDotScanners.best(), LfDotScanners.best());
    assertEquals("swar", scanner.name());
    assertEquals(0, scanner.rank());
  }
}

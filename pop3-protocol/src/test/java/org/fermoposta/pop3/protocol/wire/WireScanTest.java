// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fermoposta.pop3.protocol.wire.WireData.Memory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireScanTest {

  private static final Pattern BLANK_LINE = Pattern.compile("(?:^|\n)\r?\n");
  private static final Pattern DOT_LINE = Pattern.compile("(?:^|\n)\\.");

  private final Tracked tracked = new Tracked();

  @AfterEach
  void nothingLeaks() {
    tracked.assertAllReleased();
  }

  private WireSize scan(Memory memory, List<byte[]> pieces, int maxDotOffsets) {
    WireScan scan = new WireScan(maxDotOffsets);
    for (byte[] piece : pieces) {
      ByteBuf in = WireData.buffer(tracked.allocator, memory, piece);
      int before = in.readerIndex();
      scan.update(in);
      assertEquals(before, in.readerIndex());
      in.release();
    }
    return scan.finish();
  }

  private static WireSize scan(String stored) {
    WireScan scan = new WireScan();
    scan.update(WireData.octets(stored), 0, stored.length());
    return scan.finish();
  }

  private static void assertAsDefined(byte[] stored, WireSize size, int maxDotOffsets) {
    String text = WireData.text(stored);
    byte[] wire = WireData.stuffed(stored, true);
    List<Long> dots = new ArrayList<>();
    for (Matcher dot = DOT_LINE.matcher(text); dot.find(); ) {
      dots.add((long) dot.end() - 1);
    }
    Matcher blank = BLANK_LINE.matcher(text);
    boolean lacksEnd = !text.isEmpty() && !text.endsWith("\n");
    boolean bareLf = text.replace("\r\n", "").contains("\n");
    assertEquals(wire.length - 3L, size.stuffedOctets());
    assertEquals(wire.length - 3L - dots.size(), size.octets());
    assertEquals(stored.length, size.storedOctets());
    assertEquals(dots.size(), size.dotLines());
    assertEquals(Math.min(dots.size(), maxDotOffsets), size.keptDotOffsets());
    for (int i = 0; i < size.keptDotOffsets(); i++) {
      assertEquals(dots.get(i), size.dotOffset(i));
    }
    assertEquals(blank.find() ? blank.end() : -1L, size.headerEnd());
    assertEquals(lacksEnd, size.lacksLineEnd());
    WireForm form =
        bareLf ? WireForm.LF : dots.isEmpty() && !lacksEnd ? WireForm.READY : WireForm.CRLF;
    assertEquals(form, size.form());
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0, READY",
    "'a', 3, CRLF",
    "'a|', 3, READY",
    "'a/', 3, LF",
    "'.|', 3, CRLF",
    "'a|.b|', 7, CRLF",
    "'a/b|c/', 9, LF",
    "'/', 2, LF",
    "'|', 2, READY",
  })
  @DisplayName("T10, T11, T12, T17, N027: sizes by example (| is CRLF, / is LF)")
  void sizesByExample(String picture, long octets, WireForm form) {
    WireSize size = scan(picture.replace("|", "\r\n").replace("/", "\n"));
    assertEquals(octets, size.octets());
    assertEquals(form, size.form());
  }

  @Test
  @DisplayName("T10, T12, T17, T18, N029: any octets in any pieces measure as the definition says")
  void anyOctetsMeasureAsDefined() {
    Random random = new Random(17);
    Memory[] memories = Memory.values();
    for (int run = 0; run < 25_000; run++) {
      byte[] stored = WireData.soup(random);
      int keep = random.nextInt(20);
      Memory memory = memories[random.nextInt(memories.length)];
      WireSize size = scan(memory, WireData.pieces(stored, random), keep);
      assertAsDefined(stored, size, keep);
    }
  }

  @Test
  @DisplayName("T12: every cut of a text measures the same, and as what is sent")
  void everyCutMeasuresTheSame() {
    byte[] stored =
        WireData.octets(
            "Subject: a\r\nX: b\n\r\n.one\r\n..two\nthree\r\r\n.\r\n\n\nfour \0 five\r");
    for (List<byte[]> pieces : WireData.everyFragmentation(stored)) {
      for (Memory memory : Memory.values()) {
        assertAsDefined(stored, scan(memory, pieces, 16), 16);
      }
    }
  }

  @Test
  @DisplayName("I3: one octet beyond ASCII is seen wherever it stands and however it was cut")
  void oneOctetBeyondAsciiIsSeen() {
    for (int length = 1; length < 40; length++) {
      byte[] stored = new byte[length];
      Arrays.fill(stored, (byte) 0x7f);
      for (int cut = 0; cut < length; cut++) {
        WireScan ascii = new WireScan();
        ascii.update(stored, 0, cut);
        ascii.update(stored, cut, length - cut);
        assertTrue(ascii.finish().isAscii());
      }
      for (int at = 0; at < length; at++) {
        stored[at] = (byte) 0x80;
        for (int cut = 0; cut < length; cut++) {
          WireScan scan = new WireScan();
          scan.update(stored, 0, cut);
          scan.update(stored, cut, length - cut);
          assertFalse(scan.finish().isAscii(), length + " " + at + " " + cut);
        }
        stored[at] = 0x7f;
      }
    }
  }

  @Test
  @DisplayName("what is READY is sent unchanged by definition")
  void whatIsReadyIsSentUnchanged() {
    Random random = new Random(19);
    int ready = 0;
    for (int run = 0; run < 5_000; run++) {
      byte[] stored = WireData.crlfSoup(random);
      WireSize size = scan(Memory.HEAP, List.of(stored), 4);
      String wire = WireData.text(WireData.stuffed(stored, false));
      boolean unchanged = wire.equals(WireData.text(stored) + ".\r\n");
      assertEquals(unchanged, size.form() == WireForm.READY);
      ready += unchanged ? 1 : 0;
    }
    assertTrue(ready > 100, "only " + ready + " of the texts were ready");
  }

  @Test
  @DisplayName("N026: sizes beyond 4 GiB are counted")
  void sizesBeyondFourGibibytesAreCounted() {
    byte[] block = WireData.octets("0123456789abcde\n".repeat(65_536));
    WireScan scan = new WireScan(2);
    long blocks = 4200;
    for (long i = 0; i < blocks; i++) {
      scan.update(block, 0, block.length);
    }
    scan.update(WireData.octets("."), 0, 1);
    WireSize size = scan.finish();
    assertEquals(blocks * (block.length + 65_536) + 3, size.octets());
    assertEquals(blocks * block.length, size.dotOffset(0));
    assertTrue(size.toString().contains("form=LF"), size.toString());
  }

  @Test
  @DisplayName("ranges and counts that make no sense are refused")
  void refusesNonsense() {
    assertThrows(IllegalArgumentException.class, () -> new WireScan(-1));
    WireScan scan = new WireScan();
    assertThrows(IndexOutOfBoundsException.class, () -> scan.update(new byte[2], 1, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> scan.finish().dotOffset(0));
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HugeMessageTest {

  private static final long SIZE = 2L * 1024 * 1024 * 1024;
  private static final int BLOCK = 1024 * 1024;
  private static final long BOUND = 8L * BLOCK;

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);

  private long used() {
    return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
  }

  @ParameterizedTest
  @EnumSource(
      value = WireForm.class,
      names = {"CRLF", "LF"})
  @DisplayName("N026, N028: 2 GiB pass through stuffing and unstuffing in bounded memory")
  void twoGibibytesPass(WireForm form) {
    // 64 octets a line, one line in 1024 with a dot, no line end where one block meets the next.
    String lineEnd = form == WireForm.LF ? "\n" : "\r\n";
    StringBuilder text = new StringBuilder();
    while (text.length() < BLOCK) {
      text.append(text.length() % 65_536 < 64 ? '.' : 'x')
          .append("a".repeat(63 - lineEnd.length()))
          .append(lineEnd);
    }
    byte[] octets = WireData.octets(text.toString());
    ByteBuf block = allocator.directBuffer(octets.length).writeBytes(octets);
    WireScan scan = new WireScan();
    scan.update(octets, 0, octets.length);
    long blockOnWire = scan.finish().octets();
    long blocks = SIZE / BLOCK + 1;

    DotStuffer stuffer = new DotStuffer(allocator, form);
    DotUnstuffer unstuffer = new DotUnstuffer(allocator);
    long[] received = new long[1];
    long[] most = new long[1];
    boolean[] ended = new boolean[1];
    BodySink count =
        piece -> {
          received[0] += piece.readableBytes();
          most[0] = Math.max(most[0], used());
          piece.release();
        };
    BodySink wire =
        piece -> {
          assertFalse(ended[0]);
          ended[0] = unstuffer.unstuff(piece, count);
          piece.release();
        };
    for (long i = 0; i < blocks; i++) {
      stuffer.stuff(block.retainedSlice(), wire);
    }
    stuffer.finish(wire);

    assertTrue(ended[0]);
    assertEquals(blocks * blockOnWire, received[0]);
    assertTrue(received[0] > SIZE);
    assertTrue(most[0] < BOUND, "held " + most[0] + " octets");
    block.release();
    assertEquals(0, used());
  }

  @Test
  @DisplayName("N028: one line of 256 MB without an end passes in bounded memory")
  void oneEndlessLinePasses() {
    ByteBuf block = allocator.directBuffer(BLOCK).writeBytes(new byte[BLOCK]);
    DotUnstuffer unstuffer = new DotUnstuffer(allocator);
    long[] received = new long[1];
    for (int i = 0; i < 256; i++) {
      ByteBuf in = block.slice();
      assertFalse(
          unstuffer.unstuff(
              in,
              piece -> {
                received[0] += piece.readableBytes();
                assertTrue(used() < BOUND);
                piece.release();
              }));
    }
    assertEquals(256L * BLOCK, received[0]);
    block.release();
    assertEquals(0, used());
  }
}

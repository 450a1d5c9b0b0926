// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import org.fermoposta.pop3.protocol.wire.WireData.Collected;
import org.fermoposta.pop3.protocol.wire.WireData.Memory;
import org.fermoposta.pop3.protocol.wire.WireData.Unstuffed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DotUnstufferTest {

  private final Tracked tracked = new Tracked();

  @AfterEach
  void nothingLeaks() {
    tracked.assertAllReleased();
  }

  /** Feeds the pieces until the message ends; returns how many octets were used, or -1. */
  private int feed(DotUnstuffer unstuffer, Memory memory, List<byte[]> pieces, BodySink sink) {
    int used = 0;
    for (byte[] piece : pieces) {
      ByteBuf in = WireData.buffer(tracked.allocator, memory, piece);
      try {
        int before = in.readerIndex();
        boolean ended = unstuffer.unstuff(in, sink);
        used += in.readerIndex() - before;
        if (ended) {
          return used;
        }
        assertFalse(in.isReadable());
      } finally {
        in.release();
      }
    }
    return -1;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".\r\n",
        "\r\n.\r\n",
        "Subject: a\r\n\r\nbody\r\n.\r\n",
        "..\r\n.\r\n",
        "...\r\n..dots\r\n.single\r\n.\r\n",
        "bare\nLF\n.\nis data\n.\r\n.\r\n",
        "lone\rCR\r\r\n.\rx\r\n.\r\r\n.\r\n",
        "nul\0 and \u00e9\u00ff\r\n.\r\n",
        ".\r.\r\n.\r\n+OK next\r\n",
        "x\r\n.\r\n.\r\n",
      })
  @DisplayName("F: a transcript comes out the same whole, octet by octet and cut at every place")
  void transcriptComesOutTheSameHoweverCut(String wire) {
    byte[] octets = WireData.octets(wire);
    Unstuffed expected = WireData.unstuffed(octets, LineEnds.CRLF);
    assertTrue(expected.used() > 0);
    for (List<byte[]> pieces : WireData.everyFragmentation(octets)) {
      for (Memory memory : Memory.values()) {
        DotUnstuffer unstuffer = new DotUnstuffer(tracked.allocator);
        Collected sink = new Collected();
        assertEquals(expected.used(), feed(unstuffer, memory, pieces, sink));
        assertEquals(expected.message(), WireData.text(sink.toByteArray()));
        assertFalse(unstuffer.isInMessage());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(LineEnds.class)
  @DisplayName("any octets in any pieces and memory come out as the definition says")
  void anyOctetsComeOutAsDefined(LineEnds lineEnds) {
    Random random = new Random(lineEnds == LineEnds.CRLF ? 7 : 8);
    Memory[] memories = Memory.values();
    for (int run = 0; run < 40_000; run++) {
      byte[] wire = WireData.soup(random);
      Unstuffed expected = WireData.unstuffed(wire, lineEnds);
      Memory memory = memories[random.nextInt(memories.length)];
      Collected sink = new Collected();
      DotUnstuffer unstuffer = new DotUnstuffer(tracked.allocator, lineEnds);
      int used = feed(unstuffer, memory, WireData.pieces(wire, random), sink);
      if (used != expected.used()
          || !expected.message().equals(WireData.text(sink.toByteArray()))) {
        assertEquals(expected.used(), used, "run " + run);
        assertEquals(expected.message(), WireData.text(sink.toByteArray()), "run " + run);
      }
      assertEquals(used < 0 && wire.length > 0, unstuffer.isInMessage());
    }
  }

  @Test
  @DisplayName("ranges give the same octets as pieces")
  void rangesGiveTheSameOctets() {
    Random random = new Random(3);
    for (int run = 0; run < 20_000; run++) {
      byte[] wire = WireData.soup(random);
      Unstuffed expected = WireData.unstuffed(wire, LineEnds.CRLF);
      ByteArrayOutputStream got = new ByteArrayOutputStream();
      DotUnstuffer unstuffer = new DotUnstuffer(tracked.allocator);
      RangeSink sink =
          (buffer, index, length) -> {
            assertTrue(length > 0);
            byte[] copy = new byte[length];
            buffer.getBytes(index, copy);
            got.writeBytes(copy);
          };
      boolean ended = false;
      for (byte[] piece : WireData.pieces(wire, random)) {
        ByteBuf in =
            WireData.buffer(
                tracked.allocator, run % 2 == 0 ? Memory.DIRECT : Memory.HEAP_SLICE, piece);
        ended = ended || unstuffer.unstuffRanges(in, sink);
        in.release();
      }
      assertEquals(expected.used() >= 0, ended);
      assertEquals(expected.message(), WireData.text(got.toByteArray()));
    }
  }

  @Test
  @DisplayName("one instance takes one message after the other out of the same input")
  void takesOneMessageAfterTheOther() {
    DotUnstuffer unstuffer = new DotUnstuffer(tracked.allocator);
    ByteBuf in =
        WireData.buffer(
            tracked.allocator,
            Memory.DIRECT,
            WireData.octets("one\r\n.\r\n.\r\n..two\r\n.\r\nrest"));
    Collected first = new Collected();
    assertTrue(unstuffer.unstuff(in, first));
    Collected second = new Collected();
    assertTrue(unstuffer.unstuff(in, second));
    Collected third = new Collected();
    assertTrue(unstuffer.unstuff(in, third));
    assertEquals("one\r\n", WireData.text(first.toByteArray()));
    assertEquals("", WireData.text(second.toByteArray()));
    assertEquals(".two\r\n", WireData.text(third.toByteArray()));
    assertEquals(4, in.readableBytes());
    in.release();
  }

  @Test
  @DisplayName("a long run is a slice of the input, short ones share one buffer")
  void longRunsAreSlicesShortOnesShareABuffer() {
    byte[] wire =
        WireData.octets("x".repeat(9000) + "\r\n..a\r\n..b\r\n" + "y".repeat(8500) + "\r\n.\r\n");
    ByteBuf in = WireData.buffer(tracked.allocator, Memory.DIRECT, wire);
    Collected sink = new Collected();
    assertTrue(new DotUnstuffer(tracked.allocator).unstuff(in, sink));
    assertEquals(List.of(9002, 4, 8506), sink.pieceSizes);
    in.release();
  }

  @Test
  @DisplayName("hostile dots make no piece that holds far more memory than octets")
  void hostileDotsMakeNoWastefulPieces() {
    StringBuilder wire = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      wire.append("\r\n.\rx");
    }
    ByteBuf in =
        WireData.buffer(tracked.allocator, Memory.DIRECT, WireData.octets(wire.toString()));
    long[] sums = new long[2];
    new DotUnstuffer(tracked.allocator)
        .unstuff(
            in,
            piece -> {
              sums[0] += piece.capacity();
              sums[1] += piece.readableBytes();
              piece.release();
            });
    in.release();
    assertEquals(3000 * 4L, sums[1]);
    assertTrue(sums[0] < 3 * sums[1] + 16384, "capacities " + sums[0] + " for " + sums[1]);
  }

  @Test
  @DisplayName("a sink that throws leaks nothing, and after a reset the next message is whole")
  void aSinkThatThrowsLeaksNothing() {
    DotUnstuffer unstuffer = new DotUnstuffer(tracked.allocator);
    byte[] wire =
        WireData.octets("x".repeat(8500) + "\r\n..a" + "y".repeat(8500) + "\r\n..b\r\n.\r\n");
    for (int failing = 0; failing < 3; failing++) {
      int[] countdown = {failing};
      ByteBuf in = WireData.buffer(tracked.allocator, Memory.HEAP, wire);
      assertThrows(
          IllegalStateException.class,
          () ->
              unstuffer.unstuff(
                  in,
                  piece -> {
                    piece.release();
                    if (countdown[0]-- == 0) {
                      throw new IllegalStateException("full");
                    }
                  }));
      in.release();
      tracked.assertAllReleased();
      unstuffer.reset();
    }
    Collected sink = new Collected();
    assertTrue(feed(unstuffer, Memory.HEAP, List.of(wire), sink) > 0);
    assertEquals(
        WireData.unstuffed(wire, LineEnds.CRLF).message(), WireData.text(sink.toByteArray()));
  }

  @Test
  @DisplayName("N093: a message is open from its first octet to its end")
  void tellsACutMessage() {
    DotUnstuffer unstuffer = new DotUnstuffer(tracked.allocator);
    Collected sink = new Collected();
    assertFalse(unstuffer.isInMessage());
    feed(unstuffer, Memory.HEAP, List.of(WireData.octets("a\r\n")), sink);
    assertTrue(unstuffer.isInMessage());
    feed(unstuffer, Memory.HEAP, List.of(WireData.octets(".")), sink);
    assertTrue(unstuffer.isInMessage());
    feed(unstuffer, Memory.HEAP, List.of(WireData.octets("\r\n")), sink);
    assertFalse(unstuffer.isInMessage());
  }

  @Test
  @DisplayName("CL13, N094: a server of bare LFs is understood where that is allowed, only there")
  void bareLfServer() {
    byte[] wire = WireData.octets("a\n..b\n.\n");
    Collected lenient = new Collected();
    assertEquals(
        wire.length,
        feed(
            new DotUnstuffer(tracked.allocator, LineEnds.CRLF_OR_LF),
            Memory.DIRECT,
            List.of(wire),
            lenient));
    assertEquals("a\n.b\n", WireData.text(lenient.toByteArray()));
    Collected strict = new Collected();
    assertEquals(
        -1, feed(new DotUnstuffer(tracked.allocator), Memory.DIRECT, List.of(wire), strict));
    assertEquals("a\n..b\n.\n", WireData.text(strict.toByteArray()));
  }
}

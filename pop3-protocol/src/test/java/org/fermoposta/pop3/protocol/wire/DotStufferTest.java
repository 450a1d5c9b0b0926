// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.fermoposta.pop3.protocol.wire.WireData.Collected;
import org.fermoposta.pop3.protocol.wire.WireData.Memory;
import org.fermoposta.pop3.protocol.wire.WireData.Unstuffed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DotStufferTest {

  private final Tracked tracked = new Tracked();

  @AfterEach
  void nothingLeaks() {
    tracked.assertAllReleased();
  }

  private byte[] stuff(WireForm form, Memory memory, List<byte[]> pieces) {
    DotStuffer stuffer = new DotStuffer(tracked.allocator, form);
    Collected sink = new Collected();
    for (byte[] piece : pieces) {
      stuffer.stuff(WireData.buffer(tracked.allocator, memory, piece), sink);
    }
    stuffer.finish(sink);
    return sink.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        ".\r\n",
        "a",
        "a\r",
        "a\r\n.\r\n",
        "a\r\n.b\r\n\r\n..\r\nc",
        ".a\r\n.b\r\n.c\r\n.d\r\n.e\r\n.f\r\n.g\r\n.h",
        "a\n.b\n\n..\nc",
        "mixed\r\nline\nends\r\n.x\n.y\r\n",
        "lone\rCR\r\r\n.\r.\r\n",
        "\n\n.\n",
        "nul\0 \u00e9\u00ff\n",
      })
  @DisplayName("T14, T17, N030, N031: a text comes out the same however it is cut")
  void textComesOutTheSameHoweverCut(String stored) {
    byte[] octets = WireData.octets(stored);
    boolean hasBareLf = stored.replace("\r\n", "").contains("\n");
    for (List<byte[]> pieces : WireData.everyFragmentation(octets)) {
      for (Memory memory : Memory.values()) {
        assertEquals(
            WireData.text(WireData.stuffed(octets, true)),
            WireData.text(stuff(WireForm.LF, memory, pieces)));
        if (!hasBareLf) {
          assertEquals(
              WireData.text(WireData.stuffed(octets, true)),
              WireData.text(stuff(WireForm.CRLF, memory, pieces)));
        }
      }
    }
  }

  @Test
  @DisplayName("T18, N029: any octets in any pieces and memory come out as the definition says")
  void anyOctetsComeOutAsDefined() {
    Random random = new Random(5);
    Memory[] memories = Memory.values();
    for (int run = 0; run < 30_000; run++) {
      byte[] stored = WireData.soup(random);
      boolean insertCr = run % 2 == 0;
      byte[] expected = WireData.stuffed(stored, insertCr);
      byte[] got =
          stuff(
              insertCr ? WireForm.LF : WireForm.CRLF,
              memories[random.nextInt(memories.length)],
              WireData.pieces(stored, random));
      if (!Arrays.equals(expected, got)) {
        assertEquals(WireData.text(expected), WireData.text(got), "run " + run);
      }
    }
  }

  @Test
  @DisplayName("unstuffing what was stuffed gives the text again, in any pieces both times")
  void unstuffingGivesTheTextAgain() {
    Random random = new Random(11);
    for (int run = 0; run < 10_000; run++) {
      byte[] stored = WireData.crlfSoup(random);
      DotStuffer stuffer = new DotStuffer(tracked.allocator, WireForm.CRLF);
      DotUnstuffer unstuffer = new DotUnstuffer(tracked.allocator);
      Collected message = new Collected();
      List<Boolean> ends = new ArrayList<>();
      BodySink between =
          piece -> {
            // Cut again, elsewhere.
            while (piece.isReadable()) {
              ByteBuf part = piece.readSlice(1 + random.nextInt(piece.readableBytes()));
              ends.add(unstuffer.unstuff(part, message));
            }
            piece.release();
          };
      for (byte[] piece : WireData.pieces(stored, random)) {
        stuffer.stuff(WireData.buffer(tracked.allocator, Memory.DIRECT, piece), between);
      }
      stuffer.finish(between);
      byte[] expected = stored;
      if (stored.length > 0 && stored[stored.length - 1] != '\n') {
        expected = Arrays.copyOf(stored, stored.length + 2);
        expected[stored.length] = '\r';
        expected[stored.length + 1] = '\n';
      }
      assertArrayEquals(expected, message.toByteArray());
      assertEquals(1, ends.stream().filter(end -> end).count());
      assertTrue(ends.get(ends.size() - 1));
    }
  }

  @Test
  @DisplayName("no client, strict or lenient, sees an end before the end, whatever is stored")
  void noClientSeesAnEndTooEarly() {
    Random random = new Random(13);
    for (int run = 0; run < 6_000; run++) {
      byte[] stored = WireData.soup(random);
      WireForm form = run % 2 == 0 ? WireForm.LF : WireForm.CRLF;
      byte[] wire = stuff(form, Memory.HEAP, WireData.pieces(stored, random));
      for (LineEnds lineEnds : LineEnds.values()) {
        Unstuffed seen = WireData.unstuffed(wire, lineEnds);
        // A bare LF as the last octet of a source that promised none is not a line end to a strict
        // client, which then sees no end rather than a wrong one.
        assertTrue(seen.used() == wire.length || (seen.used() < 0 && form == WireForm.CRLF));
      }
    }
  }

  @Test
  @DisplayName("a message that needs nothing goes on as the buffer itself")
  void aReadyMessageGoesOnAsItIs() {
    ByteBuf ready = WireData.buffer(tracked.allocator, Memory.DIRECT, WireData.octets("a\r\n"));
    List<ByteBuf> pieces = new ArrayList<>();
    DotStuffer stuffer = new DotStuffer(tracked.allocator, WireForm.READY);
    stuffer.stuff(ready, pieces::add);
    stuffer.finish(pieces::add);
    assertEquals(2, pieces.size());
    assertSame(ready, pieces.get(0));
    assertEquals(".\r\n", pieces.get(1).toString(java.nio.charset.StandardCharsets.US_ASCII));
    pieces.forEach(ByteBuf::release);
  }

  @Test
  @DisplayName("a CRLF piece without dots goes on as the buffer itself, a long run as a slice")
  void aPieceWithoutDotsGoesOnAsItIs() {
    DotStuffer stuffer = new DotStuffer(tracked.allocator, WireForm.CRLF);
    ByteBuf plain = WireData.buffer(tracked.allocator, Memory.DIRECT, WireData.octets("a\r\nb"));
    List<ByteBuf> pieces = new ArrayList<>();
    stuffer.stuff(plain, pieces::add);
    assertSame(plain, pieces.get(0));
    byte[] text = WireData.octets("x".repeat(8500) + "\r\n." + "y".repeat(8500));
    Collected sizes = new Collected();
    stuffer.stuff(WireData.buffer(tracked.allocator, Memory.DIRECT, text), sizes);
    assertEquals(List.of(8503, 8501), sizes.pieceSizes);
    pieces.forEach(ByteBuf::release);
  }

  @Test
  @DisplayName("a sink that throws leaks nothing")
  void aSinkThatThrowsLeaksNothing() {
    byte[] stored = WireData.octets("x\n.y\r\n".repeat(30_000));
    for (WireForm form : WireForm.values()) {
      DotStuffer stuffer = new DotStuffer(tracked.allocator, form);
      ByteBuf in = WireData.buffer(tracked.allocator, Memory.DIRECT, stored);
      assertThrows(
          IllegalStateException.class,
          () ->
              stuffer.stuff(
                  in,
                  piece -> {
                    piece.release();
                    throw new IllegalStateException("closed");
                  }));
      tracked.assertAllReleased();
    }
  }

  @Test
  @DisplayName("an instance serves messages of different forms one after the other")
  void servesOneMessageAfterTheOther() {
    DotStuffer stuffer = new DotStuffer(tracked.allocator, WireForm.LF);
    Collected sink = new Collected();
    stuffer.stuff(WireData.buffer(tracked.allocator, Memory.HEAP, WireData.octets("a")), sink);
    stuffer.finish(sink);
    stuffer.reset(WireForm.CRLF);
    stuffer.stuff(WireData.buffer(tracked.allocator, Memory.HEAP, WireData.octets(".b")), sink);
    stuffer.finish(sink);
    assertEquals("a\r\n.\r\n..b\r\n.\r\n", WireData.text(sink.toByteArray()));
  }

  @Test
  @DisplayName("an empty piece changes nothing and is released")
  void anEmptyPieceIsReleased() {
    for (WireForm form : WireForm.values()) {
      DotStuffer stuffer = new DotStuffer(tracked.allocator, form);
      Collected sink = new Collected();
      stuffer.stuff(WireData.buffer(tracked.allocator, Memory.HEAP, new byte[0]), sink);
      stuffer.finish(sink);
      assertEquals(".\r\n", WireData.text(sink.toByteArray()));
    }
  }
}

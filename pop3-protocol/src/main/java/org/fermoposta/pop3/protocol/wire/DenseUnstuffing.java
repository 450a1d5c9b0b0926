// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Unstuffing where nearly every line begins with a dot: copies and drops dots in one pass, eight
 * octets at a time, from array to array. Direct input comes through a scratch array block by block,
 * which at this size stays in the nearest cache.
 *
 * <p>It begins inside a line, ends inside a line, and knows CRLF, a dot, and then anything but a CR
 * (or, where it ends lines, LF): at everything else it stops for its caller to decide.
 */
final class DenseUnstuffing {

  /** Fewer octets than this are not worth setting up for. */
  static final int WORTHWHILE = 64;

  /** So many octets ahead are looked at; the last few of an input are left to the caller. */
  private static final int AHEAD = 12;

  private static final int BLOCK = 8192;

  private static final int WORD = 8;

  private static final int ROOM_MIN = 64;

  /** Fewer dots than one in so many octets are sparse. */
  private static final int SPARSE = 512;

  private static final byte[] EMPTY = {};

  private final ByteBufAllocator allocator;
  private final boolean bareLfEndsLine;
  private @Nullable ByteBuf in;
  private @Nullable ByteBuf scratch;
  // The input's octets [blockFrom, blockTo) are in the array, moved by shift.
  private byte[] array = EMPTY;
  private int blockFrom;
  private int blockTo;
  private int shift;
  private int consumed;
  private int written;
  private int dots;
  private boolean unusual;

  DenseUnstuffing(ByteBufAllocator allocator, boolean bareLfEndsLine) {
    this.allocator = allocator;
    this.bareLfEndsLine = bareLfEndsLine;
  }

  /** Borrows the buffer until {@link #release}. */
  void on(ByteBuf buffer) {
    in = buffer;
    dots = 0;
    consumed = 0;
    if (buffer.hasArray()) {
      array = buffer.array();
      shift = buffer.arrayOffset();
      blockFrom = buffer.readerIndex();
      blockTo = buffer.writerIndex();
    } else {
      blockFrom = 0;
      blockTo = 0;
    }
  }

  void release() {
    in = null;
    array = EMPTY;
    ByteBuf used = scratch;
    scratch = null;
    if (used != null) {
      used.release();
    }
  }

  /** Whether so few dots were seen in this input that slices would have been better. */
  boolean isSparse() {
    return consumed > SPARSE && dots * SPARSE < consumed;
  }

  /**
   * Copies from {@code from}, which is inside a line and not behind a CR, to where it must stop,
   * which is so too, and returns that index.
   */
  int unstuff(PieceWriter out, int from, int end) {
    int i = from;
    while (end - i > AHEAD) {
      if (i < blockFrom || blockTo - i <= AHEAD) {
        load(i, end);
      }
      ByteBuf to = out.array(ROOM_MIN, Math.min(end - i + WORD, BLOCK));
      // A word is written from any place before the limit, so the last may need a word's room.
      int limit = Math.min(blockTo - AHEAD, i + to.writableBytes() - 2 * WORD);
      int stop = copy(i + shift, limit + shift, to.array(), to.arrayOffset() + to.writerIndex());
      stop -= shift;
      to.writerIndex(to.writerIndex() + written);
      boolean progress = stop > i;
      consumed += stop - i;
      i = stop;
      if (unusual || !progress) {
        break;
      }
    }
    return i;
  }

  private void load(int from, int end) {
    ByteBuf source = in;
    if (source == null) {
      throw new IllegalStateException("dense: no buffer (expected: on before unstuff)");
    }
    ByteBuf block = scratch;
    if (block == null) {
      block = allocator.heapBuffer(BLOCK);
      scratch = block;
      array = block.array();
    }
    blockFrom = from;
    blockTo = Math.min(end, from + BLOCK);
    shift = block.arrayOffset() - from;
    source.getBytes(from, array, block.arrayOffset(), blockTo - from);
  }

  /**
   * Copies from the array's index {@code from} on, until {@code limit} or something {@link
   * #unusual}, and returns where it stopped, never behind a CR; {@link #written} says how many
   * octets that gave.
   */
  private int copy(int from, int limit, byte[] to, int toFrom) {
    byte[] a = array;
    int i = from;
    int o = toFrom;
    int found = 0;
    boolean stopped = false;
    while (i < limit) {
      long word = (long) Words.LONG.get(a, i);
      long next = (long) Words.LONG.get(a, i + 1);
      Words.LONG.set(to, o, word);
      long hits = Words.zeros((word ^ Words.LFS) | (next ^ Words.DOTS));
      if (hits == 0) {
        i += WORD;
        o += WORD;
        continue;
      }
      int lf = Words.first(hits);
      i += lf;
      o += lf;
      if (bareLfEndsLine || (i > from && a[i - 1] == '\r')) {
        byte second = a[i + 2];
        if (second == '\r' || (second == '\n' && bareLfEndsLine)) {
          // The end, or a dot before a lone CR. The LF stays, so that the caller sees the line.
          stopped = true;
          break;
        }
        found++;
        i += 2;
      } else {
        i++;
      }
      o++;
    }
    if (i > from && a[i - 1] == '\r') {
      i--;
      o--;
    }
    dots += found;
    unusual = stopped;
    written = o - toFrom;
    return i;
  }
}

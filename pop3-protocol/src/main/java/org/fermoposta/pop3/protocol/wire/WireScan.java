// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Objects;

// Design note. Eight octets at a time, only what lies behind is looked at: a bare LF is an LF whose
// predecessor is no CR, a dot line is a dot whose predecessor is LF. Shifting a word's flags up by
// one place and taking in the last flag of the word before gives the predecessors, so that neither
// the edges of an array nor of a piece are special. Words that hold something of interest, and
// while in the header every word with an LF, are then gone through octet by octet.

/**
 * Measures a stored message in one pass: size on the wire, form, dot lines, end of the header.
 *
 * <p>Line ends are CRLF or a bare LF, mixed as may be; a lone CR is data (T18). Resumable: pieces
 * may be cut anywhere. One instance scans one message; not thread-safe.
 */
public final class WireScan {

  /** How many dot offsets are kept by default: with more, sending by ranges does not pay. */
  public static final int DOT_OFFSETS = 16;

  private static final int BLOCK = 8192;
  private static final int WORD = 8;
  private static final int TOP_FLAG = 56;
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  private final int maxDotOffsets;
  private long[] dotOffsets = {};
  private byte[] scratch = {};
  private long total;
  private long bareLfs;
  private long dotLines;
  private long headerEnd = -1;

  /** All octets so far, or-ed: the highest bit of each place tells of one beyond ASCII. */
  private long seen;

  // The last octet and the one before; a message begins as if behind a line end.
  private byte last = '\n';
  private byte secondLast = '\n';

  /** Keeps the offsets of up to {@link #DOT_OFFSETS} dot lines. */
  public WireScan() {
    this(DOT_OFFSETS);
  }

  /**
   * Keeps the offsets of up to {@code maxDotOffsets} dot lines; 0 keeps none.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public WireScan(int maxDotOffsets) {
    if (maxDotOffsets < 0) {
      throw new IllegalArgumentException(
          "maxDotOffsets: " + maxDotOffsets + " (expected: at least 0)");
    }
    this.maxDotOffsets = maxDotOffsets;
  }

  /** Scans the readable octets. <b>Borrows</b> the buffer and leaves its indices as they are. */
  public void update(ByteBuf in) {
    int from = in.readerIndex();
    int length = in.readableBytes();
    if (in.hasArray()) {
      update(in.array(), in.arrayOffset() + from, length);
      return;
    }
    if (scratch.length == 0 && length > 0) {
      scratch = new byte[BLOCK];
    }
    for (int done = 0; done < length; done += BLOCK) {
      int block = Math.min(length - done, BLOCK);
      in.getBytes(from + done, scratch, 0, block);
      update(scratch, 0, block);
    }
  }

  /**
   * Scans {@code length} octets from {@code from} on. Keeps no reference to the array.
   *
   * @throws IndexOutOfBoundsException if the range is not within the array
   */
  public void update(byte[] octets, int from, int length) {
    Objects.checkFromIndexSize(from, length, octets.length);
    int to = from + length;
    // Flags of the octet before the word, in the lowest place.
    long carriedCr = last == '\r' ? 0x80 : 0;
    long carriedLf = last == '\n' ? 0x80 : 0;
    long all = 0;
    int i = from;
    for (; i <= to - WORD; i += WORD) {
      long word = (long) Words.LONG.get(octets, i);
      all |= word;
      long lfs = Words.exactZeros(word ^ Words.LFS);
      long crs = Words.exactZeros(word ^ Words.CRS);
      long dots = Words.exactZeros(word ^ Words.DOTS);
      long bare = lfs & ~((crs << 8) | carriedCr);
      long first = dots & ((lfs << 8) | carriedLf);
      carriedCr = crs >>> TOP_FLAG;
      carriedLf = lfs >>> TOP_FLAG;
      if ((bare | first) != 0 || (headerEnd < 0 && lfs != 0)) {
        bareLfs += Long.bitCount(bare);
        noteDots(first, total + (i - from));
        if (headerEnd < 0) {
          seekHeaderEnd(octets, from, i, i + WORD);
        }
      }
    }
    seen |= all;
    slowly(octets, from, i, to);
    if (length >= 2) {
      secondLast = octets[to - 2];
      last = octets[to - 1];
    } else if (length == 1) {
      secondLast = last;
      last = octets[from];
    }
    total += length;
  }

  private void slowly(byte[] octets, int from, int begin, int to) {
    for (int i = begin; i < to; i++) {
      byte before = i > from ? octets[i - 1] : last;
      seen |= octets[i] & 0xffL;
      if (octets[i] == '\n' && before != '\r') {
        bareLfs++;
      } else if (octets[i] == '.' && before == '\n') {
        noteDot(total + (i - from));
      }
    }
    if (headerEnd < 0) {
      seekHeaderEnd(octets, from, begin, to);
    }
  }

  /** A blank line is an LF behind LF, or behind a CR that is behind LF. */
  private void seekHeaderEnd(byte[] octets, int from, int begin, int to) {
    for (int i = begin; i < to; i++) {
      if (octets[i] != '\n') {
        continue;
      }
      byte before = i > from ? octets[i - 1] : last;
      byte beforeThat = i > from + 1 ? octets[i - 2] : i > from ? last : secondLast;
      if (before == '\n' || (before == '\r' && beforeThat == '\n')) {
        headerEnd = total + (i - from) + 1;
        return;
      }
    }
  }

  private void noteDots(long flags, long wordOffset) {
    for (long left = flags; left != 0; left &= left - 1) {
      noteDot(wordOffset + Words.first(left));
    }
  }

  private void noteDot(long offset) {
    if (dotLines < maxDotOffsets) {
      int count = (int) dotLines;
      if (count == dotOffsets.length) {
        dotOffsets = Arrays.copyOf(dotOffsets, Math.min(maxDotOffsets, Math.max(4, count * 2)));
      }
      dotOffsets[count] = offset;
    }
    dotLines++;
  }

  /** What was found in all that was scanned so far. */
  public WireSize finish() {
    boolean lacksLineEnd = last != '\n';
    WireForm form;
    if (bareLfs > 0) {
      form = WireForm.LF;
    } else if (dotLines > 0 || lacksLineEnd) {
      form = WireForm.CRLF;
    } else {
      form = WireForm.READY;
    }
    return new WireSize(
        total + bareLfs + (lacksLineEnd ? 2 : 0),
        total,
        bareLfs,
        dotLines,
        Arrays.copyOf(dotOffsets, (int) Math.min(dotLines, maxDotOffsets)),
        headerEnd,
        form,
        (seen & HIGH_BITS) == 0);
  }
}

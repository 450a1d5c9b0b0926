// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

// Design note. The state says what the octets so far leave open: MID is inside a line; CR is inside
// a line behind a CR; BOL is behind CRLF or at the start; DOT and DOTCR are behind a line's first
// dot, and that dot and CR, which are withheld because only what follows tells whether they end the
// message. `start` is the first octet of the run that is not handed on yet; withheld octets are
// never part of a run. From MID one scan for "LF ." leads to the next place where anything can
// happen. Where such places are dense the scan, the run and the copy cost more than the octets
// between them, so there DenseUnstuffing does all of it in one pass over arrays, but only the plain
// case: whatever is unusual it leaves to the states here.

/**
 * Takes the dot-stuffing out of a multi-line reply and finds its end (RFC 1939 section 3): the
 * client's receive side.
 *
 * <p>Resumable: octets may come in pieces cut anywhere. Nothing is kept between calls but the
 * state, so memory does not grow with the message. The message's octets are handed on with the CRLF
 * of its last line; the dot line that ends the reply is not part of it. NUL, 8-bit octets, lone CR
 * and lines of any length pass through (T18).
 *
 * <p>One instance serves one reply after the other; not thread-safe.
 */
public final class DotUnstuffer {

  private enum State {
    MID,
    CR,
    BOL,
    DOT,
    DOTCR
  }

  /** Runs shorter than this count as dense, after {@link #DENSE_RUNS} of them. */
  private static final int SHORT_RUN = 256;

  private static final int DENSE_RUNS = 4;

  private final boolean bareLfEndsLine;
  private final LfDotSearch search = new LfDotSearch(LfDotScanners.best());
  private final PieceWriter out;
  private final DenseUnstuffing dense;
  private State state = State.BOL;
  private boolean started;
  private int start;
  private int shortRuns;

  /** With CRLF as the only line end. Buffers for short runs come from the allocator. */
  public DotUnstuffer(ByteBufAllocator allocator) {
    this(allocator, LineEnds.CRLF);
  }

  /** With a choice of what ends a line. Buffers for short runs come from the allocator. */
  public DotUnstuffer(ByteBufAllocator allocator, LineEnds lineEnds) {
    bareLfEndsLine = lineEnds == LineEnds.CRLF_OR_LF;
    out = new PieceWriter(allocator);
    dense = new DenseUnstuffing(allocator, bareLfEndsLine);
  }

  /**
   * Hands the message's octets in {@code in} on in owned pieces, and says whether the message has
   * ended.
   *
   * <p><b>Borrows</b> {@code in}, but pieces may be retained slices of its memory, so it must not
   * be written to afterwards. Its reader index is moved behind what was used: to its end, or, when
   * this returns true, just behind the final CRLF; what follows belongs to the next reply. After
   * true the next call begins a new message.
   *
   * <p>When the sink throws, so does this, with nothing leaked; the message is then lost and only
   * {@link #reset} or the end of the connection is of use.
   */
  public boolean unstuff(ByteBuf in, BodySink sink) {
    out.begin(sink);
    return run(in);
  }

  /**
   * As {@link #unstuff}, but hands on ranges of {@code in}, or of a buffer of its own where lines
   * with dots are dense: no object is made for a piece.
   */
  public boolean unstuffRanges(ByteBuf in, RangeSink sink) {
    out.begin(sink);
    return run(in);
  }

  /** Whether octets of a message have come whose end has not: a close now means a cut message. */
  public boolean isInMessage() {
    return state != State.BOL || started;
  }

  /** Forgets a message that has begun; the next call begins a new one. */
  public void reset() {
    state = State.BOL;
    started = false;
    shortRuns = 0;
  }

  private boolean run(ByteBuf in) {
    boolean done = false;
    if (!in.isReadable()) {
      out.abort();
      return false;
    }
    try {
      started = true;
      search.on(in);
      dense.on(in);
      int end = in.writerIndex();
      int next = advance(in, in.readerIndex(), end);
      boolean ended = next >= 0;
      in.readerIndex(ended ? next : end);
      out.end();
      done = true;
      if (ended) {
        reset();
      }
      return ended;
    } finally {
      search.release();
      dense.release();
      if (!done) {
        out.abort();
      }
    }
  }

  /** Returns the index behind the end of the message, or -1 if all of the input is used. */
  private int advance(ByteBuf in, int from, int end) {
    int i = from;
    start = from;
    while (i < end) {
      switch (state) {
        case BOL:
          if (in.getByte(i) == '.') {
            out.run(in, start, i);
            noteRun(i - start);
            i++;
            start = i;
            state = State.DOT;
          } else {
            state = State.MID;
          }
          break;
        case DOT:
          byte second = in.getByte(i);
          if (second == '\r') {
            i++;
            start = i;
            state = State.DOTCR;
          } else if (second == '\n' && bareLfEndsLine) {
            return i + 1;
          } else {
            state = State.MID;
          }
          break;
        case DOTCR:
          if (in.getByte(i) == '\n') {
            return i + 1;
          }
          // The dot was stuffing and the CR is data; it may have come with the input before.
          if (i > from) {
            start = i - 1;
          } else {
            out.octet('\r');
          }
          state = State.CR;
          break;
        case CR:
          byte after = in.getByte(i);
          if (after == '\n') {
            state = State.BOL;
            i++;
          } else if (after == '\r') {
            i++;
          } else {
            state = State.MID;
          }
          break;
        case MID:
          i = advanceInLine(in, i, end);
          break;
      }
    }
    out.run(in, start, end);
    return -1;
  }

  /** From inside a line to the next line that begins with a dot, or to the end. */
  private int advanceInLine(ByteBuf in, int from, int end) {
    int i = from;
    if (shortRuns >= DENSE_RUNS && end - i >= DenseUnstuffing.WORTHWHILE) {
      // What was found and not handed on yet goes first.
      out.run(in, start, i);
      i = dense.unstuff(out, i, end);
      start = i;
      if (dense.isSparse()) {
        shortRuns = 0;
      }
    }
    while (true) {
      int lf = search.indexOf(i, end);
      if (lf < 0) {
        state = stateAtEnd(in, i, end);
        return end;
      }
      if (bareLfEndsLine || (lf > i && in.getByte(lf - 1) == '\r')) {
        state = State.BOL;
        return lf + 1;
      }
      i = lf + 1;
    }
  }

  /** {@code i} is not behind a CR; between it and the end no line begins with a dot. */
  private State stateAtEnd(ByteBuf in, int i, int end) {
    if (i == end) {
      return State.MID;
    }
    byte last = in.getByte(end - 1);
    if (last == '\r') {
      return State.CR;
    }
    if (last == '\n' && (bareLfEndsLine || (end - 2 >= i && in.getByte(end - 2) == '\r'))) {
      return State.BOL;
    }
    return State.MID;
  }

  private void noteRun(int length) {
    shortRuns = length < SHORT_RUN ? shortRuns + 1 : 0;
  }
}

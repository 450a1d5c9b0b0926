// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

// Design note. The one thing to carry from input to input is the last octet: a dot behind LF is
// doubled, an LF behind CR is whole, and a text whose last octet is not LF lacks its line end. The
// octet before the first is LF, since a message begins at the beginning of a line.
//
// A CRLF source goes out as slices that overlap by one octet: [start, dot] and then from the dot
// on again, so the dot doubles itself without a piece of its own. Where dots are dense, and for LF
// sources always, one pass copies and inserts (LineEndExpansion).

/**
 * Makes a stored message the body of a multi-line reply (RFC 1939 sections 3 and 11): the server's
 * send side. Lines end with CRLF and a line's first dot is doubled, the very first line's too.
 *
 * <p><b>What is a line end</b> (T18): CRLF, and in {@link WireForm#LF} a bare LF also, which gets a
 * CR. A lone CR is data. A source called {@link WireForm#CRLF} promises to have no bare LF; one
 * that is there all the same goes out as it is, and a dot behind it is doubled, so that no client,
 * however lenient, takes it for the end. {@link WireScan} counts by the same rules.
 *
 * <p>Resumable: octets may come in pieces cut anywhere (N030, N031). One instance serves one
 * message after the other; not thread-safe.
 */
public final class DotStuffer {

  private static final ByteBuf END = constant(".\r\n");
  private static final ByteBuf LINE_END_AND_END = constant("\r\n.\r\n");

  private static final int SHORT_RUN = 256;
  private static final int DENSE_RUNS = 4;

  private final LfDotSearch search = new LfDotSearch(LfDotScanners.best());
  private final PieceWriter out;
  private final Expander expander;
  private WireForm form;
  private int previous = '\n';
  private int shortRuns;

  /** For messages of this form. Buffers for what is copied come from the allocator. */
  public DotStuffer(ByteBufAllocator allocator, WireForm form) {
    this.form = form;
    out = new PieceWriter(allocator);
    expander = new Expander(allocator);
  }

  private static ByteBuf constant(String text) {
    byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
    ByteBuf direct = Unpooled.directBuffer(octets.length, octets.length).writeBytes(octets);
    return Unpooled.unreleasableBuffer(direct.asReadOnly());
  }

  /**
   * Hands the octets of {@code in} on as they go over the wire. <b>Consumes</b> {@code in}, whose
   * memory the pieces may share; it must not be written to afterwards.
   *
   * <p>A message of form {@link WireForm#READY}, and any piece in which nothing is to be done, goes
   * on as the buffer itself. A buffer that others hold too (a cache) must therefore be given as a
   * retained slice or read-only, never as a duplicate with writable room behind its end: what comes
   * later in a pipeline may append to a buffer it takes for its own.
   *
   * <p>When the sink throws, so does this, with nothing leaked; the reply is then cut short and the
   * connection has to be closed (T16).
   */
  public void stuff(ByteBuf in, BodySink sink) {
    if (!in.isReadable()) {
      in.release();
      return;
    }
    if (form == WireForm.READY) {
      previous = '\n';
      sink.onBody(in);
      return;
    }
    boolean given = false;
    boolean done = false;
    int last = -1;
    try {
      last = in.getByte(in.writerIndex() - 1);
      out.begin(sink);
      if (form == WireForm.LF) {
        expander.expand(out, in, in.readerIndex(), previous, true);
      } else {
        search.on(in);
        int first = nextDot(in, in.readerIndex() - 1);
        if (first < 0 && !isDotFirst(in)) {
          given = true;
          out.piece(in);
        } else {
          stuffDots(in, first);
        }
      }
      out.end();
      previous = last;
      done = true;
    } finally {
      search.release();
      if (!done) {
        out.abort();
      }
      if (!given) {
        in.release();
      }
    }
  }

  private boolean isDotFirst(ByteBuf in) {
    return previous == '\n' && in.getByte(in.readerIndex()) == '.';
  }

  /** The next dot behind an LF, both behind {@code at}; or -1. */
  private int nextDot(ByteBuf in, int at) {
    int lf = search.indexOf(at + 1, in.writerIndex());
    return lf < 0 ? -1 : lf + 1;
  }

  private void stuffDots(ByteBuf in, int firstDot) {
    int start = in.readerIndex();
    if (isDotFirst(in)) {
      out.octet('.');
    }
    int dot = firstDot;
    while (dot >= 0) {
      int length = dot + 1 - start;
      shortRuns = length < SHORT_RUN ? shortRuns + 1 : 0;
      if (shortRuns > DENSE_RUNS) {
        // From an octet inside the line on, so that no dot is taken for a line's first twice.
        boolean sparse = expander.expand(out, in, start, '.', false);
        shortRuns = sparse ? 0 : shortRuns;
        return;
      }
      out.run(in, start, dot + 1);
      start = dot;
      dot = nextDot(in, dot);
    }
    out.run(in, start, in.writerIndex());
  }

  /**
   * Ends the message: hands on the line end that its text lacks, if it does (T17), and the dot
   * line. The next call begins a new message.
   */
  public void finish(BodySink sink) {
    ByteBuf end = previous == '\n' ? END : LINE_END_AND_END;
    reset(form);
    sink.onBody(end.duplicate());
  }

  /** Forgets a message that has begun; the next one is of this form. */
  public void reset(WireForm nextForm) {
    form = nextForm;
    previous = '\n';
    shortRuns = 0;
  }
}

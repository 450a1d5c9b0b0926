// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Turns the runs of octets that stuffing and unstuffing find into pieces for a sink.
 *
 * <p>Long runs are slices of the input, which cost one small object whatever their length. Short
 * ones are copied, one behind the other, into a buffer from the allocator, because there the copy
 * is cheaper than the object and than what each further piece costs downstream. For a {@link
 * RangeSink} no run is copied.
 *
 * <p>The bounds are measured ones: the copy of a run a little shorter than a usual read of 8 KiB
 * costs about what slice and garbage do, and leaves a typical message without any garbage at all.
 *
 * <p>Between {@code begin} and {@code end} one buffer at most is held back; {@code abort} releases
 * it.
 */
final class PieceWriter {

  /** From here on a run that is part of its input is handed on as a slice. */
  static final int SLICE_MIN = 8000;

  /** From here on an input that is one run altogether is handed on as a slice. */
  static final int WHOLE_MIN = 1024;

  /** The size of a buffer for several short runs. */
  private static final int BLOCK = 8192;

  /** The largest piece that is made by copying. */
  static final int CHUNK = 65536;

  private final ByteBufAllocator allocator;
  private @Nullable BodySink pieces;
  private @Nullable RangeSink ranges;
  private @Nullable ByteBuf held;

  PieceWriter(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  void begin(BodySink sink) {
    pieces = sink;
  }

  void begin(RangeSink sink) {
    ranges = sink;
  }

  /** The octets from {@code from} to before {@code to} of {@code in}, maybe none. Borrows. */
  void run(ByteBuf in, int from, int to) {
    int length = to - from;
    if (length <= 0) {
      return;
    }
    RangeSink rangeSink = ranges;
    if (rangeSink != null) {
      flush();
      rangeSink.onRange(in, from, length);
    } else if (length >= SLICE_MIN || (length >= WHOLE_MIN && length == in.readableBytes())) {
      flush();
      emit(in.retainedSlice(from, length));
    } else {
      copy(in, from, length);
    }
  }

  private void copy(ByteBuf in, int from, int length) {
    ByteBuf out = held;
    if (out == null || out.writableBytes() < length) {
      flush();
      // What follows in this input is the most that can still come; no need to grow, then.
      out = allocator.buffer(Math.max(length, Math.min(in.writerIndex() - from, BLOCK)));
      held = out;
    }
    out.writeBytes(in, from, length);
  }

  /** One octet that is not, or no longer, in the input. */
  void octet(int octet) {
    ByteBuf out = held;
    if (out == null || !out.isWritable()) {
      flush();
      out = allocator.buffer(64);
      held = out;
    }
    out.writeByte(octet);
  }

  /**
   * Copies {@code length} octets of the array.
   *
   * @param more about how many octets will follow in this way
   */
  void octets(byte[] array, int from, int length, int more) {
    int at = from;
    int left = length;
    while (left > 0) {
      ByteBuf out = held;
      if (out == null || !out.isWritable()) {
        flush();
        out = allocator.buffer(Math.min(left + more + (more >> 4), CHUNK));
        held = out;
      }
      int now = Math.min(left, out.writableBytes());
      out.writeBytes(array, at, now);
      at += now;
      left -= now;
    }
  }

  /**
   * A buffer with an accessible array and room for at least {@code room} octets, to write into and
   * leave behind; a new one has room for {@code preferred}. Returns a view: it stays the writer's.
   */
  ByteBuf array(int room, int preferred) {
    ByteBuf out = held;
    if (out == null || !out.hasArray() || out.writableBytes() < room) {
      flush();
      out = allocator.heapBuffer(Math.max(room, preferred));
      held = out;
    }
    return out;
  }

  /** Hands on a buffer as it is, behind what came before. Consumes it. */
  void piece(ByteBuf owned) {
    try {
      flush();
    } catch (Throwable t) {
      owned.release();
      throw t;
    }
    emit(owned);
  }

  /** Hands on what is held back. */
  void end() {
    flush();
    pieces = null;
    ranges = null;
  }

  /** Releases what is held back, if anything is. */
  void abort() {
    ByteBuf out = held;
    held = null;
    pieces = null;
    ranges = null;
    if (out != null) {
      out.release();
    }
  }

  private void flush() {
    ByteBuf out = held;
    if (out == null) {
      return;
    }
    held = null;
    if (out.isReadable()) {
      emit(out);
    } else {
      out.release();
    }
  }

  private void emit(ByteBuf owned) {
    BodySink sink = pieces;
    if (sink != null) {
      sink.onBody(owned);
      return;
    }
    try {
      RangeSink rangeSink = ranges;
      if (rangeSink == null) {
        throw new IllegalStateException("pieces: no sink (expected: begin before run)");
      }
      rangeSink.onRange(owned, owned.readerIndex(), owned.readableBytes());
    } finally {
      owned.release();
    }
  }
}

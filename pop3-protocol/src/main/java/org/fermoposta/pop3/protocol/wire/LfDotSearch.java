// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The scanner on whatever memory a {@link ByteBuf} has: its array, its one NIO buffer, or, for a
 * composite, octet by octet. Set up once per input because asking the buffer costs more than a
 * short scan.
 */
final class LfDotSearch {

  private final LfDotScanner scanner;
  private byte @Nullable [] array;
  private @Nullable ByteBuffer nio;
  private @Nullable ByteBuf other;
  private int shift;

  LfDotSearch(LfDotScanner scanner) {
    this.scanner = scanner;
  }

  /** Borrows the buffer until {@link #release}. */
  void on(ByteBuf in) {
    if (in.hasArray()) {
      array = in.array();
      shift = in.arrayOffset();
    } else if (in.nioBufferCount() == 1) {
      int from = in.readerIndex();
      ByteBuffer view = in.internalNioBuffer(from, in.readableBytes());
      nio = view;
      shift = view.position() - from;
    } else {
      other = in;
    }
  }

  /** The index of the LF of the first "LF ." within {@code [from, to)} of the buffer, or -1. */
  int indexOf(int from, int to) {
    byte[] a = array;
    if (a != null) {
      int at = scanner.indexOf(a, from + shift, to + shift);
      return at < 0 ? -1 : at - shift;
    }
    ByteBuffer b = nio;
    if (b != null) {
      int at = scanner.indexOf(b, from + shift, to + shift);
      return at < 0 ? -1 : at - shift;
    }
    return slowly(from, to);
  }

  private int slowly(int from, int to) {
    ByteBuf buffer = other;
    if (buffer == null) {
      throw new IllegalStateException("search: no buffer (expected: on before indexOf)");
    }
    for (int i = from; i < to - 1; i++) {
      i = buffer.indexOf(i, to - 1, (byte) '\n');
      if (i < 0) {
        return -1;
      }
      if (buffer.getByte(i + 1) == '.') {
        return i;
      }
    }
    return -1;
  }

  /** Forgets the buffer. */
  void release() {
    array = null;
    nio = null;
    other = null;
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Eight octets at a time in a long, 32 octets a turn, on any processor.
 *
 * <p>For the word w(i) at index i: {@code (w(i) ^ LF*8) | (w(i+1) ^ DOT*8)} has a zero octet where
 * "LF ." is. The usual zero-octet test can flag octets above a true zero wrongly, never below, and
 * words are read little-endian, so the lowest flag is the first hit.
 *
 * <p>Words are loaded in the loops themselves: a method that loads them may be compiled before the
 * loops are, is then too large to be inlined, and makes them six times as slow.
 */
final class SwarLfDotScanner implements LfDotScanner {

  private static final VarHandle BUFFER_WORD =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static long hits(long word, long next) {
    return Words.zeros((word ^ Words.LFS) | (next ^ Words.DOTS));
  }

  @Override
  public int indexOf(byte[] octets, int from, int to) {
    Objects.checkFromToIndex(from, to, octets.length);
    int i = from;
    for (; i <= to - 33; i += 32) {
      long h0 = hits((long) Words.LONG.get(octets, i), (long) Words.LONG.get(octets, i + 1));
      long h1 = hits((long) Words.LONG.get(octets, i + 8), (long) Words.LONG.get(octets, i + 9));
      long h2 = hits((long) Words.LONG.get(octets, i + 16), (long) Words.LONG.get(octets, i + 17));
      long h3 = hits((long) Words.LONG.get(octets, i + 24), (long) Words.LONG.get(octets, i + 25));
      if ((h0 | h1 | h2 | h3) != 0) {
        return i + firstOf(h0, h1, h2, h3);
      }
    }
    for (; i <= to - 9; i += 8) {
      long h = hits((long) Words.LONG.get(octets, i), (long) Words.LONG.get(octets, i + 1));
      if (h != 0) {
        return i + Words.first(h);
      }
    }
    for (; i < to - 1; i++) {
      if (octets[i] == '\n' && octets[i + 1] == '.') {
        return i;
      }
    }
    return -1;
  }

  @Override
  public int indexOf(ByteBuffer octets, int from, int to) {
    Objects.checkFromToIndex(from, to, octets.limit());
    int i = from;
    for (; i <= to - 33; i += 32) {
      long h0 = hits((long) BUFFER_WORD.get(octets, i), (long) BUFFER_WORD.get(octets, i + 1));
      long h1 = hits((long) BUFFER_WORD.get(octets, i + 8), (long) BUFFER_WORD.get(octets, i + 9));
      long h2 =
          hits((long) BUFFER_WORD.get(octets, i + 16), (long) BUFFER_WORD.get(octets, i + 17));
      long h3 =
          hits((long) BUFFER_WORD.get(octets, i + 24), (long) BUFFER_WORD.get(octets, i + 25));
      if ((h0 | h1 | h2 | h3) != 0) {
        return i + firstOf(h0, h1, h2, h3);
      }
    }
    for (; i <= to - 9; i += 8) {
      long h = hits((long) BUFFER_WORD.get(octets, i), (long) BUFFER_WORD.get(octets, i + 1));
      if (h != 0) {
        return i + Words.first(h);
      }
    }
    for (; i < to - 1; i++) {
      if (octets.get(i) == '\n' && octets.get(i + 1) == '.') {
        return i;
      }
    }
    return -1;
  }

  private static int firstOf(long h0, long h1, long h2, long h3) {
    if (h0 != 0) {
      return Words.first(h0);
    }
    if (h1 != 0) {
      return 8 + Words.first(h1);
    }
    return h2 != 0 ? 16 + Words.first(h2) : 24 + Words.first(h3);
  }

  @Override
  public boolean isUsable() {
    return true;
  }

  @Override
  public int rank() {
    return 0;
  }

  @Override
  public String name() {
    return "swar";
  }
}

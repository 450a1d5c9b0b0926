// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.vector;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorSpecies;
import org.fermoposta.pop3.protocol.wire.LfDotScanner;

/**
 * Looks for "LF ." as many octets at a time as a vector register holds: the lanes that are LF, and
 * the lanes one octet further that are a dot.
 *
 * <p>Most vectors hold an LF and no dot behind it, so both are tested together and the branch is
 * left for the hit.
 */
public final class VectorLfDotScanner implements LfDotScanner {

  private static final VectorSpecies<Byte> SPECIES = ByteVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  /** With registers shorter than this, plain arithmetic on longs is as good. */
  private static final int LANES_WORTHWHILE = 16;

  private static final byte LF = '\n';
  private static final byte DOT = '.';

  /** For {@link java.util.ServiceLoader}. */
  public VectorLfDotScanner() {}

  @Override
  public int indexOf(byte[] octets, int from, int to) {
    Objects.checkFromToIndex(from, to, octets.length);
    int i = from;
    for (; i < to - LANES; i += LANES) {
      long hits =
          ByteVector.fromArray(SPECIES, octets, i).eq(LF).toLong()
              & ByteVector.fromArray(SPECIES, octets, i + 1).eq(DOT).toLong();
      if (hits != 0) {
        return i + Long.numberOfTrailingZeros(hits);
      }
    }
    for (; i < to - 1; i++) {
      if (octets[i] == LF && octets[i + 1] == DOT) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public int indexOf(ByteBuffer octets, int from, int to) {
    Objects.checkFromToIndex(from, to, octets.limit());
    if (octets.hasArray()) {
      int shift = octets.arrayOffset();
      int at = indexOf(octets.array(), from + shift, to + shift);
      return at < 0 ? -1 : at - shift;
    }
    int i = from;
    if (to - from > LANES) {
      // A segment begins at the buffer's position, which is the caller's affair.
      MemorySegment segment = MemorySegment.ofBuffer(octets);
      int position = octets.position();
      if (from < position) {
        return indexOf(octets.duplicate().position(from), from, to);
      }
      for (; i < to - LANES; i += LANES) {
        long at = (long) i - position;
        long hits =
            ByteVector.fromMemorySegment(SPECIES, segment, at, ByteOrder.LITTLE_ENDIAN)
                    .eq(LF)
                    .toLong()
                & ByteVector.fromMemorySegment(SPECIES, segment, at + 1, ByteOrder.LITTLE_ENDIAN)
                    .eq(DOT)
                    .toLong();
        if (hits != 0) {
          return i + Long.numberOfTrailingZeros(hits);
        }
      }
    }
    for (; i < to - 1; i++) {
      if (octets.get(i) == LF && octets.get(i + 1) == DOT) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public boolean isUsable() {
    return LANES >= LANES_WORTHWHILE;
  }

  @Override
  public int rank() {
    return 10;
  }

  @Override
  public String name() {
    return "vector-" + SPECIES.vectorBitSize();
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.vector;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
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

  private static final int FIRST_BLOCK = 512;
  private static final int MAX_BLOCK = 4096;
  private static final ThreadLocal<byte[]> BLOCK =
      ThreadLocal.withInitial(() -> new byte[MAX_BLOCK]);

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
    if (octets.isDirect() && NativeMemory.IS_REACHABLE) {
      return indexOfNative(octets, from, to);
    }
    // By blocks through an array: a MemorySegment for each call would be garbage for each run, and
    // the copy costs less. Blocks grow, so that a hit nearby does not pay for octets far behind it.
    byte[] block = BLOCK.get();
    int size = FIRST_BLOCK;
    int at = from;
    while (at < to - 1) {
      int length = Math.min(size, to - at);
      octets.get(at, block, 0, length);
      int hit = indexOf(block, 0, length);
      if (hit >= 0) {
        return at + hit;
      }
      at += length - 1; // The last octet may be the LF before the next block's dot.
      size = Math.min(2 * size, MAX_BLOCK);
    }
    return -1;
  }

  private static int indexOfNative(ByteBuffer octets, int from, int to) {
    long base = NativeMemory.address(octets);
    try {
      int i = from;
      for (; i < to - LANES; i += LANES) {
        long hits =
            NativeMemory.vector(SPECIES, base + i).eq(LF).toLong()
                & NativeMemory.vector(SPECIES, base + i + 1).eq(DOT).toLong();
        if (hits != 0) {
          return i + Long.numberOfTrailingZeros(hits);
        }
      }
      for (; i < to - 1; i++) {
        if (octets.get(i) == LF && octets.get(i + 1) == DOT) {
          return i;
        }
      }
      return -1;
    } finally {
      Reference.reachabilityFence(octets);
    }
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

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Eight octets as one little-endian long: octet k is bits 8k to 8k+7. Flags are the high bit of
 * each octet's place.
 */
final class Words {

  /** Reads and writes a long at any index of a byte[]. */
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  static final long LFS = 0x0A0A0A0A0A0A0A0AL;
  static final long CRS = 0x0D0D0D0D0D0D0D0DL;
  static final long DOTS = 0x2E2E2E2E2E2E2E2EL;

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long LOWS = 0x7F7F7F7F7F7F7F7FL;

  private Words() {}

  /** A flag at every zero octet, and perhaps wrong ones above the lowest: for finding the first. */
  static long zeros(long word) {
    return (word - ONES) & ~word & HIGHS;
  }

  /** A flag at exactly every zero octet: for counting. One operation dearer. */
  static long exactZeros(long word) {
    return ~(((word & LOWS) + LOWS) | word | LOWS);
  }

  /** The place, 0 to 7, of the lowest flag; 8 if there is none. */
  static int first(long flags) {
    return Long.numberOfTrailingZeros(flags) >>> 3;
  }
}

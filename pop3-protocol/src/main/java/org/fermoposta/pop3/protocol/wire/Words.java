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

  private static final long ZEROS = 0x3030303030303030L;
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

  /** How many of the octets, from the first on, are decimal digits: 0 to 8. */
  static int leadingDigits(long word) {
    long values = word ^ ZEROS;
    // 10 to 127 reach the flag by the addition; what carries over comes from a non-digit below.
    return first(((values + 0x7676767676767676L) | values) & HIGHS);
  }

  /** The value of the first {@code count} octets, 1 to 8, which are decimal digits. */
  static int decimal(long word, int count) {
    // Digits move up to the last places, zeros come in below; then pairs, then fours, then all.
    long values = (word ^ ZEROS) << (64 - 8 * count);
    long pairs = values * 10 + (values >>> 8);
    long low = (pairs & 0x000000FF000000FFL) * 0x000F424000000064L;
    long high = ((pairs >>> 16) & 0x000000FF000000FFL) * 0x0000271000000001L;
    return (int) ((low + high) >>> 32);
  }
}

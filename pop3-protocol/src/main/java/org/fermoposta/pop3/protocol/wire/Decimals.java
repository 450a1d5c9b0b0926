// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import io.netty.buffer.ByteBuf;

/** Decimal numbers without a String between. */
final class Decimals {
  private static final int MAX_DIGITS = 19;

  private Decimals() {}

  /** Writes a number of 0 or more. */
  static void write(ByteBuf out, long number) {
    int digits = 1;
    for (long rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    int end = out.writerIndex() + digits;
    out.ensureWritable(digits);
    long rest = number;
    for (int at = end - 1; at >= end - digits; at--) {
      out.setByte(at, (byte) ('0' + rest % 10));
      rest /= 10;
    }
    out.writerIndex(end);
  }

  /** Writes a number of 0 or more and returns where it ends. */
  static int write(byte[] out, int at, long number) {
    long rest = number;
    int digits = digits(number);
    int end = at + digits;
    int i = end - 1;
    for (; rest > Integer.MAX_VALUE; rest /= 10) {
      out[i--] = (byte) ('0' + rest % 10);
    }
    for (int low = (int) rest; i >= at; low /= 10) {
      out[i--] = (byte) ('0' + low % 10);
    }
    return end;
  }

  private static int digits(long number) {
    int digits = 1;
    for (long bound = 10; digits < MAX_DIGITS && number >= bound; bound *= 10) {
      digits++;
    }
    return digits;
  }
}

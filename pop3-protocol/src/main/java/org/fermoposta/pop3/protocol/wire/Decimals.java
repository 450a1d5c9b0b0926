// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import io.netty.buffer.ByteBuf;

/** Decimal numbers without a String between. */
final class Decimals {
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
}

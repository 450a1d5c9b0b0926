// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import java.util.BitSet;

/** Message numbers as bits: bit n stands for message n, bit 0 for none. */
public final class Marks {

  private Marks() {}

  /**
   * Refuses marks of messages that there are not.
   *
   * @throws IndexOutOfBoundsException if a bit outside {@code 1..count} is set
   */
  public static void check(BitSet marked, int count) {
    if (marked.get(0) || marked.length() > count + 1) {
      throw new IndexOutOfBoundsException(
          "marked messages: "
              + marked.nextSetBit(0)
              + " to "
              + (marked.length() - 1)
              + " (expected: within 1 to "
              + count
              + ")");
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/** Finds rows by base name in constant time: open addressing over the table's own names. */
final class NameLookup {

  private final MessageTable table;
  private final int[] slots;
  // Names are others' choice: which of them fall together must not be known to them.
  private final long multiplier = ThreadLocalRandom.current().nextLong() | 1;

  /** Rows that share their name with another are left out. */
  NameLookup(MessageTable table) {
    this.table = table;
    slots = new int[Integer.highestOneBit(Math.max(4, table.count())) * 4];
    for (int row = 0; row < table.count(); row++) {
      if (!table.has(row, MessageTable.TWIN)) {
        int slot = slot(table.names, table.nameStart(row), table.nameEnd[row]);
        while (slots[slot] != 0) {
          slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = row + 1;
      }
    }
  }

  /** The row of this base name, or -1. */
  int row(byte[] name, int baseLength) {
    int slot = slot(name, 0, baseLength);
    for (; slots[slot] != 0; slot = (slot + 1) & (slots.length - 1)) {
      int row = slots[slot] - 1;
      int start = table.nameStart(row);
      if (Arrays.equals(table.names, start, table.nameEnd[row], name, 0, baseLength)) {
        return row;
      }
    }
    return -1;
  }

  private int slot(byte[] octets, int from, int to) {
    long hash = multiplier;
    for (int i = from; i < to; i++) {
      hash = (hash ^ octets[i]) * multiplier;
      hash ^= hash >>> 32;
    }
    return (int) hash & (slots.length - 1);
  }
}

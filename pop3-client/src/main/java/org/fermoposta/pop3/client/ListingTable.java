// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fermoposta.pop3.protocol.UniqueId;

// Design note. One value for each message: its octets, or where its unique-id stands. Unique-ids
// lie
// in blocks, each as two octets of length and the octets themselves, never across blocks. Servers
// number without gaps at first, so the numbers are kept only once that turns out untrue. Entries
// are sorted at the end, and only if they did not come in order.

/** Numbers and sizes, or numbers and unique-ids, in primitive arrays. */
final class ListingTable {
  private static final int BLOCK_BITS = 20;
  private static final int BLOCK_OCTETS = 1 << BLOCK_BITS;
  private static final int FIRST_BLOCK_OCTETS = 4 * 1024;

  private final List<byte[]> blocks = new ArrayList<>();
  private int usedOfBlock;
  private int[] numbers = {};
  private boolean gapless = true;
  private boolean ascending = true;
  private long[] values = new long[16];
  private int count;
  private long total;

  void addSize(int number, long octets) {
    total = Math.addExact(total, octets);
    add(number, octets);
  }

  void addUniqueId(int number, byte[] octets, int offset, int length) {
    add(number, store(octets, offset, length));
  }

  /**
   * Ends the filling.
   *
   * @throws IllegalArgumentException if a number is there twice
   */
  void finish() {
    values = Arrays.copyOf(values, count);
    if (gapless) {
      return;
    }
    numbers = Arrays.copyOf(numbers, count);
    if (!ascending) {
      sort();
    }
    for (int i = 1; i < count; i++) {
      if (numbers[i] == numbers[i - 1]) {
        throw new IllegalArgumentException("message number " + numbers[i] + ": listed twice");
      }
    }
  }

  /** Returns the same entries with other, ascending, numbers. */
  ListingTable renumbered(int[] others) {
    if (others.length != count) {
      throw new IllegalArgumentException(
          count + " entries, " + others.length + " numbers (expected: as many)");
    }
    ListingTable table = new ListingTable();
    table.blocks.addAll(blocks);
    table.usedOfBlock = usedOfBlock;
    table.values = values;
    table.count = count;
    table.total = total;
    table.gapless = false;
    table.numbers = others.clone();
    for (int i = 0; i < count; i++) {
      if (others[i] < 1 || (i > 0 && others[i] <= others[i - 1])) {
        throw new IllegalArgumentException(
            "message number " + others[i] + " (expected: >= 1, ascending)");
      }
    }
    return table;
  }

  int count() {
    return count;
  }

  long totalOctets() {
    return total;
  }

  int messageNumber(int index) {
    checkIndex(index);
    return gapless ? index + 1 : numbers[index];
  }

  int indexOf(int number) {
    if (gapless) {
      return number >= 1 && number <= count ? number - 1 : -1;
    }
    return Math.max(-1, Arrays.binarySearch(numbers, number));
  }

  long octets(int index) {
    checkIndex(index);
    return values[index];
  }

  UniqueId uniqueId(int index) {
    checkIndex(index);
    long position = values[index];
    byte[] block = blocks.get((int) (position >>> BLOCK_BITS));
    int at = (int) position & (BLOCK_OCTETS - 1);
    int length = (block[at] & 0xff) << 8 | (block[at + 1] & 0xff);
    return new UniqueId(new String(block, at + 2, length, ISO_8859_1));
  }

  private void checkIndex(int index) {
    if (index < 0 || index >= count) {
      throw new IndexOutOfBoundsException(
          "index: " + index + " (expected: 0 to " + count + " - 1)");
    }
  }

  private void add(int number, long value) {
    if (number < 1) {
      throw new IllegalArgumentException("message number: " + number + " (expected: >= 1)");
    }
    if (count == values.length) {
      values = Arrays.copyOf(values, grown(count));
    }
    if (gapless && number != count + 1) {
      gapless = false;
      numbers = new int[values.length];
      Arrays.setAll(numbers, i -> i + 1);
    }
    if (!gapless) {
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, values.length);
      }
      ascending &= count == 0 || number > numbers[count - 1];
      numbers[count] = number;
    }
    values[count++] = value;
  }

  private long store(byte[] octets, int offset, int length) {
    int last = blocks.size() - 1;
    if (last < 0) {
      blocks.add(new byte[FIRST_BLOCK_OCTETS]);
      last = 0;
    }
    byte[] block = blocks.get(last);
    if (usedOfBlock + 2 + length > block.length && block.length < BLOCK_OCTETS) {
      int enough = Math.max(2 * block.length, usedOfBlock + 2 + length);
      block = Arrays.copyOf(block, Math.min(BLOCK_OCTETS, enough));
      blocks.set(last, block);
    }
    if (usedOfBlock + 2 + length > block.length) {
      block = new byte[BLOCK_OCTETS];
      blocks.add(block);
      last++;
      usedOfBlock = 0;
    }
    int at = usedOfBlock;
    block[at] = (byte) (length >>> 8);
    block[at + 1] = (byte) length;
    System.arraycopy(octets, offset, block, at + 2, length);
    usedOfBlock += 2 + length;
    return (long) last << BLOCK_BITS | at;
  }

  private void sort() {
    long[] order = new long[count];
    for (int i = 0; i < count; i++) {
      order[i] = (long) numbers[i] << 32 | i;
    }
    Arrays.sort(order);
    long[] unsorted = values;
    values = new long[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (int) (order[i] >>> 32);
      values[i] = unsorted[(int) order[i]];
    }
  }

  private static int grown(int length) {
    return (int) Math.min(Integer.MAX_VALUE - 8L, length + (length >> 1) + 16L);
  }
}

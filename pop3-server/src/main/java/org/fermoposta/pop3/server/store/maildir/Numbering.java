// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import org.fermoposta.pop3.protocol.UniqueId;

/*
 * Design note. Rows of the table stay in delivery order, by which they are found; message numbers
 * are another order as soon as the old server numbered otherwise. Mostly it did not, and then a
 * number is its row plus one and nothing is kept but the ids.
 *
 * Messages that share a base name have no place in a passport: which of them the old server meant
 * is not known, and to give its id to the wrong one would hide a message from a client that has
 * seen the other.
 *
 * An id of our own may equal an id of the passport (even of a message that is gone: ids are never
 * given again). Then the message gets the digest of its name as id. Only a base name of a length
 * that ids of the passport have can be such a one, so it costs nothing to look for them mostly.
 */
/** Which number and which id of an old server each row has. Immutable. */
final class Numbering {

  private static final int[] NONE = {};

  private final int migrated;
  private final int[] rowOf;
  private final int[] numberOf;
  private final byte[] ids;
  private final int[] idEnd;
  private final Set<ByteBuffer> taken;
  private final int checksum;

  private Numbering(
      int migrated,
      int[] rowOf,
      int[] numberOf,
      byte[] ids,
      int[] idEnd,
      Set<ByteBuffer> taken,
      int checksum) {
    this.migrated = migrated;
    this.rowOf = rowOf;
    this.numberOf = numberOf;
    this.ids = ids;
    this.idEnd = idEnd;
    this.taken = taken;
    this.checksum = checksum;
  }

  /** Numbers in the order of the rows, and no ids but our own. */
  static Numbering own() {
    return new Numbering(0, NONE, NONE, new byte[0], NONE, Set.of(), 0);
  }

  /**
   * Numbers and ids by the passport in this file. Borrows the channel.
   *
   * @throws BadPassportException if it cannot be believed
   */
  static Numbering of(MessageTable table, FileChannel channel) throws IOException {
    Matching matching = new Matching(table);
    int checksum = PassportInput.read(channel, matching).checksum();
    Set<ByteBuffer> doubtful = matching.doubtful();
    Set<ByteBuffer> taken = new HashSet<>();
    if (!doubtful.isEmpty()) {
      PassportInput.read(
          channel,
          (octets, idFrom, idTo, nameFrom, nameTo) -> {
            byte[] id = Arrays.copyOfRange(octets, idFrom, idTo);
            if (doubtful.contains(ByteBuffer.wrap(id))
                && !Arrays.equals(octets, idFrom, idTo, octets, nameFrom, nameTo)) {
              taken.add(ByteBuffer.wrap(id));
            }
            return true;
          });
    }
    return matching.numbering(taken, checksum);
  }

  /** How many messages have an id of the old server; they are the first ones. */
  int migrated() {
    return migrated;
  }

  /** Changes when the passport does; 0 without one. */
  int checksum() {
    return checksum;
  }

  /** The row of a number, which is in range. */
  int row(int number) {
    return rowOf.length == 0 ? number - 1 : rowOf[number - 1];
  }

  /** The number of a row; 0 for none. */
  int number(int row) {
    return row < 0 || numberOf.length == 0 ? row + 1 : numberOf[row];
  }

  /** Whether this message has an id of the old server. */
  boolean isMigrated(int number) {
    return number <= migrated;
  }

  /** The id of the old server. */
  UniqueId uniqueId(int number) {
    int from = number == 1 ? 0 : idEnd[number - 2];
    return UniqueId.of(new String(ids, from, idEnd[number - 1] - from, StandardCharsets.US_ASCII));
  }

  /** Writes its octets and returns the offset behind them. */
  int uniqueId(int number, byte[] out, int at) {
    int from = number == 1 ? 0 : idEnd[number - 2];
    int length = idEnd[number - 1] - from;
    System.arraycopy(ids, from, out, at, length);
    return at + length;
  }

  /** Whether another message has this id from the old server. */
  boolean isTaken(byte[] names, int from, int to) {
    return !taken.isEmpty() && taken.contains(ByteBuffer.wrap(names, from, to - from));
  }

  /** Finds the rows of a passport's entries, which mostly come in the order of the rows. */
  private static final class Matching implements PassportInput.Visitor {
    private final MessageTable table;
    private final BitSet found;
    private final BitSet lengths = new BitSet();
    private int[] rows = new int[16];
    private int[] idEnd = new int[16];
    private byte[] ids = new byte[256];
    private int count;
    private int next;

    Matching(MessageTable table) {
      this.table = table;
      found = new BitSet(table.count());
    }

    @Override
    public boolean entry(byte[] octets, int idFrom, int idTo, int nameFrom, int nameTo) {
      boolean same = Arrays.equals(octets, idFrom, idTo, octets, nameFrom, nameTo);
      if (!same) {
        lengths.set(idTo - idFrom);
      }
      int row = row(octets, nameFrom, nameTo);
      if (row < 0 || table.has(row, MessageTable.TWIN)) {
        return true;
      }
      if (found.get(row)) {
        return false;
      }
      found.set(row);
      add(row, octets, idFrom, idTo);
      next = row + 1;
      return true;
    }

    private int row(byte[] octets, int from, int to) {
      if (next < table.count() && table.named(next, octets, from, to)) {
        return next;
      }
      return table.find(octets, from, to);
    }

    private void add(int row, byte[] octets, int from, int to) {
      int start = count == 0 ? 0 : idEnd[count - 1];
      int end = start + to - from;
      if (count == rows.length) {
        int most = Math.max(count + 1, Math.min(table.count(), 2 * count));
        rows = Arrays.copyOf(rows, most);
        idEnd = Arrays.copyOf(idEnd, most);
      }
      if (end > ids.length) {
        ids = Arrays.copyOf(ids, Math.max(end, 2 * ids.length));
      }
      System.arraycopy(octets, from, ids, start, to - from);
      rows[count] = row;
      idEnd[count++] = end;
    }

    /** Ids of our own that may be ids of the passport. */
    Set<ByteBuffer> doubtful() {
      Set<ByteBuffer> doubtful = new HashSet<>();
      if (lengths.isEmpty()) {
        return doubtful;
      }
      for (int row = found.nextClearBit(0);
          row < table.count();
          row = found.nextClearBit(row + 1)) {
        int from = table.nameStart(row);
        int to = table.nameEnd[row];
        if (lengths.get(to - from) && MessageName.fitsAsId(table.names, from, to)) {
          doubtful.add(ByteBuffer.wrap(table.names, from, to - from));
        }
      }
      return doubtful;
    }

    Numbering numbering(Set<ByteBuffer> taken, int checksum) {
      boolean inOrder = true;
      for (int i = 0; i < count && inOrder; i++) {
        inOrder = rows[i] == i;
      }
      int end = count == 0 ? 0 : idEnd[count - 1];
      int[] rowOf = NONE;
      int[] numberOf = NONE;
      if (!inOrder) {
        rowOf = Arrays.copyOf(rows, table.count());
        numberOf = new int[table.count()];
        int number = count;
        for (int row = found.nextClearBit(0);
            row < table.count();
            row = found.nextClearBit(row + 1)) {
          rowOf[number++] = row;
        }
        for (int i = 0; i < rowOf.length; i++) {
          numberOf[rowOf[i]] = i + 1;
        }
      }
      return new Numbering(
          count,
          rowOf,
          numberOf,
          Arrays.copyOf(ids, end),
          Arrays.copyOf(idEnd, count),
          taken,
          checksum);
    }
  }
}

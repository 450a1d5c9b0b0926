// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.fermoposta.pop3.protocol.UniqueId;
import org.fermoposta.pop3.protocol.wire.WireForm;

/*
 * Design note. Unique-ids are those of the passport, else the base name itself where that may be shown, otherwise a digest of
 * it, made when asked for. Messages that share a base name (N013) are told apart by a digest of
 * name and content, all of them alike, so that removing one does not hand its id to another.
 */
/** The messages of one open maildrop, numbered from 1; only their places ever change. */
final class MaildirSnapshot {

  private final MessageTable table;
  private final Numbering numbering;

  /** A snapshot of the messages of this table, which it owns from now on. */
  MaildirSnapshot(MessageTable table, Numbering numbering) {
    this.table = table;
    this.numbering = numbering;
  }

  int count() {
    return table.count();
  }

  long totalOctets() {
    return table.totalOctets();
  }

  long octets(int number) {
    return table.octets(check(number));
  }

  long storedOctets(int number) {
    return table.stored(check(number));
  }

  long modifiedNanos(int number) {
    return table.modified[check(number)];
  }

  OptionalLong headerEnd(int number) {
    long end = table.headerEnd(check(number));
    return end < 0 ? OptionalLong.empty() : OptionalLong.of(end);
  }

  /** How many lines begin with a dot, if their offsets are known. */
  OptionalInt dotLines(int number) {
    return table.has(check(number), MessageTable.MANY_DOTS | MessageTable.UNREADABLE)
        ? OptionalInt.empty()
        : OptionalInt.of(table.dotOffsets(check(number)).length);
  }

  long[] dotOffsets(int number) {
    return table.dotOffsets(check(number));
  }

  boolean ascii(int number) {
    return table.has(check(number), MessageTable.ASCII);
  }

  boolean readable(int number) {
    return !table.has(check(number), MessageTable.UNREADABLE);
  }

  /** Whether another message had the same base name when the maildrop was opened. */
  boolean twin(int number) {
    return table.has(check(number), MessageTable.TWIN);
  }

  WireForm form(int number) {
    return table.form(check(number));
  }

  UniqueId uniqueId(int number) {
    int row = check(number);
    if (numbering.isMigrated(number)) {
      return numbering.uniqueId(number);
    }
    String twinId = twin(number) ? table.twinIds.get(row) : null;
    if (twinId != null) {
      return UniqueId.of(twinId);
    }
    int from = table.nameStart(row);
    int to = table.nameEnd[row];
    return UniqueId.of(
        isShown(from, to)
            ? new String(table.names, from, to - from, StandardCharsets.US_ASCII)
            : MessageName.digestId(Arrays.copyOfRange(table.names, from, to)));
  }

  /** Writes the octets of the id and returns the offset behind them. */
  int uniqueId(int number, byte[] out, int at) {
    int row = check(number);
    if (numbering.isMigrated(number)) {
      return numbering.uniqueId(number, out, at);
    }
    int from = table.nameStart(row);
    int to = table.nameEnd[row];
    byte[] octets = table.names;
    if (table.has(row, MessageTable.TWIN) || !isShown(from, to)) {
      octets = uniqueId(number).value().getBytes(StandardCharsets.US_ASCII);
      from = 0;
      to = octets.length;
    }
    System.arraycopy(octets, from, out, at, to - from);
    return at + to - from;
  }

  /** Whether a base name is the id itself. */
  private boolean isShown(int from, int to) {
    return MessageName.fitsAsId(table.names, from, to) && !numbering.isTaken(table.names, from, to);
  }

  /** Notes that a message is not what was known of it: the next session is to look again. */
  void doubt(int number) {
    table.recheck(check(number));
  }

  /** Notes where a message lies now. */
  void moved(int number, Entry now) {
    table.moved(check(number), now.inCur(), now.suffix());
  }

  /** The file a message lies in, as far as is known. */
  Entry entry(int number) {
    return table.entry(check(number));
  }

  /** The number of the first message with this base name, or 0. */
  int find(Entry entry) {
    return numbering.number(table.find(entry));
  }

  /** The row of a number, or an exception. */
  int check(int number) {
    if (number < 1 || number > table.count()) {
      throw new IndexOutOfBoundsException(
          "message number: " + number + " (expected: 1 to " + table.count() + ")");
    }
    return numbering.row(number);
  }
}

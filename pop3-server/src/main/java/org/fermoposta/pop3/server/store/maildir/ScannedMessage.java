// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.util.Arrays;
import org.fermoposta.pop3.protocol.wire.WireForm;
import org.fermoposta.pop3.protocol.wire.WireSize;

/** What one look at a file found. Immutable. */
final class ScannedMessage {

  private static final long[] NONE = {};

  private final Entry entry;
  // Of the name, kept because sorting asks for them again and again.
  private final long seconds;
  private final long micros;
  private final long modifiedNanos;
  private final long storedOctets;
  private final long octets;
  private final long headerEnd;
  private final WireForm form;
  private final boolean ascii;
  private final long[] dotOffsets;
  private final boolean manyDots;
  private final boolean readable;

  private ScannedMessage(
      Entry entry,
      long modifiedNanos,
      long storedOctets,
      long octets,
      long headerEnd,
      WireForm form,
      boolean ascii,
      long[] dotOffsets,
      boolean manyDots,
      boolean readable) {
    this.entry = entry;
    seconds = MessageName.seconds(entry.name(), 0, entry.baseLength());
    micros = MessageName.micros(entry.name(), 0, entry.baseLength());
    this.modifiedNanos = modifiedNanos;
    this.storedOctets = storedOctets;
    this.octets = octets;
    this.headerEnd = headerEnd;
    this.form = form;
    this.ascii = ascii;
    this.dotOffsets = dotOffsets;
    this.manyDots = manyDots;
    this.readable = readable;
  }

  /** A file that was read; its time of last modification in nanoseconds since 1970. */
  static ScannedMessage of(Entry entry, long modifiedNanos, WireSize size) {
    boolean many = size.dotLines() > size.keptDotOffsets();
    return new ScannedMessage(
        entry,
        modifiedNanos,
        size.storedOctets(),
        size.octets(),
        size.headerEnd() < 0 ? size.storedOctets() : size.headerEnd(),
        size.form(),
        size.isAscii(),
        many ? NONE : dots(size),
        many,
        true);
  }

  /** A file that could not be read: its octets stand for those on the wire. */
  static ScannedMessage unreadable(Entry entry, long modifiedNanos, long octets) {
    return new ScannedMessage(
        entry,
        modifiedNanos,
        octets,
        octets,
        MessageTable.NO_HEADER_END,
        WireForm.READY,
        /* ascii= */ false,
        NONE,
        false,
        false);
  }

  /** The offsets kept of lines that begin with a dot. */
  static long[] dots(WireSize size) {
    if (size.keptDotOffsets() == 0) {
      return NONE;
    }
    long[] offsets = new long[size.keptDotOffsets()];
    Arrays.setAll(offsets, size::dotOffset);
    return offsets;
  }

  Entry entry() {
    return entry;
  }

  long modifiedNanos() {
    return modifiedNanos;
  }

  long storedOctets() {
    return storedOctets;
  }

  long octets() {
    return octets;
  }

  long headerEnd() {
    return headerEnd;
  }

  WireForm form() {
    return form;
  }

  boolean isAscii() {
    return ascii;
  }

  /** All of them unless {@link #manyDots}. Returns a view. */
  long[] dotOffsets() {
    return dotOffsets;
  }

  boolean manyDots() {
    return manyDots;
  }

  boolean readable() {
    return readable;
  }

  /** Delivery order, as {@link MessageName#compare} has it; messages with one base name by age. */
  static int compare(ScannedMessage left, ScannedMessage right) {
    Entry a = left.entry;
    Entry b = right.entry;
    int byName = Long.compare(left.seconds, right.seconds);
    if (byName == 0) {
      byName = Long.compare(left.micros, right.micros);
    }
    if (byName == 0) {
      byName = Arrays.compareUnsigned(a.name(), 0, a.baseLength(), b.name(), 0, b.baseLength());
    }
    if (byName != 0) {
      return byName;
    }
    int byTime = Long.compare(left.modifiedNanos, right.modifiedNanos);
    return byTime != 0 ? byTime : Arrays.compareUnsigned(a.name(), b.name());
  }

  boolean sameBase(ScannedMessage other) {
    return entry.sameBase(other.entry);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.fermoposta.pop3.protocol.wire.WireForm;

/*
 * Design note. Columns instead of an object per message, and the same columns on disk, so that an
 * index is read by copying: some 29 octets and the base name per message. Names lie end to end in
 * one array, in delivery order, so that a name is found by binary search. Flags and directory are
 * few distinct combinations, kept once each in `places`. What is rare is kept aside: ids of
 * messages that share a base name, sizes beyond 31 bits, and dot lines (sparse, with the offsets of
 * message dotRows[k] in dots[dotEnd[k-1] .. dotEnd[k]]).
 *
 * Filled by MessageTableBuilder or IndexReader and read-only from then on, except for `place`
 * (others rename messages), and RECHECK in `bits`.
 */
/** Messages in delivery order, as compact columns; rows count from 0. */
final class MessageTable {

  /** Which bits hold the wire form. */
  static final int FORM = 3;

  /** The file could not be read; octets are those of the file. */
  static final int UNREADABLE = 4;

  /** Another message has the same base name, and the id is in {@link #twinIds}. */
  static final int TWIN = 8;

  /** What is known may be wrong: the file is to be looked at before it is believed. */
  static final int RECHECK = 16;

  /** There are more dot lines than offsets are kept for, so none are. */
  static final int MANY_DOTS = 32;

  /** No octet is beyond ASCII; without it that is not known. */
  static final int ASCII = 64;

  /** All bits there are. */
  static final int ALL_BITS = 127;

  /** In the columns of sizes: the value is in {@link #huge}. */
  static final int HUGE = Integer.MAX_VALUE;

  /** In the column of header ends: not known. */
  static final int NO_HEADER_END = -1;

  private static final List<WireForm> FORMS = List.of(WireForm.values());

  final byte[] names;
  final int[] nameEnd;
  final int[] place;
  final int[] octets;
  final int[] stored;
  final int[] headerEnd;
  final long[] modified;
  final byte[] bits;
  final int[] dotRows;
  final int[] dotEnd;
  final int[] dots;
  final Map<Integer, String> twinIds;
  final Map<Integer, HugeSizes> huge;
  private final List<Place> places;
  private final Map<Place, Integer> placeIndex = new HashMap<>();
  private final long totalOctets;

  /** A table of these columns, which are kept, not copied. */
  MessageTable(
      byte[] names,
      int[] nameEnd,
      int[] place,
      int[] octets,
      int[] stored,
      int[] headerEnd,
      long[] modified,
      byte[] bits,
      int[] dotRows,
      int[] dotEnd,
      int[] dots,
      Map<Integer, String> twinIds,
      Map<Integer, HugeSizes> huge,
      List<Place> places) {
    this.names = names;
    this.nameEnd = nameEnd;
    this.place = place;
    this.octets = octets;
    this.stored = stored;
    this.headerEnd = headerEnd;
    this.modified = modified;
    this.bits = bits;
    this.dotRows = dotRows;
    this.dotEnd = dotEnd;
    this.dots = dots;
    this.twinIds = twinIds;
    this.huge = huge;
    this.places = new ArrayList<>(places);
    for (int i = 0; i < places.size(); i++) {
      placeIndex.put(places.get(i), i);
    }
    long total = 0;
    for (int row = 0; row < octets.length; row++) {
      total += octets(row);
    }
    totalOctets = total;
  }

  int count() {
    return nameEnd.length;
  }

  long totalOctets() {
    return totalOctets;
  }

  /** Changes when the set of messages does; some tenths of a millisecond for 100,000. */
  String checksum() {
    CRC32C crc = new CRC32C();
    crc.update(names);
    return count() + "." + Integer.toHexString((int) crc.getValue());
  }

  int nameStart(int row) {
    return row == 0 ? 0 : nameEnd[row - 1];
  }

  boolean has(int row, int bit) {
    return (bits[row] & bit) != 0;
  }

  void recheck(int row) {
    bits[row] |= RECHECK;
  }

  void believe(int row) {
    bits[row] &= ~RECHECK;
  }

  long octets(int row) {
    return octets[row] == HUGE ? hugeSizes(row).octets() : octets[row];
  }

  long stored(int row) {
    return octets[row] == HUGE ? hugeSizes(row).stored() : stored[row];
  }

  /** Offset of the first octet of the body; -1 if it is not known. */
  long headerEnd(int row) {
    return octets[row] == HUGE ? hugeSizes(row).headerEnd() : headerEnd[row];
  }

  private HugeSizes hugeSizes(int row) {
    HugeSizes sizes = huge.get(row);
    if (sizes == null) {
      throw new IllegalStateException("row " + row + ": no sizes (expected: some beyond 31 bits)");
    }
    return sizes;
  }

  WireForm form(int row) {
    return FORMS.get(bits[row] & FORM);
  }

  static int formBits(WireForm form) {
    return FORMS.indexOf(form);
  }

  /** Offsets of the lines that begin with a dot, unless {@link #MANY_DOTS}. Returns a copy. */
  long[] dotOffsets(int row) {
    int k = Arrays.binarySearch(dotRows, row);
    if (k < 0) {
      return new long[0];
    }
    int from = k == 0 ? 0 : dotEnd[k - 1];
    long[] offsets = new long[dotEnd[k] - from];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = dots[from + i];
    }
    return offsets;
  }

  boolean inCur(int row) {
    return places.get(place[row]).inCur();
  }

  List<Place> places() {
    return places;
  }

  /** Notes where a message lies now. */
  void moved(int row, boolean inCur, byte[] suffix) {
    Place now = new Place(inCur, suffix);
    Integer known = placeIndex.get(now);
    if (known == null) {
      known = places.size();
      places.add(now);
      placeIndex.put(now, known);
    }
    place[row] = known;
  }

  /** The file a message lies in, as far as is known. */
  Entry entry(int row) {
    Place known = places.get(place[row]);
    return new Entry(known.inCur(), known.fileName(names, nameStart(row), nameEnd[row]));
  }

  /** The first row with this base name, or -1. */
  int find(Entry entry) {
    return find(entry.name(), 0, entry.baseLength());
  }

  /** The first row with this base name, or -1. */
  int find(byte[] name, int from, int to) {
    int low = 0;
    int high = nameEnd.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (MessageName.compare(names, nameStart(middle), nameEnd[middle], name, from, to) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < nameEnd.length && named(low, name, from, to) ? low : -1;
  }

  boolean named(int row, byte[] name, int from, int to) {
    return Arrays.equals(names, nameStart(row), nameEnd[row], name, from, to);
  }
}

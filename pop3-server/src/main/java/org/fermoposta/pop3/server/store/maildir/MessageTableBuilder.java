// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts a table together, row by row in delivery order. */
final class MessageTableBuilder {

  /** Offsets of dot lines kept for all messages together: some, and these for each message. */
  private static final int DOTS = 1024;

  private static final int DOTS_PER_MESSAGE = 2;

  private final int[] nameEnd;
  private final int[] place;
  private final int[] octets;
  private final int[] stored;
  private final int[] headerEnd;
  private final long[] modified;
  private final byte[] bits;
  private final Map<Integer, String> twinIds = new HashMap<>();
  private final Map<Integer, HugeSizes> huge = new HashMap<>();
  private final List<Place> places = new ArrayList<>();
  private final Map<Place, Integer> placeIndex = new HashMap<>();
  private byte[] names;
  private int[] dotRows = {};
  private int[] dotEnd = {};
  private int[] dots = {};
  private int dotRowCount;
  private int dotCount;
  private int namesLength;
  private int row;
  private int[] placeMap = {};

  /** For exactly {@code count} messages, whose names have about so many octets together. */
  MessageTableBuilder(int count, int nameOctets) {
    nameEnd = new int[count];
    place = new int[count];
    octets = new int[count];
    stored = new int[count];
    headerEnd = new int[count];
    modified = new long[count];
    bits = new byte[count];
    names = new byte[nameOctets];
  }

  /** Adds what a look at a file found. */
  void add(ScannedMessage message, boolean recheck) {
    Entry entry = message.entry();
    int flags =
        MessageTable.formBits(message.form())
            | (message.isAscii() ? MessageTable.ASCII : 0)
            | (message.readable() ? 0 : MessageTable.UNREADABLE)
            | (recheck || !message.readable() ? MessageTable.RECHECK : 0);
    name(entry.name(), 0, entry.baseLength());
    place[row] = indexOf(entry);
    modified[row] = message.modifiedNanos();
    boolean isHuge = Math.max(message.octets(), message.storedOctets()) >= MessageTable.HUGE;
    if (isHuge) {
      huge.put(row, new HugeSizes(message.octets(), message.storedOctets(), message.headerEnd()));
    }
    octets[row] = isHuge ? MessageTable.HUGE : (int) message.octets();
    stored[row] = isHuge ? MessageTable.HUGE : (int) message.storedOctets();
    headerEnd[row] = isHuge ? MessageTable.NO_HEADER_END : (int) message.headerEnd();
    if (message.manyDots()
        || (isHuge && message.dotOffsets().length > 0)
        || !dots(message.dotOffsets())) {
      flags |= MessageTable.MANY_DOTS;
    }
    bits[row++] = (byte) flags;
  }

  /** Adds a row of another table; always the same one, in the order of its rows. */
  void add(MessageTable from, int source) {
    name(from.names, from.nameStart(source), from.nameEnd[source]);
    place[row] = mapped(from, from.place[source]);
    modified[row] = from.modified[source];
    octets[row] = from.octets[source];
    stored[row] = from.stored[source];
    headerEnd[row] = from.headerEnd[source];
    HugeSizes sizes = from.huge.isEmpty() ? null : from.huge.get(source);
    if (sizes != null) {
      huge.put(row, sizes);
    }
    String twinId = from.has(source, MessageTable.TWIN) ? from.twinIds.get(source) : null;
    if (twinId != null) {
      twinIds.put(row, twinId);
    }
    int flags = from.bits[source];
    if (from.dotRows.length > 0 && !dots(from.dotOffsets(source))) {
      flags |= MessageTable.MANY_DOTS;
    }
    bits[row++] = (byte) flags;
  }

  /** Gives a row that was added the id of a message that shares its name. */
  void twin(int which, String id) {
    bits[which] |= MessageTable.TWIN;
    twinIds.put(which, id);
  }

  /** Rows added so far. */
  int rows() {
    return row;
  }

  /** The table; the builder is done with. */
  MessageTable build() {
    if (row != nameEnd.length) {
      throw new IllegalStateException("rows: " + row + " (expected: " + nameEnd.length + ")");
    }
    return new MessageTable(
        names.length == namesLength ? names : Arrays.copyOf(names, namesLength),
        nameEnd,
        place,
        octets,
        stored,
        headerEnd,
        modified,
        bits,
        Arrays.copyOf(dotRows, dotRowCount),
        Arrays.copyOf(dotEnd, dotRowCount),
        Arrays.copyOf(dots, dotCount),
        twinIds,
        huge,
        places);
  }

  private void name(byte[] from, int start, int end) {
    int length = end - start;
    if (namesLength + length > names.length) {
      names = Arrays.copyOf(names, Math.addExact(namesLength, Math.max(length, namesLength / 2)));
    }
    System.arraycopy(from, start, names, namesLength, length);
    namesLength += length;
    nameEnd[row] = namesLength;
  }

  private int mapped(MessageTable from, int source) {
    if (source >= placeMap.length) {
      int known = placeMap.length;
      placeMap = Arrays.copyOf(placeMap, from.places().size());
      Arrays.fill(placeMap, known, placeMap.length, -1);
    }
    if (placeMap[source] < 0) {
      placeMap[source] = index(from.places().get(source));
    }
    return placeMap[source];
  }

  private int indexOf(Entry entry) {
    if (row > 0 && places.get(place[row - 1]).isOf(entry)) {
      return place[row - 1];
    }
    return index(new Place(entry.inCur(), entry.suffix()));
  }

  private int index(Place where) {
    Integer known = placeIndex.get(where);
    if (known == null) {
      known = places.size();
      places.add(where);
      placeIndex.put(where, known);
    }
    return known;
  }

  /** False if there is no room for them. */
  private boolean dots(long[] offsets) {
    if (offsets.length == 0) {
      return true;
    }
    if (dotCount + offsets.length > DOTS + (long) DOTS_PER_MESSAGE * nameEnd.length) {
      return false;
    }
    if (dotRowCount == dotRows.length) {
      dotRows = Arrays.copyOf(dotRows, Math.max(16, dotRowCount * 2));
      dotEnd = Arrays.copyOf(dotEnd, dotRows.length);
    }
    if (dotCount + offsets.length > dots.length) {
      dots = Arrays.copyOf(dots, Math.max(64, dotCount * 2));
    }
    for (long offset : offsets) {
      dots[dotCount++] = (int) offset;
    }
    dotRows[dotRowCount] = row;
    dotEnd[dotRowCount++] = dotCount;
    return true;
  }
}

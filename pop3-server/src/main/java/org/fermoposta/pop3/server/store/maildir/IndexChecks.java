// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import static org.fermoposta.pop3.server.store.maildir.BadIndexException.check;

import java.util.List;
import java.util.Map;

/** What must hold of columns read from a file before a table is made of them. */
final class IndexChecks {

  private final byte[] names;
  private final int[] nameEnd;
  private final int[] place;
  private final int[] octets;
  private final int[] stored;
  private final int[] headerEnd;
  private final byte[] bits;
  private final List<Place> places;
  private final Map<Integer, String> twins;
  private final Map<Integer, HugeSizes> huge;

  IndexChecks(
      byte[] names,
      int[] nameEnd,
      int[] place,
      int[] octets,
      int[] stored,
      int[] headerEnd,
      byte[] bits,
      List<Place> places,
      Map<Integer, String> twins,
      Map<Integer, HugeSizes> huge) {
    this.names = names;
    this.nameEnd = nameEnd;
    this.place = place;
    this.octets = octets;
    this.stored = stored;
    this.headerEnd = headerEnd;
    this.bits = bits;
    this.places = places;
    this.twins = twins;
    this.huge = huge;
  }

  /** Checks the columns that have a row for each message. */
  void rows() throws BadIndexException {
    ascending(nameEnd, names.length, false);
    check(names.length == (nameEnd.length == 0 ? 0 : nameEnd[nameEnd.length - 1]), "stray names");
    for (byte octet : names) {
      check(octet != '/' && octet != ':' && octet != 0, "a path in a name");
    }
    int withoutId = twins.size();
    for (int row = 0; row < nameEnd.length; row++) {
      check(place[row] >= 0 && place[row] < places.size(), "a place that is not there");
      check((bits[row] & ~MessageTable.ALL_BITS) == 0, "bits unknown to this version");
      check((bits[row] & MessageTable.FORM) < MessageTable.FORM, "a wire form unknown");
      if ((bits[row] & MessageTable.TWIN) != 0) {
        check(twins.containsKey(row), "a twin without an id");
        withoutId--;
      }
      sizes(row);
      name(row);
    }
    check(withoutId == 0, "an id of no twin");
  }

  private void sizes(int row) throws BadIndexException {
    check(octets[row] >= 0 && stored[row] >= 0, "a negative size");
    check(
        octets[row] == MessageTable.HUGE
            ? huge.containsKey(row)
            : headerEnd[row] >= MessageTable.NO_HEADER_END && headerEnd[row] <= stored[row],
        "a header end outside the message");
  }

  private void name(int row) throws BadIndexException {
    int start = row == 0 ? 0 : nameEnd[row - 1];
    check(
        nameEnd[row] > start ? names[start] != '.' : places.get(place[row]).suffix().length > 0,
        "a name that is no message's");
  }

  /** Checks the offsets of dot lines. */
  static void dots(int[] dotRows, int[] dotEnd, int[] dots, int[] stored) throws BadIndexException {
    ascending(dotRows, stored.length - 1, true);
    ascending(dotEnd, dots.length, true);
    check(dots.length == (dotEnd.length == 0 ? 0 : dotEnd[dotEnd.length - 1]), "stray dots");
    for (int k = 0; k < dotRows.length; k++) {
      for (int i = k == 0 ? 0 : dotEnd[k - 1]; i < dotEnd[k]; i++) {
        check(dots[i] >= 0 && dots[i] < stored[dotRows[k]], "a dot outside the message");
      }
    }
  }

  private static void ascending(int[] values, int max, boolean strictly) throws BadIndexException {
    int before = strictly ? -1 : 0;
    for (int value : values) {
      check((strictly ? value > before : value >= before) && value <= max, "columns out of order");
      before = value;
    }
  }
}

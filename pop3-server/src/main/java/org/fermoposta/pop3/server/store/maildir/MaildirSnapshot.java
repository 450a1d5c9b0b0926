// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fermoposta.pop3.protocol.UniqueId;
import org.fermoposta.pop3.protocol.wire.WireForm;

/*
 * Design note. Arrays instead of an object per message: 100,000 messages with usual names take some
 * 7 MB. Base names lie end to end in one array, in delivery order, so a name is found by binary
 * search. Flags and directory are few distinct combinations, kept once each in `places`.
 *
 * Unique-ids are the base name itself where that may be shown, otherwise a digest of it. Messages
 * that share a base name (N013) are told apart by a digest of name and content, all of them alike,
 * so that removing one does not hand its id to another; the digests are made by the caller.
 */
/** The messages of one open maildrop, numbered from 1; only their places ever change. */
final class MaildirSnapshot {

  private static final int FORM = 3;
  private static final int UNREADABLE = 4;
  private static final int TWIN = 8;
  private static final List<WireForm> FORMS = List.of(WireForm.values());

  private final byte[] names;
  private final int[] nameEnd;
  private final int[] place;
  private final long[] octets;
  private final long[] stored;
  private final long[] modified;
  private final byte[] bits;
  private final Map<Integer, String> otherIds;
  private final List<Place> places = new ArrayList<>();
  private final Map<Place, Integer> placeIndex = new HashMap<>();
  private final long totalOctets;

  /**
   * A snapshot of these messages.
   *
   * @param sorted in delivery order
   * @param twinIds ids of those that share a base name, by index in the list; others get theirs
   *     from the name
   */
  MaildirSnapshot(List<ScannedMessage> sorted, Map<Integer, String> twinIds) {
    int count = sorted.size();
    names = new byte[sorted.stream().mapToInt(message -> message.entry().baseLength()).sum()];
    nameEnd = new int[count];
    place = new int[count];
    octets = new long[count];
    stored = new long[count];
    modified = new long[count];
    bits = new byte[count];
    otherIds = new HashMap<>(twinIds);
    int end = 0;
    long total = 0;
    for (int i = 0; i < count; i++) {
      ScannedMessage message = sorted.get(i);
      byte[] name = message.entry().name();
      int base = message.entry().baseLength();
      System.arraycopy(name, 0, names, end, base);
      end += base;
      nameEnd[i] = end;
      place[i] = index(new Place(message.entry().inCur(), message.entry().suffix()));
      octets[i] = message.octets();
      stored[i] = message.storedOctets();
      modified[i] = message.modifiedNanos();
      bits[i] =
          (byte)
              (FORMS.indexOf(message.form())
                  | (message.readable() ? 0 : UNREADABLE)
                  | (twinIds.containsKey(i) ? TWIN : 0));
      total += octets[i];
      if (!twinIds.containsKey(i) && !MessageName.fitsAsId(name, 0, base)) {
        otherIds.put(i, MessageName.digestId(Arrays.copyOf(name, base)));
      }
    }
    totalOctets = total;
  }

  private int index(Place place) {
    Integer known = placeIndex.get(place);
    if (known == null) {
      known = places.size();
      places.add(place);
      placeIndex.put(place, known);
    }
    return known;
  }

  int count() {
    return nameEnd.length;
  }

  long totalOctets() {
    return totalOctets;
  }

  long octets(int number) {
    return octets[check(number)];
  }

  long storedOctets(int number) {
    return stored[check(number)];
  }

  long modifiedNanos(int number) {
    return modified[check(number)];
  }

  boolean readable(int number) {
    return (bits[check(number)] & UNREADABLE) == 0;
  }

  /** Whether another message had the same base name when the maildrop was opened. */
  boolean twin(int number) {
    return (bits[check(number)] & TWIN) != 0;
  }

  WireForm form(int number) {
    return FORMS.get(bits[check(number)] & FORM);
  }

  UniqueId uniqueId(int number) {
    int i = check(number);
    String other = otherIds.get(i);
    return UniqueId.of(
        other != null
            ? other
            : new String(names, start(i), nameEnd[i] - start(i), StandardCharsets.US_ASCII));
  }

  /** Notes where a message lies now. */
  void moved(int number, Entry now) {
    place[check(number)] = index(new Place(now.inCur(), now.suffix()));
  }

  /** The file a message lies in, as far as is known. */
  Entry entry(int number) {
    int i = check(number);
    Place known = places.get(place[i]);
    return new Entry(known.inCur(), known.fileName(names, start(i), nameEnd[i]));
  }

  /** The number of the first message with this base name, or 0. */
  int find(Entry entry) {
    byte[] fileName = entry.name();
    int base = entry.baseLength();
    int low = 0;
    int high = nameEnd.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (MessageName.compare(names, start(middle), nameEnd[middle], fileName, 0, base) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    boolean found =
        low < nameEnd.length && Arrays.equals(names, start(low), nameEnd[low], fileName, 0, base);
    return found ? low + 1 : 0;
  }

  int check(int number) {
    if (number < 1 || number > nameEnd.length) {
      throw new IndexOutOfBoundsException(
          "message number: " + number + " (expected: 1 to " + nameEnd.length + ")");
    }
    return number - 1;
  }

  private int start(int i) {
    return i == 0 ? 0 : nameEnd[i - 1];
  }
}

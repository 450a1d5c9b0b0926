// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** Compares the names in the directories that changed with the messages known. */
final class MaildirListing {

  /** How often the names are listed while others change them. */
  private static final int LISTINGS = 5;

  private final MaildirFiles files;
  private final MessageLocations locations;
  private final IndexContent known;
  private final NameLookup lookup;
  private final DirectoryStamp[] stamps = new DirectoryStamp[2];
  private final boolean[] list = new boolean[2];
  private BitSet keep = new BitSet();
  private BitSet contested = new BitSet();
  private List<Entry> unknown = new ArrayList<>();

  MaildirListing(
      MaildirFiles files,
      MessageLocations locations,
      IndexContent known,
      DirectoryStamp fresh,
      DirectoryStamp cur) {
    this.files = files;
    this.locations = locations;
    this.known = known;
    stamps[0] = fresh;
    stamps[1] = cur;
    list[0] = !fresh.equals(known.fresh());
    list[1] = !cur.equals(known.cur());
    lookup = new NameLookup(known.table());
  }

  /** Lists until neither directory changes meanwhile. */
  void run() throws IOException {
    for (int i = 0; i < LISTINGS; i++) {
      once();
      DirectoryStamp fresh = files.stamp(locations.directory(false));
      DirectoryStamp cur = files.stamp(locations.directory(true));
      boolean stable = fresh.equals(stamps[0]) && cur.equals(stamps[1]);
      if (stable) {
        break;
      }
      if (i + 1 == LISTINGS) {
        // Never still: what was seen is served, and nothing of it trusted next time.
        stamps[0] = stamps[0].unsettled();
        stamps[1] = stamps[1].unsettled();
        break;
      }
      stamps[0] = fresh;
      stamps[1] = cur;
      list[0] |= !fresh.equals(known.fresh());
      list[1] |= !cur.equals(known.cur());
    }
    for (int row = contested.nextSetBit(0); row >= 0; row = contested.nextSetBit(row + 1)) {
      keep.clear(row);
      unknown.add(known.table().entry(row));
    }
  }

  /** Rows that are still there, under names of their own. */
  BitSet keep() {
    return keep;
  }

  /** Names to be looked at. */
  List<Entry> unknown() {
    return unknown;
  }

  DirectoryStamp stamp(boolean ofCur) {
    return stamps[ofCur ? 1 : 0];
  }

  private void once() throws IOException {
    MessageTable table = known.table();
    keep = new BitSet(table.count());
    contested = new BitSet();
    unknown = new ArrayList<>();
    for (int row = 0; row < table.count(); row++) {
      if (!list[table.inCur(row) ? 1 : 0]) {
        if (table.has(row, MessageTable.TWIN)) {
          unknown.add(table.entry(row));
        } else {
          keep.set(row);
        }
      }
    }
    for (boolean inCur : new boolean[] {false, true}) {
      if (list[inCur ? 1 : 0]) {
        files.list(locations.directory(inCur), name -> sighted(inCur, name));
      }
    }
  }

  private void sighted(boolean inCur, byte[] name) {
    MessageTable table = known.table();
    int base = MessageName.baseLength(name);
    int row = lookup.row(name, base);
    if (row < 0) {
      unknown.add(new Entry(inCur, name));
    } else if (keep.get(row)) {
      // Two files of one base name, or one that was renamed while the names were listed.
      Entry entry = new Entry(inCur, name);
      if (!entry.equals(table.entry(row))) {
        contested.set(row);
        unknown.add(entry);
      }
    } else {
      keep.set(row);
      table.moved(row, inCur, Arrays.copyOfRange(name, base, name.length));
    }
  }
}

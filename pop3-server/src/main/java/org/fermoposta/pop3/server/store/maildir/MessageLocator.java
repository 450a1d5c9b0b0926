// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/*
 * Design note. Others rename messages while a session runs (new/ to cur/, flags). A message is
 * therefore looked for where it was last, and if it is not there both directories are listed once
 * and the places of all messages are corrected; after a few rounds without finding it, it is gone.
 * Between looking and acting a message may move again, hence rounds.
 */
/** Knows where the messages of an open maildrop are now. */
final class MessageLocator {

  /** How often a message is looked for before it counts as gone. */
  static final int ROUNDS = 3;

  private final Path fresh;
  private final Path cur;
  private final MaildirFiles files;
  private final MaildirSnapshot snapshot;

  MessageLocator(Path maildir, MaildirFiles files, MaildirSnapshot snapshot) {
    fresh = maildir.resolve("new");
    cur = maildir.resolve("cur");
    this.files = files;
    this.snapshot = snapshot;
  }

  /** new/ or cur/. */
  Path directory(boolean inCur) {
    return inCur ? cur : fresh;
  }

  /** Where a message was last. */
  Path path(int number) {
    return path(snapshot.entry(number));
  }

  /** Where this entry is. */
  Path path(Entry entry) {
    return RawNames.resolve(entry.inCur() ? cur : fresh, entry.name());
  }

  /** Lists both directories and corrects the places of all messages found. */
  void refresh() throws IOException {
    Map<Integer, List<Entry>> twins = new HashMap<>();
    Map<Integer, Entry> moved = new HashMap<>();
    BitSet unmoved = new BitSet();
    for (boolean inCur : new boolean[] {false, true}) {
      files.list(
          inCur ? cur : fresh,
          name -> {
            Entry entry = new Entry(inCur, name);
            int number = snapshot.find(entry);
            if (number > 0 && snapshot.twin(number)) {
              twins.computeIfAbsent(number, n -> new ArrayList<>()).add(entry);
            } else if (number > 0 && snapshot.entry(number).equals(entry)) {
              unmoved.set(number);
            } else if (number > 0) {
              moved.put(number, entry);
            }
          });
    }
    moved.forEach(
        (number, entry) -> {
          if (!unmoved.get(number)) {
            snapshot.moved(number, entry);
          }
        });
    for (Map.Entry<Integer, List<Entry>> group : twins.entrySet()) {
      relocateTwins(group.getKey(), group.getValue());
    }
  }

  /**
   * Messages with one base name are told apart by size and time, which renaming does not change. A
   * file that fits none of the missing ones came later and is left alone.
   */
  private void relocateTwins(int first, List<Entry> sightings) throws IOException {
    List<Entry> unclaimed = new ArrayList<>(sightings);
    List<Integer> missing = new ArrayList<>();
    Entry one = snapshot.entry(first);
    for (int n = first; n <= snapshot.count() && snapshot.entry(n).sameBase(one); n++) {
      if (is(n, snapshot.entry(n))) {
        unclaimed.remove(snapshot.entry(n));
      } else {
        missing.add(n);
      }
    }
    for (int number : missing) {
      for (Entry entry : List.copyOf(unclaimed)) {
        if (is(number, entry)) {
          snapshot.moved(number, entry);
          unclaimed.remove(entry);
          break;
        }
      }
    }
  }

  private boolean is(int number, Entry entry) throws IOException {
    try {
      return same(files.attributes(path(entry)), number);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Whether a file seen is this message: renaming changes neither size nor time. */
  boolean same(BasicFileAttributes found, int number) {
    return found.isRegularFile()
        && found.size() == snapshot.storedOctets(number)
        && found.lastModifiedTime().to(TimeUnit.NANOSECONDS) == snapshot.modifiedNanos(number);
  }
}

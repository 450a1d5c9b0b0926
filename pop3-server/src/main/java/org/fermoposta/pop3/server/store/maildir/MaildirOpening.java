// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/*
 * Design note. What may be believed (docs/maildir.md, "The index"):
 *
 * A directory whose stamp (inode, mtime, ctime) is that of the index has the entries it had, if the
 * stamp was old when the names were listed: a change within the same tick of the file system's clock
 * would not show. So a stamp is kept only if that clock, read off a file made before listing, was
 * past it by `settleNanos`; otherwise the names are listed again next time.
 *
 * A message known by its base name is what it was: Maildir files are never changed in place. One
 * whose mtime was not yet that old might still be being written by somebody who does not care, and
 * is looked at (size and mtime) until it is. All of them are if the directory itself is another one
 * (restored). RETR compares size and mtime in any case, and what does not fit is looked at by the
 * next session.
 *
 * Messages that share a base name are always read again when a directory changed: their ids come
 * from content and age, and are to be what they are without an index.
 */
/** Finds out what is in a Maildir, at a cost for what changed. Under the lease, by one thread. */
final class MaildirOpening {

  private static final int FIRST_CHECKPOINT = 8192;

  private static final int CHECKPOINT_FACTOR = 4;

  private final MaildirFiles files;
  private final MessageLocations locations;
  private final MaildirIndex index;
  private final MaildirScanner scanner;
  private final long settleNanos;
  private final List<ScannedMessage> found = new ArrayList<>();
  private OptionalLong now = OptionalLong.empty();
  private boolean news;
  private int arrived;
  private int gone;

  MaildirOpening(MaildirFiles files, Path maildir, MaildirIndex index, long settleNanos) {
    this.files = files;
    this.index = index;
    this.settleNanos = settleNanos;
    locations = MessageLocations.of(maildir);
    scanner = new MaildirScanner(files, locations);
  }

  /** All messages, and the stamps they are right for; the index is brought up to date. */
  IndexContent run() throws IOException {
    IndexContent known = index.load();
    DirectoryStamp fresh = files.stamp(locations.fresh());
    DirectoryStamp cur = files.stamp(locations.cur());
    boolean unchanged = fresh.equals(known.fresh()) && cur.equals(known.cur());
    if (unchanged && !anyToRecheck(known.table())) {
      return known;
    }
    now = index.now();
    try {
      return renewed(known, fresh, cur);
    } finally {
      if (now.isPresent()) {
        index.discard();
      }
    }
  }

  private IndexContent renewed(IndexContent known, DirectoryStamp fresh, DirectoryStamp cur)
      throws IOException {
    MessageTable table = known.table();
    if (known.fresh().isReplacedBy(fresh) || known.cur().isReplacedBy(cur)) {
      for (int row = 0; row < table.count(); row++) {
        table.recheck(row);
      }
    }
    MaildirListing listing = new MaildirListing(files, locations, known, fresh, cur);
    listing.run();
    BitSet keep = listing.keep();
    int kept = keep.cardinality();
    List<Entry> unknown = listing.unknown();
    recheck(table, keep, unknown);
    boolean complete = false;
    try {
      scan(unknown, table, keep);
      complete = true;
    } finally {
      if (!complete) {
        checkpoint(table, keep);
      }
    }
    IndexContent content =
        new IndexContent(
            merged(table, keep, scanner.twinIds(found)),
            settled(listing.stamp(false)),
            settled(listing.stamp(true)));
    count(table, kept, content.table());
    news |=
        keep.cardinality() < table.count()
            || !content.fresh().equals(known.fresh())
            || !content.cur().equals(known.cur());
    if (news && now.isPresent()) {
      index.save(content);
    }
    return content;
  }

  private void count(MessageTable before, int kept, MessageTable after) {
    // Files that share a base name are always looked at again, and count as what was there.
    int twins = Math.min(before.twinIds.size(), after.twinIds.size());
    arrived = Math.max(0, after.count() - kept - twins);
    gone = Math.max(0, before.count() - kept - twins);
  }

  /** What was found by {@link #run}. */
  OpeningFacts facts() {
    boolean compared = index.state() == OpeningFacts.IndexState.KEPT;
    return new OpeningFacts(index.state(), compared ? arrived : -1, compared ? gone : -1);
  }

  private static boolean anyToRecheck(MessageTable table) {
    int all = 0;
    for (byte bits : table.bits) {
      all |= bits;
    }
    return (all & MessageTable.RECHECK) != 0;
  }

  private DirectoryStamp settled(DirectoryStamp stamp) {
    return now.isPresent() && stamp.settledAt(now.getAsLong(), settleNanos)
        ? stamp
        : stamp.unsettled();
  }

  private boolean young(long modifiedNanos) {
    return now.isEmpty() || now.getAsLong() - modifiedNanos < settleNanos;
  }

  private void recheck(MessageTable table, BitSet keep, List<Entry> unknown) throws IOException {
    for (int row = keep.nextSetBit(0); row >= 0; row = keep.nextSetBit(row + 1)) {
      if (!table.has(row, MessageTable.RECHECK)) {
        continue;
      }
      Entry entry = table.entry(row);
      if (table.has(row, MessageTable.UNREADABLE) || !asKnown(table, row, entry)) {
        keep.clear(row);
        unknown.add(entry);
      } else if (!young(table.modified[row])) {
        table.believe(row);
        news = true;
      }
    }
  }

  private boolean asKnown(MessageTable table, int row, Entry entry) throws IOException {
    try {
      BasicFileAttributes found = files.attributes(locations.path(entry));
      return found.isRegularFile()
          && found.size() == table.stored(row)
          && found.lastModifiedTime().to(TimeUnit.NANOSECONDS) == table.modified[row];
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private void scan(List<Entry> entries, MessageTable table, BitSet keep) throws IOException {
    List<Entry> missing = new ArrayList<>();
    int nextCheckpoint = Math.max(FIRST_CHECKPOINT, keep.cardinality() / 2);
    for (Entry entry : entries) {
      try {
        scanner.look(entry).ifPresent(found::add);
      } catch (NoSuchFileException e) {
        missing.add(entry);
      }
      if (found.size() >= nextCheckpoint) {
        checkpoint(table, keep);
        nextCheckpoint *= CHECKPOINT_FACTOR;
      }
    }
    if (!missing.isEmpty()) {
      scanner.chase(missing, found);
    }
    found.sort(ScannedMessage::compare);
    scanner.dropGoneTwins(found);
  }

  /** Saves what was counted so far: a client that gives up waiting need not wait as long again. */
  private void checkpoint(MessageTable table, BitSet keep) {
    if (now.isEmpty() || found.isEmpty()) {
      return;
    }
    List<ScannedMessage> all = List.copyOf(found);
    found.sort(ScannedMessage::compare);
    List<ScannedMessage> single = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      boolean twin =
          (i > 0 && found.get(i).sameBase(found.get(i - 1)))
              || (i + 1 < found.size() && found.get(i).sameBase(found.get(i + 1)));
      if (!twin) {
        single.add(found.get(i));
      }
    }
    found.clear();
    found.addAll(single);
    index.save(
        new IndexContent(merged(table, keep, Map.of()), DirectoryStamp.NONE, DirectoryStamp.NONE));
    found.clear();
    found.addAll(all);
  }

  /** The rows kept and the messages found, in one order. */
  private MessageTable merged(MessageTable table, BitSet keep, Map<Integer, String> twinIds) {
    news |= found.stream().anyMatch(ScannedMessage::readable);
    int octets = found.stream().mapToInt(message -> message.entry().baseLength()).sum();
    MessageTableBuilder all =
        new MessageTableBuilder(
            keep.cardinality() + found.size(), Math.addExact(octets, table.names.length));
    int row = keep.nextSetBit(0);
    for (int i = 0; i < found.size(); i++) {
      ScannedMessage message = found.get(i);
      byte[] name = message.entry().name();
      int base = message.entry().baseLength();
      while (row >= 0
          && MessageName.compare(
                  table.names, table.nameStart(row), table.nameEnd[row], name, 0, base)
              < 0) {
        all.add(table, row);
        row = keep.nextSetBit(row + 1);
      }
      all.add(message, young(message.modifiedNanos()));
      String id = twinIds.isEmpty() ? null : twinIds.get(i);
      if (id != null) {
        all.twin(all.rows() - 1, id);
      }
    }
    for (; row >= 0; row = keep.nextSetBit(row + 1)) {
      all.add(table, row);
    }
    return all.build();
  }
}

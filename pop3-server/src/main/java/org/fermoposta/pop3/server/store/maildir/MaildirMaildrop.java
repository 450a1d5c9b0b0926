// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.fermoposta.pop3.protocol.UniqueId;
import org.fermoposta.pop3.protocol.wire.WireSize;
import org.fermoposta.pop3.server.maildrop.Deletion;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MessageBody;

/*
 * Design note. Others rename messages while a session runs (new/ to cur/, flags). A message is
 * therefore looked for where it was last, and if it is not there both directories are listed once
 * and the places of all messages are corrected; after a few rounds without finding it, it is gone.
 * Between looking and acting a message may move again, hence rounds.
 */
/** A Maildir under its lease. */
final class MaildirMaildrop implements Maildrop {

  private static final int ROUNDS = 3;
  private static final int SCAN_BUFFER_OCTETS = 64 * 1024;

  private final Path fresh;
  private final Path cur;
  private final MaildirFiles files;
  private final MaildirLease lease;
  private final MaildirSnapshot snapshot;

  MaildirMaildrop(Path maildir, MaildirFiles files, MaildirLease lease, MaildirSnapshot snapshot) {
    fresh = maildir.resolve("new");
    cur = maildir.resolve("cur");
    this.files = files;
    this.lease = lease;
    this.snapshot = snapshot;
  }

  @Override
  public int count() {
    return snapshot.count();
  }

  @Override
  public long totalOctets() {
    return snapshot.totalOctets();
  }

  @Override
  public long octets(int number) {
    return snapshot.octets(number);
  }

  @Override
  public UniqueId uniqueId(int number) {
    return snapshot.uniqueId(number);
  }

  @Override
  public MessageBody open(int number) throws MaildropException {
    snapshot.check(number);
    Path path = path(number);
    try {
      for (int round = 0; round < ROUNDS; round++) {
        path = path(number);
        try {
          return openAt(path, number);
        } catch (NoSuchFileException e) {
          relocate();
        }
      }
    } catch (AccessDeniedException e) {
      throw new MaildropException(
          MaildropFailure.PERMANENT, "message " + LogText.quote(path) + ": no permission", e);
    } catch (IOException e) {
      throw new MaildropException(
          MaildropFailure.TEMPORARY, "message " + LogText.quote(path) + ": cannot be opened", e);
    }
    throw gone(path, "vanished");
  }

  private MessageBody openAt(Path path, int number) throws IOException, MaildropException {
    BasicFileAttributes now = files.attributes(path);
    if (!now.isRegularFile()) {
      throw gone(path, "no longer a regular file");
    }
    if (snapshot.twin(number) && !same(now, number)) {
      throw new NoSuchFileException(path.toString(), null, "another message of this name is there");
    }
    FileChannel channel = files.open(path);
    boolean handed = false;
    try {
      boolean asListed =
          snapshot.readable(number)
              && channel.size() == snapshot.storedOctets(number)
              && now.lastModifiedTime().to(TimeUnit.NANOSECONDS) == snapshot.modifiedNanos(number);
      MessageBody body =
          asListed
              ? new FileBody(
                  path,
                  channel,
                  snapshot.octets(number),
                  snapshot.storedOctets(number),
                  snapshot.form(number))
              : rescanned(path, channel, number);
      handed = true;
      return body;
    } finally {
      if (!handed) {
        channel.close();
      }
    }
  }

  /** N007: touched since it was listed; served only if the octets announced are still right. */
  private MessageBody rescanned(Path path, FileChannel channel, int number)
      throws IOException, MaildropException {
    WireSize size = MaildirScanner.scan(channel, ByteBuffer.allocate(SCAN_BUFFER_OCTETS));
    if (size.octets() != snapshot.octets(number)) {
      throw gone(
          path, size.octets() + " octets (expected: " + snapshot.octets(number) + ", as listed)");
    }
    return new FileBody(path, channel, size.octets(), size.storedOctets(), size.form());
  }

  private static MaildropException gone(Path path, String why) {
    return new MaildropException(
        MaildropFailure.MESSAGE_GONE, "message " + LogText.quote(path) + ": " + why);
  }

  @Override
  public Deletion delete(BitSet marked) {
    if (marked.get(0) || marked.length() > count() + 1) {
      throw new IndexOutOfBoundsException(
          "marked messages: "
              + marked.nextSetBit(0)
              + " to "
              + (marked.length() - 1)
              + " (expected: within 1 to "
              + count()
              + ")");
    }
    Removal removal = new Removal((BitSet) marked.clone());
    removal.run();
    return removal.result();
  }

  /** One UPDATE under way. */
  private final class Removal {

    private final BitSet left;
    private int removed;
    private int failed;
    private boolean touchedNew;
    private boolean touchedCur;
    private Optional<MaildropException> cause = Optional.empty();

    Removal(BitSet left) {
      this.left = left;
    }

    void run() {
      for (int round = 0; round < ROUNDS && !left.isEmpty(); round++) {
        if (round > 0) {
          try {
            relocate();
          } catch (IOException e) {
            failed += left.cardinality();
            left.clear();
            fail("messages to be removed cannot be looked for", e);
          }
        }
        for (int n = left.nextSetBit(1); n > 0; n = left.nextSetBit(n + 1)) {
          remove(n);
        }
      }
      if (touchedNew) {
        sync(fresh);
      }
      if (touchedCur) {
        sync(cur);
      }
    }

    private void remove(int number) {
      Entry entry = snapshot.entry(number);
      Path path = path(entry);
      try {
        BasicFileAttributes found = files.attributes(path);
        if (!found.isRegularFile() || (snapshot.twin(number) && !same(found, number))) {
          // Something else took the name, and that is not ours to remove: as if it had moved.
          return;
        }
        files.unlink(path);
        removed++;
        touchedCur |= entry.inCur();
        touchedNew |= !entry.inCur();
        left.clear(number);
      } catch (NoSuchFileException e) {
        // Moved or gone: stays in `left` for the next round.
        return;
      } catch (IOException e) {
        failed++;
        left.clear(number);
        fail("message " + LogText.quote(path) + ": cannot be removed", e);
      }
    }

    private void sync(Path directory) {
      try {
        files.sync(directory);
      } catch (IOException e) {
        fail("directory " + LogText.quote(directory) + ": cannot be synced", e);
      }
    }

    private void fail(String what, IOException e) {
      if (cause.isEmpty()) {
        cause =
            Optional.of(
                new MaildropException(
                    e instanceof AccessDeniedException
                        ? MaildropFailure.PERMANENT
                        : MaildropFailure.TEMPORARY,
                    what + ": " + LogText.quote(e),
                    e));
      }
    }

    Deletion result() {
      return new Deletion(removed, left.cardinality(), failed, cause);
    }
  }

  private Path path(int number) {
    return path(snapshot.entry(number));
  }

  private Path path(Entry entry) {
    return RawNames.resolve(entry.inCur() ? cur : fresh, entry.name());
  }

  /** Lists both directories and corrects the places of all messages found. */
  private void relocate() throws IOException {
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
    for (int n = first; n <= count() && snapshot.entry(n).sameBase(one); n++) {
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

  private boolean same(BasicFileAttributes found, int number) {
    return found.isRegularFile()
        && found.size() == snapshot.storedOctets(number)
        && found.lastModifiedTime().to(TimeUnit.NANOSECONDS) == snapshot.modifiedNanos(number);
  }

  @Override
  public void close() {
    lease.close();
  }
}

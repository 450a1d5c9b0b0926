// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.fermoposta.pop3.protocol.wire.WireForm;
import org.fermoposta.pop3.protocol.wire.WireScan;
import org.fermoposta.pop3.protocol.wire.WireSize;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Design note. A directory that others change while it is read may show an entry twice or not at
 * all, and a message on its way from new/ to cur/ can be missed in both. So the names are listed
 * again until neither directory changed meanwhile, and each entry is then looked at by name; one
 * that moved in between is searched once more. What cannot be found then vanished, and is not part
 * of the snapshot.
 */
/** Reads a Maildir: which messages there are, and how many octets each has on the wire. */
final class MaildirScanner {

  private static final Logger LOG = LoggerFactory.getLogger(MaildirScanner.class);
  private static final int LISTINGS = 5;
  private static final int BUFFER_OCTETS = 64 * 1024;

  private final MaildirFiles files;
  private final Path fresh;
  private final Path cur;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_OCTETS);

  MaildirScanner(MaildirFiles files, Path maildir) {
    this.files = files;
    fresh = maildir.resolve("new");
    cur = maildir.resolve("cur");
  }

  /**
   * All messages in delivery order.
   *
   * @throws IOException if a directory cannot be listed or files cannot be opened for want of
   *     resources; never because of one bad file
   */
  List<ScannedMessage> scan() throws IOException {
    List<ScannedMessage> found = new ArrayList<>();
    List<Entry> missing = new ArrayList<>();
    for (Entry entry : names()) {
      try {
        look(entry).ifPresent(found::add);
      } catch (NoSuchFileException e) {
        missing.add(entry);
      }
    }
    if (!missing.isEmpty()) {
      chase(missing, found);
    }
    found.sort(ScannedMessage::compare);
    dropGoneTwins(found);
    return found;
  }

  private List<Entry> names() throws IOException {
    List<Entry> listed = List.of();
    for (int i = 0; i < LISTINGS; i++) {
      FileTime freshBefore = files.attributes(fresh).lastModifiedTime();
      FileTime curBefore = files.attributes(cur).lastModifiedTime();
      List<Entry> now = new ArrayList<>();
      files.list(fresh, name -> now.add(new Entry(false, name)));
      files.list(cur, name -> now.add(new Entry(true, name)));
      listed = now;
      if (files.attributes(fresh).lastModifiedTime().equals(freshBefore)
          && files.attributes(cur).lastModifiedTime().equals(curBefore)) {
        break;
      }
    }
    return listed;
  }

  /** Looks at entries that moved since they were listed. */
  private void chase(List<Entry> missing, List<ScannedMessage> found) throws IOException {
    Map<ByteBuffer, Entry> byBase = new HashMap<>();
    for (Entry entry : names()) {
      byBase.put(entry.base(), entry);
    }
    for (ScannedMessage known : found) {
      byBase.remove(known.entry().base());
    }
    for (Entry entry : missing) {
      Entry now = byBase.remove(entry.base());
      if (now != null) {
        try {
          look(now).ifPresent(found::add);
        } catch (NoSuchFileException e) {
          LOG.debug("{} vanished while the maildrop was opened", LogText.quote(e.getFile()));
        }
      }
    }
  }

  /** Of entries with one base name those that are still there: one may have moved to the other. */
  private void dropGoneTwins(List<ScannedMessage> sorted) throws IOException {
    for (int i = sorted.size() - 1; i > 0; i--) {
      if (sorted.get(i).sameBase(sorted.get(i - 1))) {
        int first = i - 1;
        while (first > 0 && sorted.get(first - 1).sameBase(sorted.get(i))) {
          first--;
        }
        for (int j = i; j >= first; j--) {
          if (gone(sorted.get(j))) {
            sorted.remove(j);
          }
        }
        i = first;
      }
    }
  }

  private boolean gone(ScannedMessage message) throws IOException {
    try {
      files.attributes(path(message.entry()));
      return false;
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  /** What an entry is; empty if it is not a message. */
  private Optional<ScannedMessage> look(Entry entry) throws IOException {
    Path path = path(entry);
    BasicFileAttributes attributes = files.attributes(path);
    if (!attributes.isRegularFile()) {
      // N011: a link, FIFO, device or directory is nobody's mail; opening one could hang.
      LOG.debug("{} is not a regular file and is skipped", LogText.quote(path));
      return Optional.empty();
    }
    long modified = attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
    try (FileChannel channel = files.open(path)) {
      WireSize size = scan(channel, buffer);
      return Optional.of(
          new ScannedMessage(
              entry, size.storedOctets(), modified, size.octets(), size.form(), true));
    } catch (AccessDeniedException | UnreadableContentException e) {
      // N003: one bad file does not close the maildrop. RETR will say what is wrong with it.
      LOG.warn("{} cannot be read: {}", LogText.quote(path), LogText.quote(e));
      return Optional.of(
          new ScannedMessage(
              entry, attributes.size(), modified, attributes.size(), WireForm.READY, false));
    }
  }

  /** Reads a whole file once. Borrows the channel and the buffer, which has an array. */
  static WireSize scan(FileChannel channel, ByteBuffer buffer) throws UnreadableContentException {
    WireScan scan = new WireScan(0);
    try {
      long position = 0;
      buffer.clear();
      for (int n = channel.read(buffer, 0); n >= 0; n = channel.read(buffer, position)) {
        scan.update(buffer.array(), buffer.arrayOffset(), n);
        position += n;
        buffer.clear();
      }
    } catch (IOException e) {
      throw new UnreadableContentException(e);
    }
    return scan.finish();
  }

  private Path path(Entry entry) {
    return RawNames.resolve(entry.inCur() ? cur : fresh, entry.name());
  }
}

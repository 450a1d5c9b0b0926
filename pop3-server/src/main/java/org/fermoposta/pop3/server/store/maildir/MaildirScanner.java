// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.fermoposta.pop3.protocol.wire.WireScan;
import org.fermoposta.pop3.protocol.wire.WireSize;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Design note. Names that were listed may have moved by the time they are looked at; such a message
 * is searched once more. What cannot be found then vanished, and is not part of the snapshot.
 */
/** Looks at message files: what they are, and how many octets each has on the wire. */
final class MaildirScanner {

  private static final Logger LOG = LoggerFactory.getLogger(MaildirScanner.class);
  private static final int BUFFER_OCTETS = 64 * 1024;

  private final MaildirFiles files;
  private final MessageLocations locations;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_OCTETS);

  MaildirScanner(MaildirFiles files, MessageLocations locations) {
    this.files = files;
    this.locations = locations;
  }

  /** Looks at entries that moved since they were listed. */
  void chase(List<Entry> missing, List<ScannedMessage> found) throws IOException {
    Map<ByteBuffer, Entry> byBase = new HashMap<>();
    for (boolean inCur : new boolean[] {false, true}) {
      files.list(
          locations.directory(inCur),
          name -> {
            Entry entry = new Entry(inCur, name);
            byBase.put(entry.base(), entry);
          });
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
  void dropGoneTwins(List<ScannedMessage> sorted) throws IOException {
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
  Optional<ScannedMessage> look(Entry entry) throws IOException {
    Path path = path(entry);
    BasicFileAttributes attributes = files.attributes(path);
    if (!attributes.isRegularFile()) {
      // N011: a link, FIFO, device or directory is nobody's mail; opening one could hang.
      LOG.debug("{} is not a regular file and is skipped", LogText.quote(path));
      return Optional.empty();
    }
    long modified = attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
    try (FileChannel channel = files.open(path)) {
      WireSize size = scan(channel, buffer, attributes.size());
      return Optional.of(ScannedMessage.of(entry, modified, size));
    } catch (AccessDeniedException | UnreadableContentException e) {
      // N003: one bad file does not close the maildrop. RETR will say what is wrong with it.
      LOG.warn("{} cannot be read: {}", LogText.quote(path), LogText.quote(e));
      return Optional.of(ScannedMessage.unreadable(entry, modified, attributes.size()));
    }
  }

  /**
   * Reads a whole file once. Borrows the channel and the buffer, which has an array.
   *
   * @param size octets it is thought to have: reading on to the end is spared where one read gave
   *     as many, but not the last one of a file that is longer or shorter
   */
  static WireSize scan(FileChannel channel, ByteBuffer buffer, long size)
      throws UnreadableContentException {
    WireScan scan = new WireScan();
    try {
      long position = 0;
      boolean ended = false;
      while (!ended) {
        buffer.clear();
        int n = channel.read(buffer, position);
        if (n > 0) {
          scan.update(buffer.array(), buffer.arrayOffset(), n);
          position += n;
        }
        // A read that left room ended at the end of the file, if that is where it was to be.
        ended = n < 0 || (position == size && buffer.hasRemaining());
      }
    } catch (IOException e) {
      throw new UnreadableContentException(e);
    }
    return scan.finish();
  }

  /**
   * Ids for those of the messages, which are in delivery order, that share their base name, by
   * index.
   */
  Map<Integer, String> twinIds(List<ScannedMessage> sorted) throws IOException {
    Map<Integer, String> ids = new HashMap<>();
    Set<String> taken = new HashSet<>();
    for (int i = 0; i < sorted.size(); i++) {
      ScannedMessage message = sorted.get(i);
      boolean twin =
          (i > 0 && message.sameBase(sorted.get(i - 1)))
              || (i + 1 < sorted.size() && message.sameBase(sorted.get(i + 1)));
      if (twin) {
        byte[] base = Arrays.copyOf(message.entry().name(), message.entry().baseLength());
        byte[] content = contentDigest(message);
        String id = MessageName.digestId(base, content);
        for (int copy = 2; !taken.add(id); copy++) {
          id = MessageName.digestId(base, content, new byte[] {(byte) copy, (byte) (copy >> 8)});
        }
        ids.put(i, id);
      }
    }
    return ids;
  }

  private byte[] contentDigest(ScannedMessage message) throws IOException {
    MessageDigest digest = MessageName.sha256();
    if (message.readable()) {
      buffer.clear();
      try (FileChannel channel = files.open(path(message.entry()))) {
        while (channel.read(buffer) >= 0) {
          digest.update(buffer.flip());
          buffer.clear();
        }
      }
    }
    return digest.digest();
  }

  private Path path(Entry entry) {
    return locations.path(entry);
  }
}

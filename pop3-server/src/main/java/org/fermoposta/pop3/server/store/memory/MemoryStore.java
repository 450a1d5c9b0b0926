// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.memory;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.fermoposta.pop3.server.maildrop.BodyScan;
import org.fermoposta.pop3.server.maildrop.Deletion;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.maildrop.MaildropStore;
import org.fermoposta.pop3.server.maildrop.MessageBody;

/** Maildrops as arrays of octets. Thread-safe; never blocks for long. */
public final class MemoryStore implements MaildropStore {

  private final ConcurrentHashMap<MaildropName, Box> boxes = new ConcurrentHashMap<>();

  /** An empty store. */
  public MemoryStore() {}

  /**
   * Adds a message at the end of a maildrop; sessions that are open do not see it.
   *
   * @param message the octets, copied
   * @return its unique-id
   */
  public String deliver(MaildropName name, byte[] message) {
    return box(name).add(message.clone());
  }

  /** Takes a message away behind the back of whoever has the maildrop open. */
  public void remove(MaildropName name, String uniqueId) {
    box(name).remove(uniqueId);
  }

  @Override
  public Maildrop open(MaildropName name, String holder) throws MaildropException {
    Box box = box(name);
    return new Leased(box, box.lease(name, holder));
  }

  private Box box(MaildropName name) {
    return boxes.computeIfAbsent(name, n -> new Box());
  }

  private record Stored(String uniqueId, BodyScan scan) {}

  private static final class Box {

    private final Map<String, byte[]> messages = new LinkedHashMap<>();
    private long next = 1;
    private Optional<String> holder = Optional.empty();

    synchronized String add(byte[] message) {
      String id = "memory." + next++;
      messages.put(id, message);
      return id;
    }

    synchronized boolean remove(String id) {
      return messages.remove(id) != null;
    }

    synchronized Optional<byte[]> content(String id) {
      return Optional.ofNullable(messages.get(id));
    }

    synchronized List<Stored> lease(MaildropName name, String who) throws MaildropException {
      if (holder.isPresent()) {
        throw new MaildropException(
            MaildropFailure.IN_USE,
            "maildrop " + LogText.quote(name) + ": in use by " + LogText.quote(holder.get()));
      }
      holder = Optional.of(who);
      List<Stored> snapshot = new ArrayList<>(messages.size());
      messages.forEach(
          (id, octets) -> {
            BodyScan scan = new BodyScan();
            scan.add(octets, 0, octets.length);
            snapshot.add(new Stored(id, scan));
          });
      return snapshot;
    }

    synchronized void release() {
      holder = Optional.empty();
    }
  }

  private static final class Leased implements Maildrop {

    private final Box box;
    private final List<Stored> snapshot;
    private boolean closed;

    Leased(Box box, List<Stored> snapshot) {
      this.box = box;
      this.snapshot = snapshot;
    }

    @Override
    public int count() {
      return snapshot.size();
    }

    @Override
    public long totalOctets() {
      return snapshot.stream().mapToLong(stored -> stored.scan().octets()).sum();
    }

    @Override
    public long octets(int number) {
      return stored(number).scan().octets();
    }

    @Override
    public String uniqueId(int number) {
      return stored(number).uniqueId();
    }

    @Override
    public MessageBody open(int number) throws MaildropException {
      Stored stored = stored(number);
      byte[] content =
          box.content(stored.uniqueId())
              .orElseThrow(
                  () ->
                      new MaildropException(
                          MaildropFailure.MESSAGE_GONE,
                          "message " + stored.uniqueId() + ": vanished"));
      return new MemoryBody(content, stored.scan().octets(), stored.scan().form());
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
      int removed = 0;
      for (int n = marked.nextSetBit(1); n > 0; n = marked.nextSetBit(n + 1)) {
        removed += box.remove(stored(n).uniqueId()) ? 1 : 0;
      }
      return new Deletion(removed, marked.cardinality() - removed, 0, Optional.empty());
    }

    private Stored stored(int number) {
      if (number < 1 || number > snapshot.size()) {
        throw new IndexOutOfBoundsException(
            "message number: " + number + " (expected: 1 to " + snapshot.size() + ")");
      }
      return snapshot.get(number - 1);
    }

    @Override
    public synchronized void close() {
      if (!closed) {
        closed = true;
        box.release();
      }
    }
  }
}

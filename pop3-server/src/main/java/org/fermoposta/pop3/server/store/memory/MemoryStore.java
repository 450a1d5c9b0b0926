// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.memory;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.fermoposta.pop3.protocol.UniqueId;
import org.fermoposta.pop3.protocol.wire.WireScan;
import org.fermoposta.pop3.protocol.wire.WireSize;
import org.fermoposta.pop3.server.maildrop.Deletion;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.LeaseRequest;
import org.fermoposta.pop3.server.maildrop.LeaseSettings;
import org.fermoposta.pop3.server.maildrop.LeaseTable;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.maildrop.MaildropStore;
import org.fermoposta.pop3.server.maildrop.MessageBody;

/** Maildrops as arrays of octets. Thread-safe; blocks only for a lease. */
public final class MemoryStore implements MaildropStore {

  private final ConcurrentHashMap<MaildropAddress, Box> boxes = new ConcurrentHashMap<>();
  private final LeaseTable leases = new LeaseTable();
  private final LeaseSettings settings;

  /** An empty store that refuses a second session. */
  public MemoryStore() {
    this(LeaseSettings.defaults());
  }

  /** An empty store. */
  public MemoryStore(LeaseSettings settings) {
    this.settings = settings;
  }

  /**
   * Adds a message at the end of a maildrop; sessions that are open do not see it.
   *
   * @param message the octets, copied
   * @return its unique-id
   */
  public UniqueId deliver(MaildropName name, byte[] message) {
    return deliver(MaildropAddress.of(name), message);
  }

  /** As the other, into the folder that the address names, which is made if it is missing. */
  public UniqueId deliver(MaildropAddress address, byte[] message) {
    return box(address).add(message.clone());
  }

  /** Takes a message away behind the back of whoever has the maildrop open. */
  public void remove(MaildropName name, UniqueId uniqueId) {
    box(MaildropAddress.of(name)).remove(uniqueId);
  }

  @Override
  public Maildrop open(MaildropAddress address, LeaseHolder holder) throws MaildropException {
    if (address.folder().isPresent() && !boxes.containsKey(address.withoutDevice())) {
      throw new MaildropException(
          MaildropFailure.NO_SUCH_FOLDER,
          "maildrop " + LogText.quote(address) + ": no such folder");
    }
    LeaseTable.Lease lease =
        leases.take(
            address.withoutDevice(),
            "maildrop " + LogText.quote(address),
            LeaseRequest.now(holder, settings));
    Box box = box(address);
    return new Leased(box, lease, box.snapshot());
  }

  private Box box(MaildropAddress address) {
    return boxes.computeIfAbsent(address.withoutDevice(), a -> new Box());
  }

  private record Stored(UniqueId uniqueId, WireSize size) {}

  private static final class Box {

    private final Map<UniqueId, byte[]> messages = new LinkedHashMap<>();
    private long next = 1;

    synchronized UniqueId add(byte[] message) {
      UniqueId id = UniqueId.of("memory." + next++);
      messages.put(id, message);
      return id;
    }

    synchronized boolean remove(UniqueId id) {
      return messages.remove(id) != null;
    }

    synchronized Optional<byte[]> content(UniqueId id) {
      return Optional.ofNullable(messages.get(id));
    }

    synchronized List<Stored> snapshot() {
      List<Stored> snapshot = new ArrayList<>(messages.size());
      messages.forEach(
          (id, octets) -> {
            WireScan scan = new WireScan(0);
            scan.update(octets, 0, octets.length);
            snapshot.add(new Stored(id, scan.finish()));
          });
      return snapshot;
    }
  }

  private static final class Leased implements Maildrop {

    private final Box box;
    private final LeaseTable.Lease lease;
    private final List<Stored> snapshot;

    Leased(Box box, LeaseTable.Lease lease, List<Stored> snapshot) {
      this.box = box;
      this.lease = lease;
      this.snapshot = snapshot;
    }

    @Override
    public int count() {
      return snapshot.size();
    }

    @Override
    public long totalOctets() {
      return snapshot.stream().mapToLong(stored -> stored.size().octets()).sum();
    }

    @Override
    public long octets(int number) {
      return stored(number).size().octets();
    }

    @Override
    public UniqueId uniqueId(int number) {
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
      return new MemoryBody(content, stored.size().octets(), stored.size().form());
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
    public void close() {
      lease.close();
    }
  }
}

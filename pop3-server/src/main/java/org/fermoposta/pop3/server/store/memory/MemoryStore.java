// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.memory;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.fermoposta.pop3.protocol.UniqueId;
import org.fermoposta.pop3.protocol.wire.WireScan;
import org.fermoposta.pop3.protocol.wire.WireSize;
import org.fermoposta.pop3.server.maildrop.Deletion;
import org.fermoposta.pop3.server.maildrop.FolderName;
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
import org.fermoposta.pop3.server.maildrop.Marks;
import org.fermoposta.pop3.server.maildrop.MessageBody;
import org.fermoposta.pop3.server.maildrop.SideRecords;

/** Maildrops as arrays of octets. Thread-safe; blocks only for a lease. */
public final class MemoryStore implements MaildropStore, SideRecords {

  private final ConcurrentHashMap<MaildropAddress, Box> boxes = new ConcurrentHashMap<>();
  private final LeaseTable leases = new LeaseTable();
  private final LeaseSettings settings;
  private final Clock clock;

  /** An empty store that refuses a second session. */
  public MemoryStore() {
    this(LeaseSettings.defaults());
  }

  /** An empty store with this policy on second sessions. */
  public MemoryStore(LeaseSettings settings) {
    this(settings, Clock.systemUTC());
  }

  /** As the other, with messages delivered at the time of this clock. */
  public MemoryStore(LeaseSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
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
    return box(address).add(new Kept(message.clone(), clock.instant()));
  }

  /** Takes a message away behind the back of whoever has the maildrop open. */
  public void remove(MaildropName name, UniqueId uniqueId) {
    box(MaildropAddress.of(name)).remove(uniqueId);
  }

  @Override
  public boolean exists(MaildropAddress address) {
    return boxes.containsKey(address.withoutDevice());
  }

  @Override
  public Maildrop open(MaildropAddress address, LeaseHolder holder) throws MaildropException {
    Box box = existing(address);
    LeaseTable.Lease lease =
        leases.take(
            address.withoutDevice(),
            "maildrop " + LogText.quote(address),
            LeaseRequest.now(holder, settings));
    return new Leased(this, address, box, lease, box.snapshot());
  }

  @Override
  public Optional<byte[]> read(MaildropAddress address, String record) {
    Box box = boxes.get(address.withoutDevice());
    return box == null ? Optional.empty() : box.record(record);
  }

  @Override
  public void update(MaildropAddress address, String record, Change change)
      throws MaildropException {
    existing(address).update(record, change);
  }

  private Box existing(MaildropAddress address) throws MaildropException {
    if (address.folder().isPresent() && !boxes.containsKey(address.withoutDevice())) {
      throw new MaildropException(
          MaildropFailure.NO_SUCH_FOLDER,
          "maildrop " + LogText.quote(address) + ": no such folder");
    }
    return box(address);
  }

  private Box box(MaildropAddress address) {
    return boxes.computeIfAbsent(address.withoutDevice(), a -> new Box());
  }

  private static final class Kept {

    private final byte[] octets;
    private final Instant delivered;

    Kept(byte[] octets, Instant delivered) {
      this.octets = octets;
      this.delivered = delivered;
    }
  }

  private record Stored(UniqueId uniqueId, WireSize size, Instant delivered) {}

  private static final class Box {

    private final Map<UniqueId, Kept> messages = new LinkedHashMap<>();
    private final Map<String, byte[]> records = new HashMap<>();
    private long next = 1;

    synchronized UniqueId add(Kept message) {
      UniqueId id = UniqueId.of("memory." + next++);
      messages.put(id, message);
      return id;
    }

    synchronized Optional<Kept> remove(UniqueId id) {
      return Optional.ofNullable(messages.remove(id));
    }

    synchronized Optional<byte[]> record(String name) {
      return Optional.ofNullable(records.get(name)).map(byte[]::clone);
    }

    synchronized void update(String name, Change change) throws MaildropException {
      change.apply(record(name)).ifPresent(changed -> records.put(name, changed.clone()));
    }

    synchronized Optional<byte[]> content(UniqueId id) {
      return Optional.ofNullable(messages.get(id)).map(kept -> kept.octets);
    }

    synchronized List<Stored> snapshot() {
      List<Stored> snapshot = new ArrayList<>(messages.size());
      messages.forEach(
          (id, kept) -> {
            WireScan scan = new WireScan(0);
            scan.update(kept.octets, 0, kept.octets.length);
            snapshot.add(new Stored(id, scan.finish(), kept.delivered));
          });
      return snapshot;
    }
  }

  private static final class Leased implements Maildrop {

    private final MemoryStore store;
    private final MaildropAddress address;
    private final Box box;
    private final LeaseTable.Lease lease;
    private final List<Stored> snapshot;

    Leased(
        MemoryStore store,
        MaildropAddress address,
        Box box,
        LeaseTable.Lease lease,
        List<Stored> snapshot) {
      this.store = store;
      this.address = address;
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
    public Instant delivered(int number) {
      return stored(number).delivered();
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
      return new MemoryBody(
          content, stored.size().octets(), stored.size().form(), stored.size().isAscii());
    }

    @Override
    public Deletion delete(BitSet marked) {
      return takeOut(marked, taken -> {});
    }

    @Override
    public Deletion move(BitSet marked, FolderName folder) {
      if (marked.isEmpty()) {
        return new Deletion(0, 0, 0, Optional.empty());
      }
      Box target =
          store.box(new MaildropAddress(address.user(), Optional.of(folder), Optional.empty()));
      if (target == box) {
        throw new IllegalArgumentException("folder " + folder + " (expected: another one)");
      }
      return takeOut(marked, target::add);
    }

    private Deletion takeOut(BitSet marked, Consumer<Kept> receiver) {
      Marks.check(marked, count());
      int removed = 0;
      for (int n = marked.nextSetBit(1); n > 0; n = marked.nextSetBit(n + 1)) {
        Optional<Kept> taken = box.remove(stored(n).uniqueId());
        taken.ifPresent(receiver);
        removed += taken.isPresent() ? 1 : 0;
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

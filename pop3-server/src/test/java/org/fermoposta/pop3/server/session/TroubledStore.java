// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.fermoposta.pop3.protocol.UniqueId;
import org.fermoposta.pop3.protocol.wire.WireForm;
import org.fermoposta.pop3.server.maildrop.Deletion;
import org.fermoposta.pop3.server.maildrop.FolderName;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.LeaseSettings;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.maildrop.MaildropStore;
import org.fermoposta.pop3.server.maildrop.MessageBody;
import org.fermoposta.pop3.server.store.memory.MemoryStore;

/** An in-memory store that does what a test wants before its own work, and counts. */
final class TroubledStore implements MaildropStore {
  final MemoryStore memory;
  final AtomicInteger openBodies = new AtomicInteger();
  final Semaphore deletions = new Semaphore(0);
  volatile Before beforeOpen = () -> {};
  volatile Before beforeMessage = () -> {};
  volatile BeforeRead beforeRead = position -> {};
  volatile Before beforeDelete = () -> {};
  private final Semaphore released = new Semaphore(0);

  TroubledStore() {
    this(LeaseSettings.defaults());
  }

  TroubledStore(LeaseSettings lease) {
    memory = new MemoryStore(lease);
  }

  /** Runs before an operation and may throw or wait. */
  interface Before {
    void run() throws MaildropException;
  }

  /** As {@link Before}, at a position of a message. */
  interface BeforeRead {
    void at(long position) throws MaildropException;
  }

  void deliver(MaildropName name, String message) {
    memory.deliver(name, message.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Waits until a lease is given back. */
  void awaitReleased() throws InterruptedException {
    awaitReleased(Duration.ofSeconds(10));
  }

  /** As {@link #awaitReleased()}, for this long. */
  void awaitReleased(Duration limit) throws InterruptedException {
    assertTrue(
        released.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS), "lease not given back");
  }

  /** Waits as a store does that somebody holds up. */
  static Before waiting(Semaphore until) {
    return until::acquireUninterruptibly;
  }

  @Override
  public boolean exists(MaildropAddress address) {
    return memory.exists(address);
  }

  @Override
  public Maildrop open(MaildropAddress address, LeaseHolder holder) throws MaildropException {
    beforeOpen.run();
    return new Watched(memory.open(address, holder));
  }

  private final class Watched implements Maildrop {
    private final Maildrop inner;

    Watched(Maildrop inner) {
      this.inner = inner;
    }

    @Override
    public int count() {
      return inner.count();
    }

    @Override
    public long totalOctets() {
      return inner.totalOctets();
    }

    @Override
    public long octets(int number) {
      return inner.octets(number);
    }

    @Override
    public UniqueId uniqueId(int number) {
      return inner.uniqueId(number);
    }

    @Override
    public Instant delivered(int number) {
      return inner.delivered(number);
    }

    @Override
    public MessageBody open(int number) throws MaildropException {
      beforeMessage.run();
      MessageBody body = inner.open(number);
      openBodies.incrementAndGet();
      return new WatchedBody(body);
    }

    @Override
    public Deletion delete(BitSet marked) {
      try {
        beforeDelete.run();
      } catch (MaildropException e) {
        return new Deletion(0, 0, marked.cardinality(), Optional.of(e));
      }
      Deletion deletion = inner.delete(marked);
      deletions.release();
      return deletion;
    }

    @Override
    public Deletion move(BitSet marked, FolderName folder) {
      return inner.move(marked, folder);
    }

    @Override
    public void close() {
      inner.close();
      released.release();
    }
  }

  private final class WatchedBody implements MessageBody {
    private final MessageBody inner;

    WatchedBody(MessageBody inner) {
      this.inner = inner;
    }

    @Override
    public long octets() {
      return inner.octets();
    }

    @Override
    public long storedOctets() {
      return inner.storedOctets();
    }

    @Override
    public WireForm form() {
      return inner.form();
    }

    @Override
    public int read(long position, ByteBuffer target) throws MaildropException {
      beforeRead.at(position);
      return inner.read(position, target);
    }

    @Override
    public Optional<FileChannel> file() {
      return inner.file();
    }

    @Override
    public void close() {
      openBodies.decrementAndGet();
      inner.close();
    }
  }
}

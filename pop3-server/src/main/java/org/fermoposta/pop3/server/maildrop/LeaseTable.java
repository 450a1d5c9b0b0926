// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/*
 * Design note. A slot exists exactly while a lease is held, so a newcomer can never barge past those
 * that wait: a release hands the lease to the first of the queue within the monitor, or removes the
 * slot. Nothing blocks inside the monitor; whoever waits is parked on a latch of its own, which on a
 * virtual thread occupies no carrier. A waiter that runs out of time looks, in the monitor, whether
 * the lease was handed to it in that very moment, and keeps it then.
 */
/**
 * Leases among the sessions of this process, one for each key. Those that wait get it in the order
 * they came; few may wait for one key, so that a client which logs in again and again does not pile
 * up. Thread-safe.
 */
public final class LeaseTable {

  /** How many may wait for one lease; further ones are refused at once. */
  static final int MAX_WAITERS = 8;

  /** How often one that waits looks whether there still is somebody to wait for it. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final Map<Object, Slot> slots = new HashMap<>();

  /** A table of no leases. */
  public LeaseTable() {}

  /**
   * Takes a lease. Blocks at most until the request's deadline, and only if its settings say so.
   *
   * @param key what is leased
   * @param what the same in words, for the log
   * @throws MaildropException IN_USE if another has it; names that one, and since when
   */
  public Lease take(Object key, String what, LeaseRequest request) throws MaildropException {
    Lease mine = new Lease(this, key, request.holder());
    LeaseHolder toAsk;
    synchronized (this) {
      Slot slot = slots.get(key);
      if (slot == null) {
        mine.grant();
        slots.put(key, new Slot(mine));
        return mine;
      }
      Duration idle = slot.current.holder.idle();
      boolean asks = request.takesOverFrom(idle);
      // One that has gone gives its lease back in a moment: its client may be the one that is here.
      boolean waits = asks || request.waits() || idle.equals(LeaseHolder.GONE);
      if (!waits || slot.waiting.size() >= MAX_WAITERS) {
        throw inUse(what, slot.current);
      }
      slot.waiting.add(mine);
      toAsk = asks ? slot.current.holder : null;
    }
    if (toAsk != null) {
      toAsk.giveUp("taken over by " + LogText.quote(request.holder().name()));
    }
    await(mine, what, request);
    return mine;
  }

  private void await(Lease mine, String what, LeaseRequest request) throws MaildropException {
    long left = request.nanosLeft();
    try {
      while (left > 0
          && !request.isMoot()
          && !mine.decided.await(Math.min(left, LOOK_NANOS), TimeUnit.NANOSECONDS)) {
        left = request.nanosLeft();
      }
    } catch (InterruptedException e) {
      leave(mine);
      Thread.currentThread().interrupt();
      throw new MaildropException(
          MaildropFailure.TEMPORARY, what + ": interrupted while waiting for the lease", e);
    }
    synchronized (this) {
      if (mine.held) {
        return;
      }
      leave(mine);
      Slot slot = slots.get(mine.key);
      throw slot == null
          ? new MaildropException(MaildropFailure.IN_USE, what + ": given up waiting for the lease")
          : inUse(what, slot.current);
    }
  }

  /** Waits no more, and gives back what was handed over in this very moment. */
  private synchronized void leave(Lease mine) {
    Slot slot = slots.get(mine.key);
    if (slot != null) {
      slot.waiting.remove(mine);
    }
    release(mine);
  }

  /** How many wait for the lease of this key. */
  synchronized int waiting(Object key) {
    Slot slot = slots.get(key);
    return slot == null ? 0 : slot.waiting.size();
  }

  private synchronized void release(Lease lease) {
    if (!lease.held) {
      return;
    }
    lease.held = false;
    Slot slot = Objects.requireNonNull(slots.get(lease.key), "a held lease has a slot");
    for (Lease next = slot.waiting.poll(); next != null; next = slot.waiting.poll()) {
      boolean gone = next.holder.idle().equals(LeaseHolder.GONE);
      if (!gone) {
        next.grant();
        slot.current = next;
      }
      next.decided.countDown();
      if (!gone) {
        return;
      }
    }
    slots.remove(lease.key);
  }

  private static MaildropException inUse(String what, Lease by) {
    return new MaildropException(
        MaildropFailure.IN_USE,
        what
            + ": in use by "
            + LogText.quote(by.holder.name())
            + " for "
            + Duration.ofNanos(System.nanoTime() - by.sinceNanos).toSeconds()
            + " s");
  }

  private static final class Slot {
    private final Deque<Lease> waiting = new ArrayDeque<>();
    private Lease current;

    Slot(Lease current) {
      this.current = current;
    }
  }

  /** The right to what the key stands for, until it is closed. */
  public static final class Lease implements AutoCloseable {
    private final LeaseTable table;
    private final Object key;
    private final LeaseHolder holder;
    private final CountDownLatch decided = new CountDownLatch(1);
    // Both guarded by the table.
    private boolean held;
    private long sinceNanos;

    private Lease(LeaseTable table, Object key, LeaseHolder holder) {
      this.table = table;
      this.key = key;
      this.holder = holder;
    }

    private void grant() {
      held = true;
      sinceNanos = System.nanoTime();
    }

    /** Who has it. */
    public LeaseHolder holder() {
      return holder;
    }

    /** Gives it back, or to the next that waits. Does nothing the second time. */
    @Override
    public void close() {
      table.release(this);
    }
  }
}

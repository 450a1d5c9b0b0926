// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.fermoposta.pop3.server.maildrop.LeaseSettings.Policy;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LeaseTableTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(100);

  private final LeaseTable table = new LeaseTable();

  /** A session whose idleness the test sets. */
  private static final class Peer implements LeaseHolder {
    private final String name;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile Duration idle = Duration.ZERO;
    private volatile Runnable onAsked = () -> {};

    Peer(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Duration idle() {
      return idle;
    }

    @Override
    public void giveUp(String reason) {
      asked.add(reason);
      onAsked.run();
    }
  }

  private static LeaseSettings settings(Policy policy, Duration waitFor) {
    return new LeaseSettings(policy, waitFor, Duration.ofMinutes(1));
  }

  private LeaseTable.Lease take(LeaseHolder holder, LeaseSettings settings)
      throws MaildropException {
    return table.take("box", "maildrop box", LeaseRequest.now(holder, settings));
  }

  private void refused(LeaseHolder holder, LeaseSettings settings, String by) {
    MaildropException e = assertThrows(MaildropException.class, () -> take(holder, settings));
    assertEquals(MaildropFailure.IN_USE, e.failure());
    assertTrue(
        e.logText().matches("maildrop box: in use by \"" + by + "\" for \\d+ s"), e::logText);
  }

  /** Until this many wait. */
  private void awaitWaiting(int count) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (table.waiting("box") != count) {
      assertTrue(System.nanoTime() < until, () -> table.waiting("box") + " wait, not " + count);
      Thread.onSpinWait();
    }
  }

  @Test
  @DisplayName("K1: refuse says at once who has it, and since when")
  void refuses() throws Exception {
    LeaseTable.Lease first = take(new Peer("one"), settings(Policy.REFUSE, LONG));
    refused(new Peer("two"), settings(Policy.REFUSE, LONG), "one");
    first.close();
    LeaseTable.Lease second = take(new Peer("two"), settings(Policy.REFUSE, LONG));
    first.close();
    refused(new Peer("three"), settings(Policy.REFUSE, LONG), "two");
    second.close();
  }

  @Test
  @DisplayName("K6: those that wait get it in the order they came")
  void waitsInOrder() throws Exception {
    LeaseTable.Lease first = take(new Peer("0"), settings(Policy.WAIT, LONG));
    List<Integer> order = new CopyOnWriteArrayList<>();
    AtomicInteger holders = new AtomicInteger();
    List<Future<?>> tries = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 1; i <= LeaseTable.MAX_WAITERS; i++) {
        int number = i;
        tries.add(
            threads.submit(
                () -> {
                  LeaseTable.Lease mine = take(new Peer("" + number), settings(Policy.WAIT, LONG));
                  assertEquals(1, holders.incrementAndGet());
                  order.add(number);
                  holders.decrementAndGet();
                  mine.close();
                  return number;
                }));
        awaitWaiting(i);
      }
      refused(new Peer("one too many"), settings(Policy.WAIT, LONG), "0");
      first.close();
      for (Future<?> done : tries) {
        done.get();
      }
    }
    assertEquals(List.of(1, 2, 3, 4, 5, 6, 7, 8), order);
    take(new Peer("last"), settings(Policy.REFUSE, LONG)).close();
  }

  @Test
  @DisplayName("K6: waiting ends in time, and then leaves nothing behind")
  void waitingIsBounded() throws Exception {
    LeaseTable.Lease first = take(new Peer("one"), settings(Policy.WAIT, LONG));
    long begin = System.nanoTime();
    refused(new Peer("two"), settings(Policy.WAIT, SHORT), "one");
    assertTrue(System.nanoTime() - begin >= SHORT.toNanos());
    assertEquals(0, table.waiting("box"));
    first.close();
    take(new Peer("three"), settings(Policy.REFUSE, LONG)).close();
  }

  @Test
  @DisplayName("many that wait occupy no carrier threads")
  void waitersFreeTheirCarriers() throws Exception {
    List<LeaseTable.Lease> first = new ArrayList<>();
    int many = 2000;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<LeaseTable.Lease>> tries = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        int key = i;
        LeaseRequest now = LeaseRequest.now(new Peer("holder"), settings(Policy.WAIT, LONG));
        first.add(table.take(key, "box", now));
        LeaseRequest then = LeaseRequest.now(new Peer("waiter"), settings(Policy.WAIT, LONG));
        tries.add(threads.submit(() -> table.take(key, "box", then)));
      }
      // Runs on a carrier while all others wait.
      assertEquals("ran", threads.submit(() -> "ran").get(20, TimeUnit.SECONDS));
      first.forEach(LeaseTable.Lease::close);
      for (Future<LeaseTable.Lease> mine : tries) {
        mine.get().close();
      }
    }
  }

  @Test
  @DisplayName("K7: an idle holder is asked to go, and the lease passes on when it has gone")
  void takesOver() throws Exception {
    Peer one = new Peer("one");
    LeaseTable.Lease first = take(one, settings(Policy.TAKE_OVER, LONG));
    refused(new Peer("two"), settings(Policy.TAKE_OVER, LONG), "one");
    assertEquals(List.of(), one.asked, "its client is not idle");
    one.idle = Duration.ofMinutes(1);
    Thread closer = Thread.ofVirtual().unstarted(first::close);
    one.onAsked = closer::start;
    LeaseTable.Lease second = take(new Peer("two"), settings(Policy.TAKE_OVER, LONG));
    assertEquals(List.of("taken over by \"two\""), one.asked);
    assertEquals("two", second.holder().name());
    second.close();
  }

  @Test
  @DisplayName("a holder that does not obey keeps its lease")
  void neverBoth() throws Exception {
    Peer one = new Peer("one");
    one.idle = LeaseHolder.GONE;
    LeaseTable.Lease first = take(one, settings(Policy.TAKE_OVER, LONG));
    refused(new Peer("two"), settings(Policy.TAKE_OVER, SHORT), "one");
    assertEquals(1, one.asked.size());
    assertEquals("one", first.holder().name());
    first.close();
  }

  @Test
  @DisplayName("K3: whoever comes back before the lost session has ended waits for that end")
  void reconnects() throws Exception {
    Peer one = new Peer("one");
    LeaseTable.Lease first = take(one, settings(Policy.REFUSE, LONG));
    one.idle = LeaseHolder.GONE;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<LeaseTable.Lease> again =
          threads.submit(() -> take(new Peer("one again"), settings(Policy.REFUSE, LONG)));
      awaitWaiting(1);
      first.close();
      again.get().close();
    }
    assertEquals(List.of(), one.asked);
  }

  @Test
  @DisplayName("one whose connection is gone is passed over")
  void goneWaitersArePassedOver() throws Exception {
    LeaseTable.Lease first = take(new Peer("one"), settings(Policy.WAIT, LONG));
    Peer two = new Peer("two");
    Peer three = new Peer("three");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<LeaseTable.Lease> second =
          threads.submit(() -> take(two, settings(Policy.WAIT, LONG)));
      awaitWaiting(1);
      Future<LeaseTable.Lease> third =
          threads.submit(() -> take(three, settings(Policy.WAIT, LONG)));
      awaitWaiting(2);
      two.idle = LeaseHolder.GONE;
      first.close();
      assertEquals("three", third.get().holder().name());
      ExecutionException refused = assertThrows(ExecutionException.class, second::get);
      assertEquals(
          MaildropFailure.IN_USE,
          assertInstanceOf(MaildropException.class, refused.getCause()).failure());
      third.get().close();
    }
  }

  @Test
  @DisplayName("one whose connection is gone does not wait for long")
  void goneWaitersLeave() throws Exception {
    LeaseTable.Lease first = take(new Peer("one"), settings(Policy.WAIT, LONG));
    Peer two = new Peer("two");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<LeaseTable.Lease> second =
          threads.submit(() -> take(two, settings(Policy.WAIT, Duration.ofMinutes(1))));
      awaitWaiting(1);
      long begin = System.nanoTime();
      two.idle = LeaseHolder.GONE;
      assertThrows(ExecutionException.class, second::get);
      assertTrue(System.nanoTime() - begin < LONG.toNanos());
      assertEquals(0, table.waiting("box"));
    }
    first.close();
  }

  @Test
  @DisplayName("an interrupt ends the waiting and stays set")
  void interrupted() throws Exception {
    LeaseTable.Lease first = take(new Peer("one"), settings(Policy.WAIT, LONG));
    Thread.currentThread().interrupt();
    MaildropException e =
        assertThrows(
            MaildropException.class, () -> take(new Peer("two"), settings(Policy.WAIT, LONG)));
    assertTrue(Thread.interrupted());
    assertEquals(MaildropFailure.TEMPORARY, e.failure());
    assertEquals(0, table.waiting("box"));
    first.close();
    assertFalse(Thread.interrupted());
  }

  @Test
  @DisplayName("N050: a lease handed over in the moment the waiting ends is either used or free")
  void raceOfTimeoutAndRelease() throws Exception {
    LeaseSettings brief = settings(Policy.WAIT, SHORT);
    for (int round = 0; round < 20; round++) {
      LeaseTable.Lease first = take(new Peer("one"), brief);
      LeaseRequest late =
          new LeaseRequest(new Peer("two"), brief, System.nanoTime() + 200_000L * (round % 5));
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<LeaseTable.Lease> second = threads.submit(() -> table.take("box", "box", late));
        while (late.nanosLeft() > 20_000) {
          Thread.onSpinWait();
        }
        first.close();
        try {
          second.get().close();
        } catch (ExecutionException e) {
          assertEquals(
              MaildropFailure.IN_USE,
              assertInstanceOf(MaildropException.class, e.getCause()).failure());
        }
      }
      take(new Peer("next"), settings(Policy.REFUSE, LONG)).close();
    }
  }
}

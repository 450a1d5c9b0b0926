// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.runtime.cli.ExplainedException;
import org.junit.jupiter.api.Test;

final class LifecycleTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(50);

  private final List<String> events = new CopyOnWriteArrayList<>();
  private final Lifecycle lifecycle = new Lifecycle();

  private void add(String name) {
    lifecycle.add(name, LONG, () -> events.add("+" + name), () -> events.add("-" + name));
  }

  @Test
  void startsInOrderAndStopsInReverse() {
    add("a");
    add("b");
    add("c");
    lifecycle.start();
    assertTrue(lifecycle.isRunning());
    assertTrue(lifecycle.stop());
    assertFalse(lifecycle.isRunning());
    assertEquals(List.of("+a", "+b", "+c", "-c", "-b", "-a"), events);
  }

  @Test
  void stopsEachPartOnceHoweverOftenItIsAsked() throws Exception {
    add("a");
    lifecycle.start();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<Boolean>> stops =
          List.of(threads.submit(lifecycle::stop), threads.submit(lifecycle::stop));
      for (Future<Boolean> stop : stops) {
        assertTrue(stop.get(20, TimeUnit.SECONDS));
      }
    }
    assertTrue(lifecycle.stop());
    assertEquals(List.of("+a", "-a"), events);
  }

  @Test
  void aFailedStartStopsWhatHadStartedAndSaysWhyInOneLine() {
    add("a");
    lifecycle.add(
        "b",
        LONG,
        () -> {
          throw new IOException("disk full");
        },
        () -> events.add("-b"));
    add("c");
    LifecycleException e = assertThrows(LifecycleException.class, lifecycle::start);
    assertEquals("b: java.io.IOException: disk full", e.getMessage());
    assertEquals(ExitCodes.FAILURE, e.exitCode());
    assertEquals(List.of("+a", "-a"), events);
    assertTrue(lifecycle.isStopped());
    assertTrue(lifecycle.stop());
    assertEquals(List.of("+a", "-a"), events);
  }

  @Test
  void keepsTheMessageAndExitCodeOfAnExplainedFailure() {
    lifecycle.add(
        "listeners",
        LONG,
        () -> {
          throw new Explained();
        },
        () -> {});
    LifecycleException e = assertThrows(LifecycleException.class, lifecycle::start);
    assertEquals("listeners: port taken", e.getMessage());
    assertEquals(42, e.exitCode());
  }

  @Test
  void aStartThatTakesTooLongFailsAndIsInterrupted() throws InterruptedException {
    CountDownLatch interrupted = new CountDownLatch(1);
    add("a");
    lifecycle.add("slow", SHORT, () -> awaitInterrupt(interrupted), () -> events.add("-slow"));
    LifecycleException e = assertThrows(LifecycleException.class, lifecycle::start);
    assertEquals("slow did not start within 50 ms", e.getMessage());
    assertTrue(interrupted.await(20, TimeUnit.SECONDS));
    assertEquals(List.of("+a", "-a"), events);
  }

  @Test
  void aPartThatDoesNotStopKeepsNoneOfTheOthers() throws InterruptedException {
    CountDownLatch interrupted = new CountDownLatch(1);
    add("a");
    lifecycle.add("stuck", SHORT, () -> {}, () -> awaitInterrupt(interrupted));
    lifecycle.add(
        "failing",
        LONG,
        () -> {},
        () -> {
          throw new IOException("gone");
        });
    lifecycle.start();
    assertFalse(lifecycle.stop(), "not clean");
    assertEquals(List.of("+a", "-a"), events);
    assertTrue(interrupted.await(20, TimeUnit.SECONDS));
  }

  @Test
  void aStopDuringTheStartEndsItAfterTheCurrentPart() throws Exception {
    CountDownLatch starting = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    lifecycle.add(
        "a",
        LONG,
        () -> {
          starting.countDown();
          go.await();
          events.add("+a");
        },
        () -> events.add("-a"));
    add("b");
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      Future<?> start = threads.submit(lifecycle::start);
      assertTrue(starting.await(20, TimeUnit.SECONDS));
      Future<Boolean> stop =
          threads.submit(
              () -> {
                Thread waiting = Thread.currentThread();
                threads.submit(() -> releaseWhenWaiting(waiting, go));
                return lifecycle.stop();
              });
      assertTrue(stop.get(20, TimeUnit.SECONDS));
      start.get(20, TimeUnit.SECONDS);
    }
    assertEquals(List.of("+a", "-a"), events);
  }

  @Test
  void aStopBeforeTheStartMakesTheStartDoNothing() {
    add("a");
    assertTrue(lifecycle.stop());
    lifecycle.start();
    assertEquals(List.of(), events);
  }

  @Test
  void cannotBeStartedTwiceOrGrowWhileRunning() {
    add("a");
    lifecycle.start();
    assertThrows(IllegalStateException.class, lifecycle::start);
    assertThrows(IllegalStateException.class, () -> add("b"));
    assertTrue(lifecycle.stop());
  }

  /** Lets the start go on only when the stop has marked it: it then waits for the end. */
  private static void releaseWhenWaiting(Thread thread, CountDownLatch go) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    go.countDown();
  }

  private static void awaitInterrupt(CountDownLatch interrupted) {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      interrupted.countDown();
    }
  }

  private static final class Explained extends ExplainedException {
    private static final long serialVersionUID = 1L;

    Explained() {
      super("port taken", null);
    }

    @Override
    public int exitCode() {
      return 42;
    }
  }
}

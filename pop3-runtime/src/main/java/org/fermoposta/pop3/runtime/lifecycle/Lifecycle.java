// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.lifecycle;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.fermoposta.pop3.runtime.cli.ExplainedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * States go one way: NEW, STARTING, RUNNING, STOPPING, STOPPED. The monitor guards the state and the
 * stack of what has started; it is never held while a step runs, so that a signal during the start is
 * seen between two steps. Each step runs in a thread of its own, because the only way to keep a
 * timeout with code that does not return is to stop waiting for it.
 */
/**
 * Starts the parts of a program in order and stops them in reverse order, exactly once.
 * Thread-safe.
 *
 * <pre>{@code
 * Lifecycle lifecycle = new Lifecycle();
 * lifecycle.add("listeners", Duration.ofSeconds(10), this::bind, this::unbind);
 * ShutdownHook.install(lifecycle);
 * lifecycle.start();
 * lifecycle.awaitStopped();
 * }</pre>
 */
public final class Lifecycle {
  private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

  private final List<Step> steps = new ArrayList<>();
  private final Deque<Step> started = new ArrayDeque<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private State state = State.NEW;
  private boolean clean = true;

  /** Something that may fail with any exception. */
  public interface Action {
    /** Does it; interrupted when its time is over. */
    void run() throws Exception;
  }

  /**
   * Adds a part, after those that it needs.
   *
   * @param name for messages, such as {@code listeners}
   * @param timeout for its start, and again for its stop; more than zero. A part that drains needs
   *     more than its grace period
   * @param start called at most once
   * @param stop called at most once, and only if {@code start} returned
   * @throws IllegalStateException if the lifecycle has been started
   */
  public synchronized void add(String name, Duration timeout, Action start, Action stop) {
    if (state != State.NEW) {
      throw new IllegalStateException("lifecycle: " + state + " (expected: NEW)");
    }
    if (timeout.isZero() || timeout.isNegative()) {
      throw new IllegalArgumentException("timeout: " + timeout + " (expected: > 0)");
    }
    steps.add(new Step(name, timeout, start, stop));
  }

  /**
   * Starts all parts. If {@link #stop()} is called meanwhile, no further part is started and this
   * returns when all is stopped.
   *
   * @throws LifecycleException if a part fails or is not done in its time; those that had started
   *     are stopped again before this is thrown
   * @throws IllegalStateException if it was started before
   */
  public void start() {
    synchronized (this) {
      if (state == State.STOPPED) {
        return;
      }
      if (state != State.NEW) {
        throw new IllegalStateException("lifecycle: " + state + " (expected: NEW)");
      }
      state = State.STARTING;
    }
    for (Step step : steps) {
      if (state() == State.STOPPING) {
        break;
      }
      try {
        run(step.name() + " start", step.timeout(), step.start());
      } catch (ExecutionException | TimeoutException e) {
        stopStarted();
        throw failed(step, e);
      }
      synchronized (this) {
        started.push(step);
      }
    }
    boolean stop;
    synchronized (this) {
      stop = state == State.STOPPING;
      if (!stop) {
        state = State.RUNNING;
      }
    }
    if (stop) {
      stopStarted();
    }
  }

  /**
   * Stops what has started, in reverse order. A part that fails or takes too long is logged and the
   * next one is stopped. Returns when all is stopped, also for a second caller.
   *
   * @return whether every part stopped without failure and in time
   */
  public boolean stop() {
    boolean mine = false;
    synchronized (this) {
      if (state == State.NEW || state == State.RUNNING) {
        mine = true;
      }
      if (state == State.NEW || state == State.RUNNING || state == State.STARTING) {
        state = State.STOPPING;
      }
    }
    if (mine) {
      stopStarted();
    }
    awaitStopped();
    synchronized (this) {
      return clean;
    }
  }

  /** Waits until all is stopped. */
  public void awaitStopped() {
    boolean interrupted = false;
    while (true) {
      try {
        stopped.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether all parts run: from the end of the start to the beginning of the stop. */
  public boolean isRunning() {
    return state() == State.RUNNING;
  }

  boolean isStopped() {
    return state() == State.STOPPED;
  }

  private synchronized State state() {
    return state;
  }

  private void stopStarted() {
    synchronized (this) {
      state = State.STOPPING;
    }
    while (true) {
      Step step;
      synchronized (this) {
        step = started.poll();
      }
      if (step == null) {
        break;
      }
      try {
        run(step.name() + " stop", step.timeout(), step.stop());
      } catch (ExecutionException e) {
        log.error("{} did not stop cleanly", step.name(), e.getCause());
        unclean();
      } catch (TimeoutException e) {
        log.error("{} did not stop within {}", step.name(), step.timeout());
        unclean();
      }
    }
    synchronized (this) {
      state = State.STOPPED;
    }
    stopped.countDown();
  }

  private synchronized void unclean() {
    clean = false;
  }

  private static void run(String name, Duration timeout, Action action)
      throws ExecutionException, TimeoutException {
    FutureTask<Boolean> task =
        new FutureTask<>(
            () -> {
              action.run();
              return true;
            });
    Thread.ofPlatform().daemon().name(name).start(task);
    long deadline = System.nanoTime() + timeout.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          task.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
          return;
        } catch (InterruptedException e) {
          interrupted = true; // Starting or stopping half of a program helps nobody.
        } catch (TimeoutException e) {
          task.cancel(true);
          throw e;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static LifecycleException failed(Step step, Exception e) {
    if (e instanceof TimeoutException) {
      return new LifecycleException(
          step.name() + " did not start within " + step.timeout().toMillis() + " ms", e);
    }
    Throwable cause = e.getCause() == null ? e : e.getCause();
    String text = cause instanceof ExplainedException ? cause.getMessage() : cause.toString();
    return new LifecycleException(step.name() + ": " + text, cause);
  }

  private enum State {
    NEW,
    STARTING,
    RUNNING,
    STOPPING,
    STOPPED
  }

  private record Step(String name, Duration timeout, Action start, Action stop) {}
}

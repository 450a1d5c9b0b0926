// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the login that is under way on a connection apart from those before it: what belongs to an
 * earlier turn, or to one that has ended, does not run any more. On the event loop, but for {@link
 * #onLoop} and {@link #hand}.
 */
final class LoginTurns {
  private final EventExecutor loop;
  private final SessionLog log;
  private @Nullable Future<?> timer;
  private @Nullable Runnable ended;
  private int current;

  LoginTurns(EventExecutor loop, SessionLog log) {
    this.loop = loop;
    this.log = log;
  }

  /** Begins a turn and ends the one before. */
  int begin() {
    Runnable before = ended;
    stopWaiting();
    current++;
    if (before != null) {
      before.run();
    }
    return current;
  }

  /** Ends the turn. */
  void end() {
    begin();
  }

  boolean isNow(int turn) {
    return turn == current;
  }

  /** Whether nothing is done but to let time pass. */
  boolean isWaiting() {
    return ended != null;
  }

  /** Runs a task of the turn after a time, 0 for at once. One waits at a time. */
  void after(int turn, long nanos, Runnable task) {
    if (nanos <= 0) {
      task.run();
    } else {
      await(turn, nanos, task, () -> {});
    }
  }

  /**
   * As {@link #after}, without a timer if it takes for ever.
   *
   * @param otherwise run if the turn ends first
   */
  void await(int turn, long nanos, Runnable task, Runnable otherwise) {
    if (turn != current) {
      otherwise.run();
      return;
    }
    stopWaiting();
    ended = otherwise;
    if (nanos < Long.MAX_VALUE) {
      timer =
          loop.schedule(
              () -> {
                stopWaiting();
                task.run();
              },
              nanos,
              TimeUnit.NANOSECONDS);
    }
  }

  /** The wait is over, however it was. */
  void stopWaiting() {
    Future<?> running = timer;
    if (running != null) {
      running.cancel(false);
    }
    timer = null;
    ended = null;
  }

  /** Runs a task of the turn on the event loop. From any thread. */
  void onLoop(int turn, Runnable task) {
    hand(turn, task, () -> {});
  }

  /**
   * Runs on the event loop the one task if the turn is still on, else the other. From any thread.
   *
   * @return false if the event loop has ended, and neither will run
   */
  boolean hand(int turn, Runnable task, Runnable otherwise) {
    try {
      loop.execute(
          () -> {
            if (turn == current) {
              task.run();
            } else {
              otherwise.run();
            }
          });
      return true;
    } catch (RejectedExecutionException loopIsGone) {
      log.connection(loopIsGone);
      return false;
    }
  }

  /** Runs a task on the event loop, whatever turn it is. From any thread. */
  void always(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException loopIsGone) {
      log.connection(loopIsGone);
    }
  }

  /** In the event loop's own monotonic time. */
  long nanoTime() {
    return loop.ticker().nanoTime();
  }
}

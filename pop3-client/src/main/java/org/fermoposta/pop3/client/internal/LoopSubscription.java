// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;

// Design note. All signals come from the event loop, so they are serial; requests and cancellations
// of other threads are brought there. A request within a signal only adds to the demand: the loop
// that gives the signal sees it, so requests do not recurse. `cancelled` is set at once, by any
// thread, so that a signal which has not begun is not given any more; the rest happens on the loop.

/** A subscription whose signals come from an event loop. Its other methods are for that loop. */
abstract class LoopSubscription<T> implements Flow.Subscription {
  private final EventExecutor loop;
  private final Flow.Subscriber<? super T> subscriber;
  private volatile boolean cancelled;
  private boolean over;
  private boolean delivering;
  private long demand;

  LoopSubscription(EventExecutor loop, Flow.Subscriber<? super T> subscriber) {
    this.loop = loop;
    this.subscriber = subscriber;
  }

  @Override
  public final void request(long count) {
    onLoop(() -> requested(count));
  }

  @Override
  public final void cancel() {
    cancelled = true;
    onLoop(this::end);
  }

  /** There is demand, perhaps for the first time; called again whenever there is more. */
  abstract void onDemand();

  /** Nobody listens any more: stop what is under way. Called once, after any last signal. */
  abstract void onEnd();

  final EventExecutor loop() {
    return loop;
  }

  final long demand() {
    return demand;
  }

  final boolean isOver() {
    return over || cancelled;
  }

  /** Gives an element that was asked for. */
  final void next(T element) {
    demand--;
    try {
      subscriber.onNext(element);
    } catch (RuntimeException broken) {
      // A subscriber must not throw; there is nobody else to tell (rule 2.13 of Reactive Streams).
      end();
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, broken);
    }
  }

  final void complete() {
    if (!isOver()) {
      end();
      subscriber.onComplete();
    }
  }

  final void error(Throwable cause) {
    if (!isOver()) {
      end();
      subscriber.onError(cause);
    }
  }

  private void requested(long count) {
    if (isOver()) {
      return;
    }
    if (count <= 0) {
      error(new IllegalArgumentException("request: " + count + " (expected: > 0)"));
      return;
    }
    demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
    if (!delivering) {
      delivering = true;
      try {
        onDemand();
      } finally {
        delivering = false;
      }
    }
  }

  /** Delivers what can be, unless that is what is going on already. */
  final void deliver(Runnable delivery) {
    if (!delivering) {
      delivering = true;
      try {
        delivery.run();
      } finally {
        delivering = false;
      }
    }
  }

  private void end() {
    if (!over) {
      over = true;
      onEnd();
    }
  }

  private void onLoop(Runnable task) {
    if (loop.inEventLoop() && delivering) {
      task.run();
      return;
    }
    try {
      loop.execute(task);
    } catch (RejectedExecutionException shutDown) {
      // The loop is no more, so this thread is the only one left to say so.
      if (!cancelled) {
        cancelled = true;
        subscriber.onError(new IllegalStateException("the event loops were shut down", shutDown));
      }
    }
  }
}

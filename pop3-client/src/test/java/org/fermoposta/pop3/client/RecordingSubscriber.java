// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Records signals, and fails where they break the rules of Reactive Streams. */
class RecordingSubscriber<T> implements Flow.Subscriber<T> {
  private final long firstDemand;
  private final List<T> elements = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();
  private final CompletableFuture<@Nullable Throwable> end = new CompletableFuture<>();
  private final AtomicBoolean inSignal = new AtomicBoolean();
  private Flow.@Nullable Subscription subscription;
  private long asked;

  RecordingSubscriber(long firstDemand) {
    this.firstDemand = firstDemand;
  }

  /** What a test does with an element. */
  void took(T element) {}

  @Override
  public void onSubscribe(Flow.Subscription given) {
    synchronized (this) {
      if (subscription != null) {
        broken.add("a second onSubscribe");
      }
      subscription = given;
    }
    if (firstDemand != 0) {
      request(firstDemand);
    }
  }

  @Override
  public void onNext(T element) {
    if (!inSignal.compareAndSet(false, true)) {
      note("onNext within a signal");
    }
    synchronized (this) {
      elements.add(element);
      if (elements.size() > asked) {
        broken.add("more than the demand of " + asked);
      }
      if (end.isDone()) {
        broken.add("onNext behind the end");
      }
      notifyAll();
    }
    took(element);
    inSignal.set(false);
  }

  @Override
  public void onError(Throwable cause) {
    ended(cause);
  }

  @Override
  public void onComplete() {
    ended(null);
  }

  final void request(long count) {
    Flow.Subscription given;
    synchronized (this) {
      asked = Math.max(asked, asked + count);
      if (asked + count < 0) {
        asked = Long.MAX_VALUE;
      }
      given = subscription;
    }
    if (given == null) {
      throw new IllegalStateException("not subscribed");
    }
    given.request(count);
  }

  final synchronized void cancel() {
    if (subscription == null) {
      throw new IllegalStateException("not subscribed");
    }
    subscription.cancel();
  }

  /** Waits for so many elements. */
  final synchronized List<T> await(int count) throws InterruptedException {
    long until = System.nanoTime() + Servers.PATIENCE.toNanos();
    while (elements.size() < count) {
      long left = (until - System.nanoTime()) / 1_000_000;
      if (left <= 0 || end.isDone()) {
        fail("only " + elements.size() + " elements, then " + end);
      }
      wait(Math.min(left, 100));
    }
    return List.copyOf(elements);
  }

  /** Waits for onComplete and returns what came. */
  final List<T> awaitComplete() throws Exception {
    Throwable cause = awaitEnd();
    if (cause != null) {
      throw new AssertionError("onError", cause);
    }
    return elements();
  }

  /** Waits for onError and returns it. */
  final <E extends Throwable> E awaitError(Class<E> type) throws Exception {
    Throwable cause = awaitEnd();
    assertTrue(type.isInstance(cause), "onError: " + cause);
    return type.cast(cause);
  }

  final synchronized List<T> elements() {
    assertEquals(List.of(), broken);
    return List.copyOf(elements);
  }

  final boolean hasEnded() {
    return end.isDone();
  }

  private @Nullable Throwable awaitEnd() throws Exception {
    try {
      Throwable cause = end.get(Servers.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      elements();
      return cause;
    } catch (TimeoutException late) {
      throw new AssertionError("no end after " + elements().size() + " elements", late);
    }
  }

  private void ended(@Nullable Throwable cause) {
    if (!end.complete(cause)) {
      note("a second end");
    }
  }

  private synchronized void note(String what) {
    broken.add(what);
  }
}

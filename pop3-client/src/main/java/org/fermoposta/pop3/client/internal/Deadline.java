// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.fermoposta.pop3.client.Phase;
import org.jspecify.annotations.Nullable;

/**
 * The one limit of time that a connection is under at a moment. On the event loop only. A timer
 * that is already set to an earlier time is left and set again when it fires, so that a command or
 * a piece of a message costs no timer of its own.
 */
final class Deadline {
  private final EventExecutor loop;
  private final BiConsumer<Phase, Duration> onExpiry;
  private @Nullable ScheduledFuture<?> timer;
  private long timerNanos;
  private boolean armed;
  private long untilNanos;
  private Phase phase = Phase.CONNECT;
  private Duration limit = Duration.ZERO;

  Deadline(EventExecutor loop, BiConsumer<Phase, Duration> onExpiry) {
    this.loop = loop;
    this.onExpiry = onExpiry;
  }

  /** Sets the limit, from now on. */
  void arm(Phase phase, Duration limit) {
    this.phase = phase;
    this.limit = limit;
    armed = true;
    restart();
  }

  /** Begins the same limit again, if there is one. */
  void restart() {
    if (!armed) {
      return;
    }
    untilNanos = System.nanoTime() + limit.toNanos();
    if (timer == null || untilNanos - timerNanos < 0) {
      schedule();
    }
  }

  /** Takes the limit away. */
  void disarm() {
    armed = false;
  }

  /** Takes the limit and the timer away. */
  void end() {
    armed = false;
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  private void schedule() {
    if (timer != null) {
      timer.cancel(false);
    }
    timerNanos = untilNanos;
    timer = loop.schedule(this::fire, untilNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  private void fire() {
    timer = null;
    if (!armed) {
      return;
    }
    if (untilNanos - System.nanoTime() > 0) {
      schedule();
    } else {
      armed = false;
      onExpiry.accept(phase, limit);
    }
  }
}

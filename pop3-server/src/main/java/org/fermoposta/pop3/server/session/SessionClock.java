// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One deadline that moves, in the event loop's own monotonic time (N032). Octets that trickle in do
 * not move it, only what the session says.
 */
final class SessionClock {
  private final EventExecutor loop;
  private final Runnable expired;
  private long deadlineNanos;
  private long scheduledNanos;
  private @Nullable Future<?> check;

  SessionClock(ChannelHandlerContext ctx, Runnable expired) {
    this.loop = ctx.executor();
    this.expired = expired;
  }

  /** Moves the deadline to this much from now. */
  void allow(Duration time) {
    deadlineNanos = now() + time.toNanos();
    if (check == null) {
      schedule(time.toNanos());
    } else if (time.toNanos() < scheduledNanos) {
      // A deadline that moves further away leaves the check where it is: it will look again.
      check.cancel(false);
      schedule(time.toNanos());
    }
  }

  /** As {@link #allow}, unless the deadline is nearer already. */
  void allowAtMost(Duration time) {
    if (check == null || now() + time.toNanos() - deadlineNanos < 0) {
      allow(time);
    }
  }

  void stop() {
    if (check != null) {
      check.cancel(false);
      check = null;
    }
  }

  private long now() {
    return loop.ticker().nanoTime();
  }

  private void schedule(long nanos) {
    scheduledNanos = nanos;
    check = loop.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
  }

  private void look() {
    long left = deadlineNanos - now();
    if (left > 0) {
      schedule(left);
    } else {
      check = null;
      expired.run();
    }
  }
}

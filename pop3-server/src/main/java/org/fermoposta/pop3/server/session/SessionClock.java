// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One deadline that moves. Octets that trickle in do not move it, only what the session says. */
final class SessionClock {
  private final ChannelHandlerContext ctx;
  private final Runnable expired;
  private long deadlineNanos;
  private @Nullable Future<?> check;

  SessionClock(ChannelHandlerContext ctx, Runnable expired) {
    this.ctx = ctx;
    this.expired = expired;
  }

  /** Moves the deadline to this much from now. */
  void allow(Duration time) {
    deadlineNanos = System.nanoTime() + time.toNanos();
    if (check == null) {
      schedule(time.toNanos());
    } else if (checkIsLate(time)) {
      check.cancel(false);
      schedule(time.toNanos());
    }
  }

  void stop() {
    if (check != null) {
      check.cancel(false);
      check = null;
    }
  }

  /** A deadline that moves further away leaves the check where it is: it will look again. */
  private boolean checkIsLate(Duration time) {
    return time.toNanos() < scheduledNanos;
  }

  private long scheduledNanos;

  private void schedule(long nanos) {
    scheduledNanos = nanos;
    check = ctx.executor().schedule(this::look, nanos, TimeUnit.NANOSECONDS);
  }

  private void look() {
    long left = deadlineNanos - System.nanoTime();
    if (left > 0) {
      schedule(left);
    } else {
      check = null;
      expired.run();
    }
  }
}

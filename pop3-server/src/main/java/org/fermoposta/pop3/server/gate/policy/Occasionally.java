// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.gate.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Lets one of many equal events through in a time. Thread-safe. */
final class Occasionally {

  private final long everyNanos;
  private final LongSupplier nanoTime;
  private long last;
  private boolean any;
  private long passedOver;

  /** One in this time, by a clock that never jumps. */
  Occasionally(Duration every, LongSupplier nanoTime) {
    this.everyNanos = every.toNanos();
    this.nanoTime = nanoTime;
  }

  /** Empty if this event is passed over; otherwise text on those that were passed over before. */
  synchronized Optional<String> now() {
    long now = nanoTime.getAsLong();
    if (any && now - last < everyNanos) {
      passedOver++;
      return Optional.empty();
    }
    String text = passedOver == 0 ? "" : " (and " + passedOver + " more since the last time)";
    any = true;
    last = now;
    passedOver = 0;
    return Optional.of(text);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import java.time.Duration;

/**
 * A session that asks for a lease.
 *
 * @param holder the session
 * @param settings what to do while another one has it
 * @param deadlineNanos {@link System#nanoTime} at which waiting, if the settings allow it, ends
 */
public record LeaseRequest(LeaseHolder holder, LeaseSettings settings, long deadlineNanos) {

  /** A request whose time to wait begins now. */
  public static LeaseRequest now(LeaseHolder holder, LeaseSettings settings) {
    return new LeaseRequest(holder, settings, System.nanoTime() + settings.waitFor().toNanos());
  }

  /** Whether this one waits for its turn, whoever has the lease. */
  public boolean waits() {
    return settings.policy() == LeaseSettings.Policy.WAIT;
  }

  /** Whether this one may end the session of a holder that is this long idle. */
  public boolean takesOverFrom(Duration idle) {
    return settings.policy() == LeaseSettings.Policy.TAKE_OVER
        && idle.compareTo(settings.idleFor()) >= 0;
  }

  /** Whether the one that asks has gone, so that nobody needs the lease any more. */
  public boolean isMoot() {
    return holder.idle().equals(LeaseHolder.GONE);
  }

  /** Time left to wait, negative if none. */
  public long nanosLeft() {
    return deadlineNanos - System.nanoTime();
  }
}

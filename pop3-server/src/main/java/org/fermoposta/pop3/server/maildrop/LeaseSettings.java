// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import java.time.Duration;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;

/**
 * What happens to a login while another session has the maildrop.
 *
 * @param policy default refuse
 * @param waitFor how long a login waits for the lease with {@link Policy#WAIT}, and with all for a
 *     session that ends, 100 ms to 1 min; default 10 s, which clients bear
 * @param idleFor with {@link Policy#TAKE_OVER}, how long the other session's client must have been
 *     silent, 0 s to 24 h, 0 for not at all; default 2 min
 */
public record LeaseSettings(
    @Default("refuse") Policy policy,
    @Default("10s") Duration waitFor,
    @Default("2m") Duration idleFor) {

  /** Refuse, wait, or take over. */
  public enum Policy {
    /** Refused at once, unless the other client has gone and its session just ends. */
    REFUSE,
    /** Waits its turn; refused if that does not come in time. */
    WAIT,
    /** The other session is ended, without UPDATE, if its client is silent or gone. */
    TAKE_OVER
  }

  /** Checks the ranges. */
  public LeaseSettings {
    within("waitFor", waitFor, Duration.ofMillis(100), Duration.ofMinutes(1));
    within("idleFor", idleFor, Duration.ZERO, Duration.ofHours(24));
  }

  /** All defaults. */
  public static LeaseSettings defaults() {
    return new LeaseSettings(Policy.REFUSE, Duration.ofSeconds(10), Duration.ofMinutes(2));
  }

  private static void within(String component, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new InvalidSettingException(
          component,
          "duration " + text(value) + " (expected: " + text(min) + " to " + text(max) + ")");
    }
  }

  private static String text(Duration value) {
    return value.toMillis() % 1000 == 0 ? value.toSeconds() + "s" : value.toMillis() + "ms";
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.retention;

import java.time.Duration;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;

/**
 * When and how fast maildrops are swept.
 *
 * @param every from the end of one sweep over all maildrops to the next, 1 min to 7 d; 0 for never;
 *     default 1 h
 * @param messagesPerSecond how many messages are removed in a second at most, 1 to 1,000,000;
 *     default 200
 */
public record SweepSettings(@Default("1h") Duration every, @Default("200") int messagesPerSecond) {

  private static final int MAX_RATE = 1_000_000;

  /** Validates. */
  public SweepSettings {
    boolean sane =
        every.compareTo(Duration.ofMinutes(1)) >= 0 && every.compareTo(Duration.ofDays(7)) <= 0;
    if (!every.isZero() && !sane) {
      throw new InvalidSettingException(
          "every", "duration " + every.toSeconds() + "s (expected: 1m to 7d, or 0s for never)");
    }
    if (messagesPerSecond < 1 || messagesPerSecond > MAX_RATE) {
      throw new InvalidSettingException(
          "messagesPerSecond",
          "number " + messagesPerSecond + " (expected: 1 to " + MAX_RATE + ")");
    }
  }

  /** All defaults. */
  public static SweepSettings defaults() {
    return new SweepSettings(Duration.ofHours(1), 200);
  }
}

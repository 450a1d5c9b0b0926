// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

import java.time.Duration;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;

/**
 * When the kernel asks whether a silent peer is still there, and when it gives one up. With the
 * defaults a connection whose cable was pulled while nothing was under way is closed after 40 s. A
 * kernel or transport that does not know one of these keeps its own.
 *
 * @param idle silence before the first probe (TCP_KEEPIDLE), 1 s to 2 h; default 20 s
 * @param interval between probes (TCP_KEEPINTVL), 1 s to 10 min; default 5 s
 * @param probes unanswered ones until the connection is closed (TCP_KEEPCNT), 1 to 100; default 4
 * @param userTimeout how long what was sent may stay unacknowledged, and a peer may keep its
 *     receive window shut (TCP_USER_TIMEOUT), 0 s to 1 h, 0 for the kernel's own, some 15 min;
 *     default 0. Known to the transports epoll and io_uring only
 */
public record KeepAliveSettings(
    @Default("20s") Duration idle,
    @Default("5s") Duration interval,
    @Default("4") int probes,
    @Default("0s") Duration userTimeout) {

  /** Checks the ranges. */
  public KeepAliveSettings {
    within("idle", idle, 1, 7200);
    within("interval", interval, 1, 600);
    within("userTimeout", userTimeout, 0, 3600);
    if (probes < 1 || probes > 100) {
      throw new InvalidSettingException("probes", "number " + probes + " (expected: 1 to 100)");
    }
  }

  /** All defaults. */
  public static KeepAliveSettings defaults() {
    return new KeepAliveSettings(Duration.ofSeconds(20), Duration.ofSeconds(5), 4, Duration.ZERO);
  }

  private static void within(String component, Duration value, long min, long max) {
    // The kernel counts in whole seconds.
    if (value.compareTo(Duration.ofSeconds(min)) < 0
        || value.compareTo(Duration.ofSeconds(max)) > 0
        || value.toMillis() % 1000 != 0) {
      throw new InvalidSettingException(
          component,
          "duration "
              + value.toMillis()
              + "ms (expected: whole seconds, "
              + min
              + "s to "
              + max
              + "s)");
    }
  }
}

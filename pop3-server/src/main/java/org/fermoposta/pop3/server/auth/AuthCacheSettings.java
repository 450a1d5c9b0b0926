// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.time.Duration;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;

/**
 * How long is remembered what a back end said of a password.
 *
 * @param success right ones, 0 s to 1 h; 0 for not at all; default 2 min
 * @param failure wrong ones, 0 s to 10 min; 0 for not at all; default 10 s
 * @param entries at most of each kind, 0 to 1,000,000; default 10,000
 */
public record AuthCacheSettings(
    @Default("2m") Duration success,
    @Default("10s") Duration failure,
    @Default("10000") int entries) {

  public AuthCacheSettings {
    within("success", success, Duration.ofHours(1));
    within("failure", failure, Duration.ofMinutes(10));
    if (entries < 0 || entries > 1_000_000) {
      throw new InvalidSettingException(
          "entries", "number " + entries + " (expected: 0 to 1000000)");
    }
  }

  /** All defaults. */
  public static AuthCacheSettings defaults() {
    return new AuthCacheSettings(Duration.ofMinutes(2), Duration.ofSeconds(10), 10_000);
  }

  private static void within(String component, Duration value, Duration max) {
    if (value.isNegative() || value.compareTo(max) > 0) {
      throw new InvalidSettingException(
          component,
          "duration " + value.toSeconds() + "s (expected: 0s to " + max.toSeconds() + "s)");
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import java.nio.file.Path;
import java.time.Duration;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;
import org.jspecify.annotations.Nullable;

/**
 * Session tickets (RFC 5077, RFC 8446 section 4.6.1). With the JDK's engine the JDK keeps keys of
 * its own, and these settings have no effect.
 *
 * @param keys file of keys that several nodes share: one to eight of 48 octets one behind another,
 *     of which the first makes tickets and all open them; default: own random keys
 * @param rotate how long an own key makes tickets, and as long again it opens them; 1m to 24h,
 *     default 12h
 */
public record TicketSettings(@Nullable Path keys, @Default("12h") Duration rotate) {

  /** Checks the range. */
  public TicketSettings {
    if (rotate.compareTo(Duration.ofMinutes(1)) < 0 || rotate.compareTo(Duration.ofDays(1)) > 0) {
      throw new InvalidSettingException("rotate", "duration " + rotate + " (expected: 1m to 24h)");
    }
  }

  /** Own keys, changed every twelve hours. */
  public static TicketSettings defaults() {
    return new TicketSettings(null, Duration.ofHours(12));
  }
}

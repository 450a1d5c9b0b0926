// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy.relay;

import java.time.Duration;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;

/**
 * Limits of a relayed connection.
 *
 * @param idleTimeout without an octet in either direction, after which both connections are closed;
 *     10m to 1d, default 30m. RFC 1939, section 3 wants at least ten minutes; make it longer than
 *     the upstream's own timer, so that it is the upstream who ends an idle session
 */
public record RelaySettings(@Default("30m") Duration idleTimeout) {

  /** Checks the range. */
  public RelaySettings {
    if (idleTimeout.compareTo(Duration.ofMinutes(10)) < 0
        || idleTimeout.compareTo(Duration.ofDays(1)) > 0) {
      throw new InvalidSettingException(
          "idleTimeout", "duration " + idleTimeout + " (expected: 10m to 1d)");
    }
  }
}

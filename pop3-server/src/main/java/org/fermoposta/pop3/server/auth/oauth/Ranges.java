// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.oauth;

import java.time.Duration;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;

/** Checks that settings share. */
final class Ranges {

  private Ranges() {}

  static void check(String component, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new InvalidSettingException(
          component,
          "duration "
              + value.toSeconds()
              + "s (expected: "
              + min.toSeconds()
              + "s to "
              + max.toSeconds()
              + "s)");
    }
  }
}

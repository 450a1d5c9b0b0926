// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy.front;

import java.time.Duration;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;
import org.fermoposta.pop3.runtime.config.OctetSize;

/**
 * What a client may do before it is logged in.
 *
 * @param cleartextLogin whether USER, PASS and AUTH are allowed without TLS; default false
 * @param maxErrors malformed and refused commands before the connection is closed, 1 to 1000;
 *     default 10. A client that begins with three of them and nothing else is closed at once: it
 *     speaks another protocol
 * @param loginTimeout from the connection to the login, TLS included; 1s to 10m, default 60s
 * @param maxSaslLine the longest line of a SASL exchange, 12KiB to 1MiB; default 128KiB
 */
public record FrontSettings(
    @Default("false") boolean cleartextLogin,
    @Default("10") int maxErrors,
    @Default("60s") Duration loginTimeout,
    @Default("128KiB") OctetSize maxSaslLine) {

  /** Checks the ranges. */
  public FrontSettings {
    if (maxErrors < 1 || maxErrors > 1000) {
      throw new InvalidSettingException(
          "maxErrors", "number " + maxErrors + " (expected: 1 to 1000)");
    }
    if (loginTimeout.compareTo(Duration.ofSeconds(1)) < 0
        || loginTimeout.compareTo(Duration.ofMinutes(10)) > 0) {
      throw new InvalidSettingException(
          "loginTimeout", "duration " + loginTimeout + " (expected: 1s to 10m)");
    }
    if (maxSaslLine.octets() < 12 * 1024 || maxSaslLine.octets() > 1024 * 1024) {
      throw new InvalidSettingException(
          "maxSaslLine", "size " + maxSaslLine + " (expected: 12KiB to 1MiB)");
    }
  }

  /** All defaults, but for logins in clear. */
  public static FrontSettings defaults(boolean cleartextLogin) {
    return new FrontSettings(cleartextLogin, 10, Duration.ofSeconds(60), new OctetSize(128 * 1024));
  }
}

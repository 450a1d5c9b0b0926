// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import java.time.Duration;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;
import org.fermoposta.pop3.server.text.Language;

/**
 * What every session keeps to.
 *
 * @param loginTimeout from the connection to the login, 1 s to 1 h; default 2 min
 * @param idleTimeout without a finished command or progress of a reply after login, 10 min (RFC
 *     1939, section 3) to 24 h; default 10 min
 * @param writeTimeout for a client that is slow to take a reply, counted anew whenever it has taken
 *     what was buffered for it (at most 64 KiB), 1 s to 1 h; default 5 min
 * @param failedLoginDelay the first refused login is answered after this, each further one on the
 *     connection after twice the time; 0 s to 1 min, 0 for none; default 1 s
 * @param maxFailedLogins refused logins, for whatever reason, until the connection is closed, 1 to
 *     100; default 3
 * @param maxBadCommands commands that were answered {@code -ERR}, before login in all and after it
 *     in a row, until the connection is closed, 1 to 1000; default 20
 * @param cleartextLogin whether passwords are accepted without TLS; default false
 * @param language what replies are in until the client chooses another; default English
 * @param utf8Downgrade what a client without UTF8 gets of a message that needs it; default {@link
 *     Utf8Downgrade#SURROGATE}
 */
public record SessionSettings(
    @Default("2m") Duration loginTimeout,
    @Default("10m") Duration idleTimeout,
    @Default("5m") Duration writeTimeout,
    @Default("1s") Duration failedLoginDelay,
    @Default("3") int maxFailedLogins,
    @Default("20") int maxBadCommands,
    @Default("false") boolean cleartextLogin,
    @Default("en") Language language,
    @Default("surrogate") Utf8Downgrade utf8Downgrade) {

  public SessionSettings {
    within("loginTimeout", loginTimeout, Duration.ofSeconds(1), Duration.ofHours(1));
    within("idleTimeout", idleTimeout, Duration.ofMinutes(10), Duration.ofHours(24));
    within("writeTimeout", writeTimeout, Duration.ofSeconds(1), Duration.ofHours(1));
    within("failedLoginDelay", failedLoginDelay, Duration.ZERO, Duration.ofMinutes(1));
    within("maxFailedLogins", maxFailedLogins, 100);
    within("maxBadCommands", maxBadCommands, 1000);
  }

  /** Replies in English, surrogates for clients without UTF8. */
  public SessionSettings(
      Duration loginTimeout,
      Duration idleTimeout,
      Duration writeTimeout,
      Duration failedLoginDelay,
      int maxFailedLogins,
      int maxBadCommands,
      boolean cleartextLogin) {
    this(
        loginTimeout,
        idleTimeout,
        writeTimeout,
        failedLoginDelay,
        maxFailedLogins,
        maxBadCommands,
        cleartextLogin,
        Language.english(),
        Utf8Downgrade.SURROGATE);
  }

  /** The same with another language and another way to treat messages that need UTF8. */
  public SessionSettings with(Language other, Utf8Downgrade downgrade) {
    return new SessionSettings(
        loginTimeout,
        idleTimeout,
        writeTimeout,
        failedLoginDelay,
        maxFailedLogins,
        maxBadCommands,
        cleartextLogin,
        other,
        downgrade);
  }

  /** All defaults. */
  public static SessionSettings defaults() {
    return new SessionSettings(
        Duration.ofMinutes(2),
        Duration.ofMinutes(10),
        Duration.ofMinutes(5),
        Duration.ofSeconds(1),
        3,
        20,
        false);
  }

  private static void within(String component, Duration value, Duration min, Duration max) {
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

  private static void within(String component, int value, int max) {
    if (value < 1 || value > max) {
      throw new InvalidSettingException(
          component, "number " + value + " (expected: 1 to " + max + ")");
    }
  }
}

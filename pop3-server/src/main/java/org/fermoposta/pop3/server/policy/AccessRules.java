// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.policy;

import java.time.Duration;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;
import org.fermoposta.pop3.runtime.config.OctetSize;

/**
 * Whether a user may use POP3, and how much.
 *
 * @param pop3 whether the user may log in at all; default true
 * @param readOnly whether sessions remove nothing: DELE is refused; default false
 * @param maxSessions sessions of the user at a time, all folders and devices together, 0 to 10000;
 *     0 for any number; default 0
 * @param delay how long a login with the right credentials waits, 0 s to 30 s; default 0 s
 * @param messagesPerDay messages retrieved in 24 hours, 0 to 2^31-1; 0 for any number; default 0
 * @param octetsPerDay octets retrieved in 24 hours; 0 for any number; default 0
 */
public record AccessRules(
    @Default("true") boolean pop3,
    @Default("false") boolean readOnly,
    @Default("0") int maxSessions,
    @Default("0s") Duration delay,
    @Default("0") int messagesPerDay,
    @Default("0B") OctetSize octetsPerDay) {

  private static final int MAX_SESSIONS = 10_000;
  private static final Duration MAX_DELAY = Duration.ofSeconds(30);

  /** Validates. */
  public AccessRules {
    if (maxSessions < 0 || maxSessions > MAX_SESSIONS) {
      throw new InvalidSettingException(
          "maxSessions", "number " + maxSessions + " (expected: 0 to " + MAX_SESSIONS + ")");
    }
    if (delay.isNegative() || delay.compareTo(MAX_DELAY) > 0) {
      throw new InvalidSettingException(
          "delay", "duration " + delay.toMillis() + "ms (expected: 0s to 30s)");
    }
    if (messagesPerDay < 0) {
      throw new InvalidSettingException(
          "messagesPerDay", "number " + messagesPerDay + " (expected: >= 0)");
    }
  }

  /** No restriction. */
  public static AccessRules defaults() {
    return new AccessRules(true, false, 0, Duration.ZERO, 0, new OctetSize(0));
  }

  /** The same with POP3 on or off. */
  public AccessRules withPop3(boolean other) {
    return new AccessRules(other, readOnly, maxSessions, delay, messagesPerDay, octetsPerDay);
  }

  /** The same with deletion or without. */
  public AccessRules withReadOnly(boolean other) {
    return new AccessRules(pop3, other, maxSessions, delay, messagesPerDay, octetsPerDay);
  }

  /** The same with another number of sessions. */
  public AccessRules withMaxSessions(int other) {
    return new AccessRules(pop3, readOnly, other, delay, messagesPerDay, octetsPerDay);
  }

  /** The same with another delay. */
  public AccessRules withDelay(Duration other) {
    return new AccessRules(pop3, readOnly, maxSessions, other, messagesPerDay, octetsPerDay);
  }

  /** The same with another number of messages. */
  public AccessRules withMessagesPerDay(int other) {
    return new AccessRules(pop3, readOnly, maxSessions, delay, other, octetsPerDay);
  }

  /** The same with another number of octets. */
  public AccessRules withOctetsPerDay(OctetSize other) {
    return new AccessRules(pop3, readOnly, maxSessions, delay, messagesPerDay, other);
  }
}

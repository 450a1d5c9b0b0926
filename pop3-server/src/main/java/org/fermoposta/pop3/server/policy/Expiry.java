// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.policy;

import java.time.Duration;
import java.time.Instant;

/**
 * How long messages are kept at least, in whole days: the EXPIRE of RFC 2449 §6.7.
 *
 * @param days 0 to 36500: 0 for until they are retrieved; -1 for ever
 */
public record Expiry(int days) implements Comparable<Expiry> {

  /** Messages are kept for ever. */
  public static final Expiry NEVER = new Expiry(-1);

  private static final int MAX_DAYS = 36_500;

  /** Validates. */
  public Expiry {
    if (days < -1 || days > MAX_DAYS) {
      throw new IllegalArgumentException(
          "expiry: " + days + " days (expected: 0 to " + MAX_DAYS + ", or never)");
    }
  }

  /**
   * Reads {@code never}, {@code 0} or days such as {@code 30d}.
   *
   * @throws IllegalArgumentException if it is none of them
   */
  public static Expiry parse(String text) {
    if (text.equals("never")) {
      return NEVER;
    }
    if (text.equals("0")) {
      return new Expiry(0);
    }
    if (text.matches("\\d{1,5}d")) {
      return new Expiry(Integer.parseInt(text, 0, text.length() - 1, 10));
    }
    throw new IllegalArgumentException(
        "expiry \"" + text + "\" (expected: never, 0, or days such as 30d)");
  }

  /** Whether messages are gone for the client as soon as it has retrieved them. */
  public boolean onceRetrieved() {
    return days == 0;
  }

  /** Whether a message delivered then may be removed now, retrieved or not. */
  public boolean over(Instant delivered, Instant now) {
    return days > 0 && !delivered.plus(Duration.ofDays(days)).isAfter(now);
  }

  /** The stricter, that is shorter, one comes first. */
  @Override
  public int compareTo(Expiry other) {
    return Integer.compareUnsigned(days, other.days);
  }

  /** The parameter of the capability: {@code NEVER} or the days. */
  public String parameter() {
    return days < 0 ? "NEVER" : String.valueOf(days);
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return days < 0 ? "never" : days == 0 ? "0" : days + "d";
  }
}

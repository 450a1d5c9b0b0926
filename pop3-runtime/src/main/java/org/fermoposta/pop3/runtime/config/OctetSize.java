// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A size in octets, written {@code 512B}, {@code 64KiB}, {@code 25MiB} or {@code 2GiB}.
 *
 * @param octets 0 or more
 */
public record OctetSize(long octets) {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,18}) ?(B|KiB|MiB|GiB|TiB)");
  private static final String UNITS = "B KiB MiB GiB TiB ";

  /** Checks the range. */
  public OctetSize {
    if (octets < 0) {
      throw new IllegalArgumentException("size " + octets + "B (expected: >= 0B)");
    }
  }

  /**
   * Parses the written form.
   *
   * @throws IllegalArgumentException if there is no number, no unit, another unit, or more than
   *     2^63-1 octets
   */
  public static OctetSize parse(String text) {
    Matcher m = FORM.matcher(text);
    if (m.matches()) {
      int power = UNITS.substring(0, UNITS.indexOf(m.group(2) + " ")).split(" ", -1).length - 1;
      try {
        return new OctetSize(Math.multiplyExact(Long.parseLong(m.group(1)), 1L << (10 * power)));
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException("size \"" + text + "\" (expected: < 8388608TiB)", e);
      }
    }
    throw new IllegalArgumentException(
        "size \"" + text + "\" (expected: a number with unit, such as 512B, 64KiB, 25MiB or 2GiB)");
  }

  /** The octets as an int. */
  public int toIntExact() {
    if (octets > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("size " + this + " (expected: < 2GiB)");
    }
    return (int) octets;
  }

  /** The written form, with the largest unit that divides it. */
  @Override
  public String toString() {
    String[] units = UNITS.split(" ", -1);
    int power = octets == 0 ? 0 : Math.min(4, Long.numberOfTrailingZeros(octets) / 10);
    return String.format(Locale.ROOT, "%d%s", octets >> (10 * power), units[power]);
  }
}

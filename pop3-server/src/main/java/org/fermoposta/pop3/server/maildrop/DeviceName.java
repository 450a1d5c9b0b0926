// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a user calls a device: 1 to 32 of {@code a-z 0-9 . _ -}, beginning with a letter or digit.
 * Upper case is folded.
 */
public final class DeviceName {

  private static final Pattern SHAPE = Pattern.compile("[a-z0-9][a-z0-9._-]{0,31}");

  /** The device of a login that names none. */
  public static final DeviceName MAIN = new DeviceName("main");

  private final String value;

  private DeviceName(String value) {
    this.value = value;
  }

  /** The device a client named, or empty if no device can have that name. */
  public static Optional<DeviceName> parse(String given) {
    String value = given.toLowerCase(Locale.ROOT);
    return SHAPE.matcher(value).matches() ? Optional.of(new DeviceName(value)) : Optional.empty();
  }

  /**
   * A name that is known to be good.
   *
   * @throws IllegalArgumentException if {@link #parse} refuses it
   */
  public static DeviceName of(String name) {
    return parse(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "device: "
                        + LogText.quote(name)
                        + " (expected: 1 to 32 of a-z 0-9 . _ -, first a letter or digit)"));
  }

  /** The name, canonical. */
  public String value() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DeviceName name && name.value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return value;
  }
}

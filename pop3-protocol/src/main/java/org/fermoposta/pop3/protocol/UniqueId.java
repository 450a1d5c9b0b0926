// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol;

/**
 * A message's unique-id (RFC 1939, section 7, UIDL).
 *
 * @param value 1 to 70 characters of 0x21 to 0x7E for {@link #isConformant conformant} ones; from
 *     servers up to {@value #MAX_TOLERATED_LENGTH} characters of 0x21 to 0xFF
 */
public record UniqueId(String value) implements Comparable<UniqueId> {
  /** The longest that is taken from a server; such ones exist, see {@link #isConformant}. */
  public static final int MAX_TOLERATED_LENGTH = 500;

  /**
   * @throws IllegalArgumentException if the value is empty, too long, or holds a blank, a control
   *     or a character beyond 0xFF
   */
  public UniqueId {
    boolean valid = !value.isEmpty() && value.length() <= MAX_TOLERATED_LENGTH;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      valid &= c > ' ' && c != 0x7f && c <= 0xff;
    }
    if (!valid) {
      throw new IllegalArgumentException(
          "unique-id: \""
              + Printable.escape(value)
              + "\" (expected: 1 to 70 characters of 0x21 to 0x7E)");
    }
  }

  /**
   * Returns the unique-id that a server of ours may show.
   *
   * @throws IllegalArgumentException if it is not {@link #isConformant conformant}
   */
  public static UniqueId of(String value) {
    UniqueId id = new UniqueId(value);
    if (!id.isConformant()) {
      throw new IllegalArgumentException(
          "unique-id: \""
              + Printable.escape(value)
              + "\" (expected: 1 to 70 characters of 0x21 to 0x7E)");
    }
    return id;
  }

  /** Returns whether it is what RFC 1939 allows. */
  public boolean isConformant() {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) >= 0x7f) {
        return false;
      }
    }
    return value.length() <= ProtocolLimits.MAX_UNIQUE_ID_OCTETS;
  }

  @Override
  public int compareTo(UniqueId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}

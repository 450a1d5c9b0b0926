// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.security.MessageDigest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What both ends of a TLS channel, and nobody in between, can know about it. Immutable.
 *
 * <p>An exported one must not serve a second exchange on its connection, not even after a failure
 * (RFC 9266 section 4.1); see {@link SaslChannel#afterUse()}.
 */
public final class ChannelBinding {

  private final ChannelBindingType type;
  private final byte[] octets;

  private ChannelBinding(ChannelBindingType type, byte[] owned) {
    this.type = type;
    octets = owned;
  }

  /**
   * A binding of these octets, copied.
   *
   * @throws IllegalArgumentException if there are no octets, or not 32 for {@code tls-exporter}
   */
  public static ChannelBinding of(ChannelBindingType type, byte[] octets) {
    boolean fits =
        type == ChannelBindingType.TLS_EXPORTER ? octets.length == 32 : octets.length > 0;
    if (!fits) {
      throw new IllegalArgumentException(
          type.registeredName() + ": " + octets.length + " octets (expected: 32, or > 0)");
    }
    return new ChannelBinding(type, octets.clone());
  }

  /** The kind. */
  public ChannelBindingType type() {
    return type;
  }

  /** A copy of the octets. */
  public byte[] octets() {
    return octets.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ChannelBinding binding
        && type == binding.type
        && MessageDigest.isEqual(octets, binding.octets);
  }

  @Override
  public int hashCode() {
    return Objects.hash(type, octets.length);
  }

  @Override
  public String toString() {
    return "ChannelBinding[" + type.registeredName() + "]";
  }
}

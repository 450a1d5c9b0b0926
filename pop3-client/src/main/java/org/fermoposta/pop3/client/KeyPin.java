// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A server's public key, by the SHA-256 of its SubjectPublicKeyInfo: what {@code TLSA 3 1 1}
 * records hold and other programs write as {@code sha256//...}. It outlives the renewal of a
 * certificate that keeps its key. Immutable.
 */
public final class KeyPin {
  private static final int OCTETS = 32;
  private static final String PREFIX = "sha256//";

  private final byte[] digest;

  private KeyPin(byte[] owned) {
    digest = owned;
  }

  /** Returns the pin of a certificate's key. */
  public static KeyPin of(X509Certificate certificate) {
    try {
      return new KeyPin(
          MessageDigest.getInstance("SHA-256").digest(certificate.getPublicKey().getEncoded()));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("no SHA-256 in this runtime", missing);
    }
  }

  /**
   * Parses a pin.
   *
   * @param text 32 octets in base64, perhaps behind {@code sha256//}, or in hexadecimal, perhaps
   *     with colons
   * @throws IllegalArgumentException if it is neither
   */
  public static KeyPin parse(String text) {
    String value = text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text;
    String digits = value.replace(":", "").toLowerCase(Locale.ROOT);
    byte[] octets;
    try {
      octets =
          digits.length() == 2 * OCTETS
              ? HexFormat.of().parseHex(digits)
              : Base64.getDecoder().decode(value);
    } catch (IllegalArgumentException neither) {
      octets = new byte[0];
    }
    if (octets.length != OCTETS) {
      throw new IllegalArgumentException(
          "key pin: \"" + text + "\" (expected: the SHA-256 of a key in base64 or hexadecimal)");
    }
    return new KeyPin(octets);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KeyPin pin && MessageDigest.isEqual(digest, pin.digest);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(digest);
  }

  /** Returns {@code sha256//} and the digest in base64. */
  @Override
  public String toString() {
    return PREFIX + Base64.getEncoder().encodeToString(digest);
  }
}

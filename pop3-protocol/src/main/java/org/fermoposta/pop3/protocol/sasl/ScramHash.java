// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

/** The hash functions of the SCRAM family (RFC 5802, RFC 7677). */
public enum ScramHash {
  /** Mandatory for implementers (RFC 5802), and the weakest of the three. */
  SHA_1("SHA-1", "HmacSHA1", 20),
  /** RFC 7677. */
  SHA_256("SHA-256", "HmacSHA256", 32),
  /** As deployed by other servers; no RFC of its own. */
  SHA_512("SHA-512", "HmacSHA512", 64);

  private final String digestName;
  private final String macName;
  private final int octets;

  ScramHash(String digestName, String macName, int octets) {
    this.digestName = digestName;
    this.macName = macName;
    this.octets = octets;
  }

  /** Length of the output in octets. */
  public int octets() {
    return octets;
  }

  /** The mechanism without channel binding. */
  public SaslMechanism mechanism() {
    return switch (this) {
      case SHA_1 -> SaslMechanism.SCRAM_SHA_1;
      case SHA_256 -> SaslMechanism.SCRAM_SHA_256;
      case SHA_512 -> SaslMechanism.SCRAM_SHA_512;
    };
  }

  String digestName() {
    return digestName;
  }

  String macName() {
    return macName;
  }
}

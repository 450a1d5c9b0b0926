// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Hashes and MACs that every Java runtime must have, so their absence is no case to handle. */
final class Digests {

  private Digests() {}

  static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("digest: " + algorithm + " is not in this Java runtime", e);
    }
  }

  static Mac mac(String algorithm, byte[] key) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      // HMAC pads keys with zeros, so one zero is the same key as none; but the API refuses none.
      mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, algorithm));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("MAC: " + algorithm + " is not in this Java runtime", e);
    }
  }

  static byte[] lowerHex(byte[] octets) {
    return HexFormat.of().formatHex(octets).getBytes(StandardCharsets.US_ASCII);
  }
}

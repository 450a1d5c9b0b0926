// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import org.fermoposta.pop3.protocol.Secret;

/** The functions of RFC 5802 section 2.2 and 3. Arrays are borrowed; results are new. */
final class ScramCrypto {

  private static final byte[] CLIENT_KEY = "Client Key".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SERVER_KEY = "Server Key".getBytes(StandardCharsets.US_ASCII);

  private ScramCrypto() {}

  /** Hi(Normalize(password), salt, iterations): two HMAC blocks per iteration. */
  static byte[] saltedPassword(ScramHash hash, Secret password, byte[] salt, int iterations)
      throws SaslException {
    Secret prepared = SaslPrep.storedPassword(password);
    Mac mac = prepared.with(octets -> Digests.mac(hash.macName(), octets));
    prepared.clear();
    mac.update(salt);
    byte[] round = mac.doFinal(new byte[] {0, 0, 0, 1});
    byte[] sum = round.clone();
    try {
      for (int i = 1; i < iterations; i++) {
        mac.update(round);
        mac.doFinal(round, 0);
        xorInto(sum, round);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("MAC: output does not fit its own length", e);
    }
    return sum;
  }

  static byte[] clientKey(ScramHash hash, byte[] saltedPassword) {
    return hmac(hash, saltedPassword, CLIENT_KEY);
  }

  static byte[] serverKey(ScramHash hash, byte[] saltedPassword) {
    return hmac(hash, saltedPassword, SERVER_KEY);
  }

  static byte[] hash(ScramHash hash, byte[] octets) {
    return Digests.digest(hash.digestName()).digest(octets);
  }

  static byte[] hmac(ScramHash hash, byte[] key, byte[] message) {
    return Digests.mac(hash.macName(), key).doFinal(message);
  }

  static byte[] xor(byte[] left, byte[] right) {
    byte[] result = left.clone();
    xorInto(result, right);
    return result;
  }

  static void wipe(byte[] octets) {
    Arrays.fill(octets, (byte) 0);
  }

  private static void xorInto(byte[] target, byte[] other) {
    for (int i = 0; i < target.length; i++) {
      target[i] ^= other[i];
    }
  }
}

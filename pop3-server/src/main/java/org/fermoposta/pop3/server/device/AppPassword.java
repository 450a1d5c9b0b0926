// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.device;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import org.fermoposta.pop3.protocol.Secret;

/*
 * Design note. Salted SHA-256 and not Argon2: these passwords are made here and hold 75 random bits,
 * which no number of guesses a second gets at, and so all devices of a user can be tried at each
 * login at no cost. A password that a person chose is never stored so.
 */
/** What is kept of a device's own password. */
final class AppPassword {

  private static final String PREFIX = "sha256$";
  private static final int SALT_OCTETS = 16;
  private static final int DIGEST_OCTETS = 32;

  private final byte[] salt;
  private final byte[] digest;

  private AppPassword(byte[] salt, byte[] digest) {
    this.salt = salt;
    this.digest = digest;
  }

  /** Of a password made by {@link org.fermoposta.pop3.server.auth.PasswordHasher}. */
  static AppPassword of(Secret password, SecureRandom random) {
    byte[] salt = new byte[SALT_OCTETS];
    random.nextBytes(salt);
    return new AppPassword(salt, digest(salt, password));
  }

  /**
   * As {@link #stored()} wrote it.
   *
   * @throws IllegalArgumentException if it did not
   */
  static AppPassword parse(String stored) {
    String[] parts = stored.split("\\$", -1);
    if (parts.length == 3 && stored.startsWith(PREFIX)) {
      byte[] salt = Base64.getDecoder().decode(parts[1]);
      byte[] digest = Base64.getDecoder().decode(parts[2]);
      if (salt.length == SALT_OCTETS && digest.length == DIGEST_OCTETS) {
        return new AppPassword(salt, digest);
      }
    }
    throw new IllegalArgumentException("app password: not sha256$SALT$DIGEST");
  }

  /** For the record: one word. */
  String stored() {
    Base64.Encoder base64 = Base64.getEncoder();
    return PREFIX + base64.encodeToString(salt) + "$" + base64.encodeToString(digest);
  }

  /** In a time that does not depend on where they differ. */
  boolean matches(Secret password) {
    return MessageDigest.isEqual(digest, digest(salt, password));
  }

  private static byte[] digest(byte[] salt, Secret password) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(salt);
      return password.with(sha256::digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** Nothing of it. */
  @Override
  public String toString() {
    return "(app password)";
  }
}

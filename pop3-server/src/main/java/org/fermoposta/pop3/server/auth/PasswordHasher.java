// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.security.SecureRandom;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.SaslException;
import org.fermoposta.pop3.protocol.sasl.ScramHash;
import org.fermoposta.pop3.protocol.sasl.ScramKeys;

/** Makes passwords and what a passwd file holds of them. Thread-safe. */
public final class PasswordHasher {

  /** Memory of one hash in KiB: 19 MiB, with two passes the least that OWASP recommends. */
  static final int ARGON2_KIB = 19 * 1024;

  static final int ARGON2_PASSES = 2;

  private static final int SALT_OCTETS = 16;
  private static final int HASH_OCTETS = 32;
  private static final String CONSONANTS = "bdfghjklmnprstvz";
  private static final String VOWELS = "aeiou";
  private static final int GROUPS = 6;
  private static final int SYLLABLES_PER_GROUP = 2;

  private final SecureRandom random;

  /** A hasher with this source of salts and passwords. */
  public PasswordHasher(SecureRandom random) {
    this.random = random;
  }

  /** The password field of a passwd line, {@code {ARGON2ID}$argon2id$...}, with a new salt. */
  public String argon2id(Secret password) {
    byte[] salt = new byte[SALT_OCTETS];
    random.nextBytes(salt);
    return "{ARGON2ID}"
        + password.with(
            octets -> Argon2Hash.create(octets, salt, ARGON2_KIB, ARGON2_PASSES, HASH_OCTETS));
  }

  /**
   * The password field of a passwd line, {@code {SCRAM-SHA-256}iterations,salt,...}, with a new
   * salt: it serves SCRAM with this hash, and mechanisms that show the password.
   *
   * @param iterations 4096 (RFC 7677, section 4) to 1,000,000
   * @throws SaslException if SASLprep refuses the password
   */
  public String scram(ScramHash hash, Secret password, int iterations) throws SaslException {
    byte[] salt = new byte[SALT_OCTETS];
    random.nextBytes(salt);
    return "{"
        + hash.mechanism().ianaName()
        + "}"
        + ScramPassword.stored(ScramKeys.derive(hash, password, salt, iterations));
  }

  /**
   * A new password that is easy to read and type, such as {@code bado-kive-lusa-rino-tefu-goda}: 75
   * bits of randomness. As text, since the caller is to show it to somebody.
   */
  public String readablePassword() {
    StringBuilder out = new StringBuilder();
    for (int group = 0; group < GROUPS; group++) {
      out.append(group == 0 ? "" : "-");
      for (int syllable = 0; syllable < SYLLABLES_PER_GROUP; syllable++) {
        out.append(CONSONANTS.charAt(random.nextInt(CONSONANTS.length())));
        out.append(VOWELS.charAt(random.nextInt(VOWELS.length())));
      }
    }
    return out.toString();
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.util.Map;
import java.util.Optional;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.SaslException;
import org.fermoposta.pop3.protocol.sasl.ScramHash;
import org.fermoposta.pop3.protocol.sasl.ScramKeys;

/**
 * SCRAM keys (RFC 5802), which serve mechanisms that show the password as well: the keys are
 * computed from it and compared. No password is stored (SC15).
 */
final class ScramPassword implements PasswordHash {

  private static final int MAX_ITERATIONS = 1_000_000;
  private static final String FORMS = "iterations,salt,StoredKey,ServerKey in base64";

  private final ScramKeys keys;
  private final Secret text;

  private ScramPassword(ScramKeys keys) {
    this.keys = keys;
    text = Secret.ofUtf8(keys.toStorageText());
  }

  /**
   * Reads Dovecot's form {@code iterations,salt,StoredKey,ServerKey}, or PostgreSQL's {@code
   * SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey}.
   *
   * @throws IllegalArgumentException if it is neither, or asks for more than a million iterations
   */
  static ScramPassword parse(ScramHash hash, String data) {
    String mechanism = hash.mechanism().ianaName();
    String text = data;
    String[] parts = data.split(",", -1);
    if (parts.length == 4) {
      text = mechanism + "$" + parts[0] + ":" + parts[1] + "$" + parts[2] + ":" + parts[3];
    }
    ScramKeys keys =
        ScramKeys.parse(text)
            .filter(parsed -> parsed.hash() == hash)
            .orElseThrow(() -> PasswordSchemes.malformed(mechanism, FORMS));
    if (keys.iterations() > MAX_ITERATIONS) {
      throw new IllegalArgumentException(
          mechanism
              + " iterations: "
              + keys.iterations()
              + " (expected: <= "
              + MAX_ITERATIONS
              + ")");
    }
    return new ScramPassword(keys);
  }

  /** Dovecot's form of new keys. */
  static String stored(ScramKeys keys) {
    String text = keys.toStorageText();
    return text.substring(text.indexOf('$') + 1).replace(':', ',').replace('$', ',');
  }

  @Override
  public boolean matches(byte[] password) {
    Secret shown = Secret.of(password);
    try {
      ScramKeys own = ScramKeys.derive(keys.hash(), shown, keys.salt(), keys.iterations());
      return text.equals(Secret.ofUtf8(own.toStorageText()));
    } catch (SaslException notPreparable) {
      return false; // No such password can have been stored.
    } finally {
      shown.clear();
    }
  }

  @Override
  public String cost() {
    return keys.hash().mechanism().ianaName() + " " + keys.iterations();
  }

  @Override
  public StoredCredentials credentials() {
    return new StoredCredentials(Map.of(keys.hash(), keys), Optional.empty());
  }

  @Override
  public String toString() {
    return "{" + cost() + "}[redacted]";
  }
}

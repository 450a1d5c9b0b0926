// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.util.Optional;
import org.fermoposta.pop3.protocol.Secret;

/**
 * What a server stores for a user of SCRAM instead of the password (RFC 5802 section 3): salt,
 * iteration count, StoredKey and ServerKey. Immutable.
 *
 * <p>Whoever has the keys can pose as the server and try passwords at leisure, so {@code toString}
 * shows neither.
 */
public final class ScramKeys {

  /** Longest salt in octets that is accepted. */
  public static final int MAX_SALT_OCTETS = 255;

  private final ScramHash hash;
  private final byte[] salt;
  private final int iterations;
  private final byte[] storedKey;
  private final byte[] serverKey;

  /**
   * Keys as they were stored. The arrays are copied.
   *
   * @throws IllegalArgumentException if the salt has no octets or more than {@link
   *     #MAX_SALT_OCTETS}, {@code iterations < 1}, or a key has not the length of the hash
   */
  public ScramKeys(
      ScramHash hash, byte[] salt, int iterations, byte[] storedKey, byte[] serverKey) {
    if (salt.length == 0 || salt.length > MAX_SALT_OCTETS || iterations < 1) {
      throw new IllegalArgumentException(
          "salt: "
              + salt.length
              + " octets, iterations: "
              + iterations
              + " (expected: 1 to "
              + MAX_SALT_OCTETS
              + ", >= 1)");
    }
    if (storedKey.length != hash.octets() || serverKey.length != hash.octets()) {
      throw new IllegalArgumentException(
          "keys: "
              + storedKey.length
              + " and "
              + serverKey.length
              + " octets (expected: "
              + hash.octets()
              + ")");
    }
    this.hash = hash;
    this.salt = salt.clone();
    this.iterations = iterations;
    this.storedKey = storedKey.clone();
    this.serverKey = serverKey.clone();
  }

  /**
   * Derives the keys from a password, prepared by {@link SaslPrep#storedPassword}. Costs {@code
   * iterations} times two hash blocks: not for an event loop.
   *
   * @param salt fresh random octets, 16 are customary
   * @param iterations at least 4096 for interoperability (RFC 7677 section 3)
   * @throws SaslException if SASLprep refuses the password
   * @throws IllegalArgumentException as the constructor
   */
  public static ScramKeys derive(ScramHash hash, Secret password, byte[] salt, int iterations)
      throws SaslException {
    byte[] salted = ScramCrypto.saltedPassword(hash, password, salt, iterations);
    byte[] clientKey = ScramCrypto.clientKey(hash, salted);
    byte[] serverKey = ScramCrypto.serverKey(hash, salted);
    ScramKeys keys =
        new ScramKeys(hash, salt, iterations, ScramCrypto.hash(hash, clientKey), serverKey);
    ScramCrypto.wipe(salted);
    ScramCrypto.wipe(clientKey);
    ScramCrypto.wipe(serverKey);
    return keys;
  }

  /**
   * Reads the form that {@link #toStorageText()} writes, which PostgreSQL and others use as well:
   * {@code SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey} with base64 values.
   *
   * @return empty if the text is not of this form, or its values are out of range
   */
  public static Optional<ScramKeys> parse(String text) {
    int scheme = text.indexOf('$');
    int keys = text.indexOf('$', scheme + 1);
    if (scheme < 0 || keys < 0) {
      return Optional.empty();
    }
    String parameters = text.substring(scheme + 1, keys);
    int salt = parameters.indexOf(':');
    int server = text.indexOf(':', keys);
    Optional<ScramHash> hash =
        SaslMechanism.named(text.substring(0, scheme))
            .filter(mechanism -> !mechanism.bindsChannel())
            .flatMap(SaslMechanism::scramHash);
    if (salt < 0 || server < 0 || hash.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ScramKeys(
              hash.get(),
              SaslBase64.decodeText(parameters.substring(salt + 1), MAX_SALT_OCTETS),
              ScramText.positiveNumber(parameters.substring(0, salt), "iterations"),
              SaslBase64.decodeText(text.substring(keys + 1, server), hash.get().octets()),
              SaslBase64.decodeText(text.substring(server + 1), hash.get().octets())));
    } catch (SaslException | IllegalArgumentException e) {
      return Optional.empty(); // The promise of this method: what does not fit is no keys.
    }
  }

  /** The hash the keys are for. */
  public ScramHash hash() {
    return hash;
  }

  /** A copy of the salt. */
  public byte[] salt() {
    return salt.clone();
  }

  /** The iteration count, at least 1. */
  public int iterations() {
    return iterations;
  }

  /** One line of printable ASCII to keep where passwords are kept; see {@link #parse}. */
  public String toStorageText() {
    return hash.mechanism().ianaName()
        + "$"
        + iterations
        + ":"
        + SaslBase64.encodeToText(salt)
        + "$"
        + SaslBase64.encodeToText(storedKey)
        + ":"
        + SaslBase64.encodeToText(serverKey);
  }

  byte[] storedKey() {
    return storedKey;
  }

  byte[] serverKey() {
    return serverKey;
  }

  @Override
  public String toString() {
    return "ScramKeys[" + hash.mechanism().ianaName() + ", iterations=" + iterations + "]";
  }
}

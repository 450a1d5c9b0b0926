// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Argon2 (RFC 9106) in the usual text form {@code $argon2id$v=19$m=..,t=..,p=..$salt$hash}. */
final class Argon2Hash implements PasswordHash {

  private static final Pattern FORM =
      Pattern.compile(
          "\\$argon2(id|i)(?:\\$v=(16|19))?\\$m=(\\d{1,8}),t=(\\d{1,4}),p=(\\d{1,3})"
              + "\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");
  private static final int MAX_KIB = 1 << 20;
  private static final int MAX_PASSES = 100;
  private static final int MIN_SALT_OCTETS = 8;
  private static final int MIN_HASH_OCTETS = 16;

  private final Argon2Parameters parameters;
  private final byte[] hash;

  private Argon2Hash(Argon2Parameters parameters, byte[] hash) {
    this.parameters = parameters;
    this.hash = hash;
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if it is malformed, or asks for more than 1 GiB or 100 passes
   */
  static Argon2Hash parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw PasswordSchemes.malformed("ARGON2ID", "$argon2id$v=19$m=..,t=..,p=..$salt$hash");
    }
    int kib = Integer.parseInt(matcher.group(3));
    int passes = Integer.parseInt(matcher.group(4));
    int lanes = Integer.parseInt(matcher.group(5));
    if (lanes < 1 || passes < 1 || passes > MAX_PASSES || kib < 8 * lanes || kib > MAX_KIB) {
      throw new IllegalArgumentException(
          "ARGON2ID parameters: m="
              + kib
              + ",t="
              + passes
              + ",p="
              + lanes
              + " (expected: m from 8 p to "
              + MAX_KIB
              + ", t from 1 to "
              + MAX_PASSES
              + ")");
    }
    byte[] salt = decode(matcher.group(6), MIN_SALT_OCTETS);
    byte[] hash = decode(matcher.group(7), MIN_HASH_OCTETS);
    boolean id = "id".equals(matcher.group(1));
    boolean version19 = "19".equals(matcher.group(2));
    return new Argon2Hash(parameters(id, version19, kib, passes, lanes, salt), hash);
  }

  /** Computes a new hash: Argon2id version 19. Borrows the octets. */
  static String create(byte[] password, byte[] salt, int kib, int passes, int hashOctets) {
    byte[] hash = compute(parameters(true, true, kib, passes, 1, salt), password, hashOctets);
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m="
        + kib
        + ",t="
        + passes
        + ",p=1$"
        + base64.encodeToString(salt)
        + "$"
        + base64.encodeToString(hash);
  }

  private static byte[] decode(String base64, int minOctets) {
    byte[] octets;
    try {
      octets = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      // The decoder's text would show part of the hash.
      throw PasswordSchemes.malformed("ARGON2ID", "base64 without padding");
    }
    if (octets.length < minOctets) {
      throw PasswordSchemes.malformed("ARGON2ID", "salt of 8 octets, hash of 16 or more");
    }
    return octets;
  }

  private static Argon2Parameters parameters(
      boolean id, boolean version19, int kib, int passes, int lanes, byte[] salt) {
    return new Argon2Parameters.Builder(id ? Argon2Parameters.ARGON2_id : Argon2Parameters.ARGON2_i)
        .withVersion(
            version19 ? Argon2Parameters.ARGON2_VERSION_13 : Argon2Parameters.ARGON2_VERSION_10)
        .withMemoryAsKB(kib)
        .withIterations(passes)
        .withParallelism(lanes)
        .withSalt(salt)
        .build();
  }

  private static byte[] compute(Argon2Parameters parameters, byte[] password, int octets) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(parameters);
    byte[] out = new byte[octets];
    generator.generateBytes(password, out);
    return out;
  }

  @Override
  public boolean matches(byte[] password) {
    return MessageDigest.isEqual(compute(parameters, password, hash.length), hash);
  }

  @Override
  public String cost() {
    return "ARGON2 m="
        + parameters.getMemory()
        + ",t="
        + parameters.getIterations()
        + ",p="
        + parameters.getLanes();
  }

  @Override
  public String toString() {
    return "{" + cost() + "}[redacted]";
  }
}

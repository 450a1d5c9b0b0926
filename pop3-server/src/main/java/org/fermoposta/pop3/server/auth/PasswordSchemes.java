// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.Md5Crypt;
import org.apache.commons.codec.digest.Sha2Crypt;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;
import org.fermoposta.pop3.protocol.sasl.ScramHash;
import org.fermoposta.pop3.server.maildrop.LogText;

/**
 * Reads stored passwords as Dovecot writes them: {@code {SCHEME}data}, or crypt(3)'s {@code
 * $id$...} without a scheme. Error texts never hold the data.
 */
final class PasswordSchemes {

  private static final Pattern SCHEME = Pattern.compile("\\{([A-Za-z0-9.-]+)}(.*)", Pattern.DOTALL);
  private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");
  private static final Pattern SHA_CRYPT =
      Pattern.compile("\\$([56])\\$(?:rounds=(\\d{1,9})\\$)?([^$:\\n]{1,16})\\$([./A-Za-z0-9]+)");
  private static final Pattern MD5_CRYPT =
      Pattern.compile("\\$(?:1|apr1)\\$[^$]{0,8}\\$[./A-Za-z0-9]{22}");
  private static final Pattern PBKDF2 =
      Pattern.compile("\\$1\\$([^$]{1,255})\\$(\\d{1,9})\\$([0-9a-fA-F]{40})");
  private static final int MAX_BCRYPT_COST = 20;
  private static final int MAX_SHA_ROUNDS = 10_000_000;
  private static final String KNOWN =
      "PLAIN, SCRAM-SHA-1, SCRAM-SHA-256, SCRAM-SHA-512, PBKDF2, ARGON2ID, ARGON2I, BLF-CRYPT, SHA512-CRYPT, SHA256-CRYPT, MD5-CRYPT, CRYPT, SSHA,"
          + " SSHA256, SSHA512, SMD5, SHA, SHA256, SHA512, PLAIN-MD5, LDAP-MD5";

  private PasswordSchemes() {}

  /**
   * Reads one stored password.
   *
   * @throws IllegalArgumentException if the scheme is unknown or the data are not of the scheme
   */
  static PasswordHash parse(String stored) {
    Matcher matcher = SCHEME.matcher(stored);
    if (!matcher.matches()) {
      if (stored.startsWith("$")) {
        return crypt(stored);
      }
      throw new IllegalArgumentException("password without scheme (expected: {SCHEME}...)");
    }
    String scheme = matcher.group(1).toUpperCase(Locale.ROOT);
    String data = matcher.group(2);
    return switch (scheme) {
      case "PLAIN", "CLEAR", "CLEARTEXT" -> new PlainPassword(data);
      case "SCRAM-SHA-1" -> ScramPassword.parse(ScramHash.SHA_1, data);
      case "SCRAM-SHA-256" -> ScramPassword.parse(ScramHash.SHA_256, data);
      case "SCRAM-SHA-512" -> ScramPassword.parse(ScramHash.SHA_512, data);
      case "PBKDF2" -> pbkdf2(data);
      case "ARGON2ID", "ARGON2I" -> Argon2Hash.parse(data);
      case "BLF-CRYPT" -> bcrypt(data);
      case "SHA512-CRYPT" -> shaCrypt(data, "6");
      case "SHA256-CRYPT" -> shaCrypt(data, "5");
      case "MD5-CRYPT" -> md5Crypt(data);
      case "CRYPT" -> crypt(data);
      default -> digest(scheme, data);
    };
  }

  private static PasswordHash crypt(String data) {
    if (data.startsWith("$2")) {
      return bcrypt(data);
    } else if (data.startsWith("$argon2")) {
      return Argon2Hash.parse(data);
    } else if (data.startsWith("$5$") || data.startsWith("$6$")) {
      return shaCrypt(data, data.substring(1, 2));
    } else if (data.startsWith("$1$") || data.startsWith("$apr1$")) {
      return md5Crypt(data);
    }
    throw new IllegalArgumentException(
        "CRYPT password of unknown kind (expected: $2a$, $2b$, $2y$, $5$, $6$, $1$, $apr1$ or $argon2id$)");
  }

  /** Dovecot's form: {@code $1$salt$rounds$hex of 20 octets}; the salt is used as text. */
  private static PasswordHash pbkdf2(String data) {
    Matcher matcher = PBKDF2.matcher(data);
    if (!matcher.matches()) {
      throw malformed("PBKDF2", "$1$salt$rounds$ and 40 hexadecimal digits");
    }
    byte[] salt = matcher.group(1).getBytes(StandardCharsets.US_ASCII);
    int rounds = Integer.parseInt(matcher.group(2));
    if (rounds < 1 || rounds > MAX_SHA_ROUNDS) {
      throw new IllegalArgumentException(
          "PBKDF2 rounds: " + rounds + " (expected: 1 to " + MAX_SHA_ROUNDS + ")");
    }
    byte[] hash = HexFormat.of().parseHex(matcher.group(3).toLowerCase(Locale.ROOT));
    return new Computed(
        "PBKDF2 " + rounds,
        password -> {
          PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(new SHA1Digest());
          generator.init(password, salt, rounds);
          KeyParameter key = (KeyParameter) generator.generateDerivedMacParameters(160);
          return MessageDigest.isEqual(key.getKey(), hash);
        });
  }

  private static PasswordHash bcrypt(String data) {
    Matcher matcher = BCRYPT.matcher(data);
    if (!matcher.matches()) {
      throw malformed("BLF-CRYPT", "$2y$cost$ and 53 characters");
    }
    int cost = Integer.parseInt(matcher.group(1));
    if (cost < 4 || cost > MAX_BCRYPT_COST) {
      throw new IllegalArgumentException(
          "BLF-CRYPT cost: " + cost + " (expected: 4 to " + MAX_BCRYPT_COST + ")");
    }
    return new Computed(
        "BLF-CRYPT " + cost, password -> OpenBSDBCrypt.checkPassword(data, password));
  }

  private static PasswordHash shaCrypt(String data, String id) {
    Matcher matcher = SHA_CRYPT.matcher(data);
    String scheme = id.equals("6") ? "SHA512-CRYPT" : "SHA256-CRYPT";
    int length = id.equals("6") ? 86 : 43;
    if (!matcher.matches() || !matcher.group(1).equals(id) || matcher.group(4).length() != length) {
      throw malformed(scheme, "$" + id + "$salt$ and " + length + " characters");
    }
    int rounds = matcher.group(2) == null ? 5000 : Integer.parseInt(matcher.group(2));
    if (rounds > MAX_SHA_ROUNDS) {
      throw new IllegalArgumentException(
          scheme + " rounds: " + rounds + " (expected: <= " + MAX_SHA_ROUNDS + ")");
    }
    Function<byte[], String> crypt =
        id.equals("6")
            ? password -> Sha2Crypt.sha512Crypt(password, data)
            : password -> Sha2Crypt.sha256Crypt(password, data);
    return new Computed(scheme + " " + rounds, password -> same(crypt.apply(password), data));
  }

  private static PasswordHash md5Crypt(String data) {
    if (!MD5_CRYPT.matcher(data).matches()) {
      throw malformed("MD5-CRYPT", "$1$salt$ and 22 characters");
    }
    Function<byte[], String> crypt =
        data.startsWith("$apr1$")
            ? password -> Md5Crypt.apr1Crypt(password, data)
            : password -> Md5Crypt.md5Crypt(password, data);
    return new Computed("MD5-CRYPT", password -> same(crypt.apply(password), data));
  }

  private static PasswordHash digest(String scheme, String data) {
    int dot = scheme.indexOf('.');
    String name = dot < 0 ? scheme : scheme.substring(0, dot);
    boolean salted = name.startsWith("SSHA") || name.equals("SMD5");
    String algorithm =
        switch (name.equals("SMD5") ? "PLAIN-MD5" : salted ? name.substring(1) : name) {
          case "SHA", "SHA1" -> "SHA-1";
          case "PLAIN-MD5", "LDAP-MD5" -> "MD5";
          case "SHA256" -> "SHA-256";
          case "SHA512" -> "SHA-512";
          default ->
              throw new IllegalArgumentException(
                  "unknown password scheme: "
                      + LogText.quote(scheme)
                      + " (expected: "
                      + KNOWN
                      + ")");
        };
    byte[] octets =
        decode(
            name,
            dot < 0 ? (name.equals("PLAIN-MD5") ? "HEX" : "") : scheme.substring(dot + 1),
            data);
    int length = newDigest(algorithm).getDigestLength();
    if (salted ? octets.length <= length : octets.length != length) {
      throw malformed(name, length + " octets" + (salted ? " and a salt" : ""));
    }
    byte[] hash = Arrays.copyOf(octets, length);
    byte[] salt = Arrays.copyOfRange(octets, length, octets.length);
    return new Computed(
        name,
        password -> {
          MessageDigest digest = newDigest(algorithm);
          digest.update(password);
          return MessageDigest.isEqual(digest.digest(salt), hash);
        });
  }

  private static byte[] decode(String scheme, String encoding, String data) {
    try {
      return switch (encoding) {
        case "", "B64", "BASE64" -> Base64.getDecoder().decode(data);
        case "HEX" -> HexFormat.of().parseHex(data.toLowerCase(Locale.ROOT));
        default -> throw malformed(scheme, "encoding .b64 or .hex");
      };
    } catch (IllegalArgumentException e) {
      // The decoder's text would show part of the hash.
      throw malformed(scheme, "data in base64 or, with .hex, hexadecimal");
    }
  }

  private static MessageDigest newDigest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has " + algorithm, e);
    }
  }

  static IllegalArgumentException malformed(String scheme, String expected) {
    return new IllegalArgumentException(
        scheme + " password is malformed (expected: " + expected + ")");
  }

  private static boolean same(String computed, String stored) {
    return MessageDigest.isEqual(
        computed.getBytes(StandardCharsets.US_ASCII), stored.getBytes(StandardCharsets.US_ASCII));
  }

  /** A hash whose data are held by a function. */
  private static final class Computed implements PasswordHash {

    private final String cost;
    private final Function<byte[], Boolean> check;

    Computed(String cost, Function<byte[], Boolean> check) {
      this.cost = cost;
      this.check = check;
    }

    @Override
    public boolean matches(byte[] password) {
      return check.apply(password);
    }

    @Override
    public String cost() {
      return cost;
    }

    @Override
    public String toString() {
      return "{" + cost + "}[redacted]";
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.fermoposta.pop3.protocol.Secret;

/**
 * The digest login of RFC 1939 section 7, {@code APOP}. It rests on MD5 and needs the password in
 * clear on the server, so it is off unless somebody asks for it.
 */
public final class Apop {

  /** Length of a digest in hexadecimal digits. */
  public static final int DIGEST_LENGTH = 32;

  private Apop() {}

  /**
   * A fresh timestamp for a greeting, in angle brackets.
   *
   * @param random must be cryptographically strong outside of tests
   * @param host name of the server, a domain name or an address in square brackets
   * @throws IllegalArgumentException if that makes no msg-id
   */
  public static String newTimestamp(RandomGenerator random, String host) {
    return MsgId.random(random, host);
  }

  /**
   * The timestamp in a greeting's text. Empty if there is none, or if what is there is not a msg-id
   * of at most 250 ASCII characters: clients must refuse to digest such (CVE-2007-1558).
   */
  public static Optional<String> findTimestamp(String greeting) {
    int open = greeting.indexOf('<');
    int close = greeting.indexOf('>', open + 1);
    if (open < 0 || close < 0) {
      return Optional.empty();
    }
    String candidate = greeting.substring(open, close + 1);
    return MsgId.isValid(candidate) ? Optional.of(candidate) : Optional.empty();
  }

  /**
   * The 32 lower-case hexadecimal digits for the {@code APOP} command.
   *
   * @throws IllegalArgumentException if the timestamp is not a msg-id in angle brackets
   */
  public static String digest(String timestamp, Secret password) {
    return new String(digestOctets(timestamp, password), StandardCharsets.US_ASCII);
  }

  /**
   * Whether this digest proves knowledge of the password; compared in constant time. Anything but
   * exactly 32 lower-case hexadecimal digits proves nothing.
   *
   * @param digest the digits as they came
   * @throws IllegalArgumentException if the timestamp is not a msg-id in angle brackets
   */
  public static boolean verify(String timestamp, Secret digest, Secret password) {
    return digest.matches(digestOctets(timestamp, password));
  }

  private static byte[] digestOctets(String timestamp, Secret password) {
    if (!MsgId.isValid(timestamp)) {
      throw new IllegalArgumentException("timestamp: not a msg-id (expected: <left@right>)");
    }
    MessageDigest md5 = Digests.digest("MD5");
    md5.update(timestamp.getBytes(StandardCharsets.US_ASCII));
    byte[] octets = password.octets();
    byte[] digest = md5.digest(octets);
    Arrays.fill(octets, (byte) 0);
    return Digests.lowerHex(digest);
  }
}

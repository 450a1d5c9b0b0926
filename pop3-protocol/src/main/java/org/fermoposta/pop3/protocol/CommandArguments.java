// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol;

import java.nio.charset.StandardCharsets;
import java.util.function.IntPredicate;

/** Checks that keep a command to one line; each exception names what was expected. */
final class CommandArguments {
  private static final int MAX_MECHANISM_LENGTH = 20;
  private static final int DIGEST_DIGITS = 32;

  private CommandArguments() {}

  static void requireNumber(int messageNumber) {
    if (messageNumber < 1) {
      throw new IllegalArgumentException("message number: " + messageNumber + " (expected: >= 1)");
    }
  }

  static void requireNumberOrAll(int messageNumber) {
    if (messageNumber < 0) {
      throw new IllegalArgumentException(
          "message number: " + messageNumber + " (expected: >= 1, or 0 for all)");
    }
  }

  static void requireWord(String word, String what) {
    if (word.isEmpty()) {
      throw new IllegalArgumentException(what + ": empty (expected: at least one character)");
    }
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (c == ' ' || Character.isISOControl(c)) {
        throw new IllegalArgumentException(
            String.format(
                "%s: character 0x%02x at %d (expected: no blank, no control)", what, (int) c, i));
      }
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(word)) {
      throw new IllegalArgumentException(
          what + ": half a surrogate pair (expected: well-formed text)");
    }
  }

  static void requireAsciiWord(String word, String what) {
    requireWord(word, what);
    if (!word.chars().allMatch(c -> c < 0x7f)) {
      throw new IllegalArgumentException(
          what + ": \"" + Printable.escape(word) + "\" (expected: ASCII)");
    }
  }

  static void requireWord(Secret word, String what) {
    requireNotEmpty(word, what);
    if (!holdsOnly(word, octet -> octet > ' ' && octet != 0x7f)) {
      throw new IllegalArgumentException(
          what + ": holds an octet that is not printable ASCII (expected: no blank, no control)");
    }
  }

  static void requireNotEmpty(Secret line, String what) {
    if (line.isEmpty()) {
      throw new IllegalArgumentException(what + ": empty (expected: at least one octet)");
    }
  }

  static void requireLine(Secret line, String what) {
    if (!holdsOnly(line, octet -> octet != '\r' && octet != '\n' && octet != 0)) {
      throw new IllegalArgumentException(what + ": holds CR, LF or NUL (expected: none of them)");
    }
  }

  static void requireDigest(Secret digest) {
    boolean valid =
        digest.with(octets -> octets.length == DIGEST_DIGITS)
            && holdsOnly(digest, octet -> isHexDigit((byte) octet));
    if (!valid) {
      throw new IllegalArgumentException("digest: not 32 lower-case hexadecimal digits");
    }
  }

  private static boolean holdsOnly(Secret secret, IntPredicate allowed) {
    return secret.with(
        octets -> {
          boolean valid = true;
          for (byte octet : octets) {
            valid &= allowed.test(octet);
          }
          return valid;
        });
  }

  static boolean isHexDigit(byte octet) {
    return (octet >= '0' && octet <= '9') || (octet >= 'a' && octet <= 'f');
  }

  static void requireMechanism(String mechanism) {
    boolean valid = !mechanism.isEmpty() && mechanism.length() <= MAX_MECHANISM_LENGTH;
    for (int i = 0; i < mechanism.length(); i++) {
      valid &= isMechanismCharacter((byte) mechanism.charAt(i)) && mechanism.charAt(i) < 0x80;
    }
    if (!valid) {
      throw new IllegalArgumentException(
          "mechanism: \"" + Printable.escape(mechanism) + "\" (expected: 1 to 20 of A-Z 0-9 - _)");
    }
  }

  static boolean isMechanismCharacter(byte octet) {
    return (octet >= 'A' && octet <= 'Z')
        || (octet >= 'a' && octet <= 'z')
        || (octet >= '0' && octet <= '9')
        || octet == '-'
        || octet == '_';
  }
}

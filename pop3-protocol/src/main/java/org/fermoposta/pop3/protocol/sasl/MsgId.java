// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.util.random.RandomGenerator;

/**
 * The msg-id syntax of APOP timestamps and CRAM-MD5 challenges: {@code <dot-atom@dot-atom>} or
 * {@code <dot-atom@[literal]>}, ASCII without blanks and controls.
 *
 * <p>Checking it is more than form: the known attacks that recover an APOP password octet by octet
 * need challenges that collide under MD5, and those are not msg-ids.
 */
final class MsgId {

  static final int MAX_LENGTH = 250;

  private static final String ATEXT_SPECIALS = "!#$%&'*+-/=?^_`{|}~";

  private MsgId() {}

  /** A new one with 128 random bits on the left of the host. */
  static String random(RandomGenerator random, String host) {
    String id =
        "<"
            + Long.toUnsignedString(random.nextLong())
            + "."
            + Long.toUnsignedString(random.nextLong())
            + "@"
            + host
            + ">";
    if (!isValid(id)) {
      throw new IllegalArgumentException(
          "host: \"" + host + "\" (expected: a domain name or an [address literal])");
    }
    return id;
  }

  static boolean isValid(String text) {
    int length = text.length();
    int at = text.indexOf('@');
    if (length > MAX_LENGTH || length < 5 || text.charAt(0) != '<' || at < 0) {
      return false;
    }
    if (text.charAt(length - 1) != '>' || !isDotAtom(text, 1, at)) {
      return false;
    }
    return isDotAtom(text, at + 1, length - 1) || isLiteral(text, at + 1, length - 1);
  }

  private static boolean isDotAtom(String text, int from, int to) {
    boolean needsAtom = true;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c == '.') {
        if (needsAtom) {
          return false;
        }
        needsAtom = true;
      } else if (isAlphanumeric(c) || ATEXT_SPECIALS.indexOf(c) >= 0) {
        needsAtom = false;
      } else {
        return false;
      }
    }
    return !needsAtom;
  }

  private static boolean isLiteral(String text, int from, int to) {
    if (to - from < 3 || text.charAt(from) != '[' || text.charAt(to - 1) != ']') {
      return false;
    }
    for (int i = from + 1; i < to - 1; i++) {
      char c = text.charAt(i);
      if (!isAlphanumeric(c) && c != '.' && c != ':' && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}

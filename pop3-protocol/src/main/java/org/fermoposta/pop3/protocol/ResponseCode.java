// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol;

import java.util.Locale;

/**
 * The code in brackets at the beginning of a reply's text (RFC 2449, section 8), such as {@code
 * SYS/TEMP}. Codes are hierarchical: one that we do not know to its last level is known by its
 * first ones.
 *
 * @param name upper case; levels are parted by {@code /}
 */
public record ResponseCode(String name) {
  /** The credentials are right but another session holds the maildrop: RFC 2449, section 8.1.2. */
  public static final ResponseCode IN_USE = new ResponseCode("IN-USE");

  /** The last login was too recent: RFC 2449, section 8.1.1. */
  public static final ResponseCode LOGIN_DELAY = new ResponseCode("LOGIN-DELAY");

  /** The credentials are wrong: RFC 3206, section 5. */
  public static final ResponseCode AUTH = new ResponseCode("AUTH");

  /** A failure that may pass: RFC 3206, section 4. */
  public static final ResponseCode SYS_TEMP = new ResponseCode("SYS/TEMP");

  /** A failure that somebody has to mend: RFC 3206, section 4. */
  public static final ResponseCode SYS_PERM = new ResponseCode("SYS/PERM");

  /** The message needs UTF8 mode: RFC 6856, section 5. */
  public static final ResponseCode UTF8 = new ResponseCode("UTF8");

  /**
   * @throws IllegalArgumentException if the name is empty or holds anything but printable ASCII, a
   *     blank or a closing bracket
   */
  public ResponseCode {
    boolean valid = !name.isEmpty();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      valid &= c > ' ' && c < 0x7f && c != ']';
    }
    if (!valid) {
      throw new IllegalArgumentException(
          "response code: \""
              + Printable.escape(name)
              + "\" (expected: printable ASCII but \"]\")");
    }
    name = name.toUpperCase(Locale.ROOT);
  }

  /**
   * Returns whether this is the given code or a finer level of it: {@code SYS/TEMP/X} of SYS/TEMP.
   */
  public boolean isWithin(ResponseCode general) {
    return name.equals(general.name) || name.startsWith(general.name + "/");
  }

  @Override
  public String toString() {
    return "[" + name + "]";
  }
}

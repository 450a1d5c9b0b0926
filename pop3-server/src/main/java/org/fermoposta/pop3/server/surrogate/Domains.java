// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.surrogate;

import java.net.IDN;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;

/** Domain names in ASCII (RFC 6857, section 3.1.6). */
final class Domains {
  private Domains() {}

  /**
   * The A-labels of a name; empty if it has none that say just this name. The JDK maps as IDNA 2003
   * has it, which turns some names, such as those with sharp s, into others that may be somebody
   * else's: so what does not come back the same is left out.
   */
  static Optional<String> ascii(String domain) {
    try {
      String ascii = IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED | IDN.USE_STD3_ASCII_RULES);
      String back = IDN.toUnicode(ascii, IDN.ALLOW_UNASSIGNED);
      return same(back, domain) && HeaderText.isAscii(ascii)
          ? Optional.of(ascii)
          : Optional.empty();
    } catch (IllegalArgumentException | IndexOutOfBoundsException noLabel) {
      return Optional.empty();
    }
  }

  private static boolean same(String left, String right) {
    return normal(left).equals(normal(right));
  }

  private static String normal(String domain) {
    return Normalizer.normalize(domain, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
  }
}

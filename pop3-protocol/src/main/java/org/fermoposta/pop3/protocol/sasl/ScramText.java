// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** The syntax of SCRAM messages (RFC 5802 section 7). */
final class ScramText {

  /** Attributes that RFC 5802 defines; none of them may stand where extensions do. */
  private static final String DEFINED = "anmrcsipve";

  private static final int NONCE_OCTETS = 18;

  private ScramText() {}

  /** Splits at commas, keeping empty fields. */
  static List<String> fields(String message) {
    List<String> fields = new ArrayList<>();
    int from = 0;
    for (int comma = message.indexOf(','); comma >= 0; comma = message.indexOf(',', from)) {
      fields.add(message.substring(from, comma));
      from = comma + 1;
    }
    fields.add(message.substring(from));
    return fields;
  }

  /** The value of the attribute at {@code index}, which must be this one. */
  static String value(List<String> fields, int index, char attribute) throws SaslException {
    String field = index < fields.size() ? fields.get(index) : "";
    if (field.startsWith("m=")) {
      throw new SaslException("SCRAM: mandatory extension (expected: none)");
    }
    if (field.length() < 3 || field.charAt(0) != attribute || field.charAt(1) != '=') {
      throw new SaslException(
          "SCRAM: attribute " + (index + 1) + " (expected: " + attribute + "=)");
    }
    return field.substring(2);
  }

  /** Checks that these are optional extensions, which are ignored otherwise. */
  static void ignoreExtensions(List<String> fields, int from, int to) throws SaslException {
    for (int i = from; i < to; i++) {
      String field = fields.get(i);
      boolean wellFormed =
          field.length() >= 3
              && ((field.charAt(0) | 0x20) >= 'a' && (field.charAt(0) | 0x20) <= 'z')
              && field.charAt(1) == '='
              && field.indexOf('\0') < 0;
      if (!wellFormed || DEFINED.indexOf(field.charAt(0)) >= 0) {
        throw new SaslException("SCRAM: attribute " + (i + 1) + " (expected: optional extension)");
      }
    }
  }

  static String nonce(RandomGenerator random) {
    byte[] octets = new byte[NONCE_OCTETS];
    random.nextBytes(octets);
    return SaslBase64.encodeToText(octets); // Neither commas nor padding: 18 is a multiple of 3.
  }

  static String requireNonce(String text) throws SaslException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x21 || c > 0x7E || c == ',') {
        throw new SaslException("SCRAM nonce: character " + i + " (expected: printable ASCII)");
      }
    }
    return text;
  }

  static String escapeName(String name) {
    return name.replace("=", "=3D").replace(",", "=2C");
  }

  static String unescapeName(String text) throws SaslException {
    StringBuilder name = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '=') {
        if (text.startsWith("2C", i + 1)) {
          c = ',';
        } else if (!text.startsWith("3D", i + 1)) {
          throw new SaslException("SCRAM name: '=' (expected: only in =2C and =3D)");
        }
        i += 2;
      } else if (c == '\0') {
        throw new SaslException("SCRAM name: NUL (expected: none)");
      }
      name.append(c);
    }
    return name.toString();
  }

  /** Digits without leading zero; at most {@link Integer#MAX_VALUE}. */
  static int positiveNumber(String digits, String what) throws SaslException {
    long number = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9' || (i == 0 && c == '0')) {
        throw new SaslException(what + ": not a positive number");
      }
      number = number * 10 + (c - '0');
      if (number > Integer.MAX_VALUE) {
        throw new SaslException(what + ": expected <= " + Integer.MAX_VALUE);
      }
    }
    if (number == 0) {
      throw new SaslException(what + ": none (expected: a positive number)");
    }
    return (int) number;
  }
}

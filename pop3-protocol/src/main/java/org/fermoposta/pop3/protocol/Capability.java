// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol;

import java.util.List;
import java.util.Locale;

/**
 * One line of a CAPA reply (RFC 2449, sections 3 and 5): a tag and its parameters.
 *
 * @param tag compared without case; upper case as printed by us
 * @param parameters in the order given
 */
public record Capability(String tag, List<String> parameters) {
  /** TOP is there: RFC 2449, section 6.1. */
  public static final Capability TOP = of("TOP");

  /** USER and PASS are accepted on this connection now: RFC 2449, section 6.2. */
  public static final Capability USER = of("USER");

  /** Text that begins with a bracket is a response code: RFC 2449, section 6.4. */
  public static final Capability RESP_CODES = of("RESP-CODES");

  /** Commands may be pipelined: RFC 2449, section 6.6. */
  public static final Capability PIPELINING = of("PIPELINING");

  /** UIDL is there: RFC 2449, section 6.8. */
  public static final Capability UIDL = of("UIDL");

  /** TLS can be started: RFC 2595, section 4. */
  public static final Capability STLS = of("STLS");

  /** The code AUTH is used, and only for wrong credentials: RFC 3206, section 6. */
  public static final Capability AUTH_RESP_CODE = of("AUTH-RESP-CODE");

  /** The tag of the list of SASL mechanisms: RFC 5034, section 3. */
  public static final String SASL = "SASL";

  /** UTF8 is there, and names and passwords may be UTF-8 (RFC 6856, section 2). */
  public static final Capability UTF8_USER = of("UTF8", "USER");

  /** LANG is there: RFC 6856, section 3. */
  public static final Capability LANG = of("LANG");

  /** The tag of the least number of seconds between logins: RFC 2449, section 6.5. */
  public static final String LOGIN_DELAY = "LOGIN-DELAY";

  /** The tag of the retention in days: RFC 2449, section 6.7. */
  public static final String EXPIRE = "EXPIRE";

  /** The tag of the implementation's name: RFC 2449, section 6.9. */
  public static final String IMPLEMENTATION = "IMPLEMENTATION";

  /**
   * @throws IllegalArgumentException if a word is empty or holds a blank, a control or an octet
   *     beyond ASCII, or the tag holds a dot
   */
  public Capability {
    requireWord(tag);
    if (tag.indexOf('.') >= 0) {
      throw new IllegalArgumentException("capability: \"" + tag + "\" (expected: no dot)");
    }
    parameters.forEach(Capability::requireWord);
    tag = tag.toUpperCase(Locale.ROOT);
    parameters = List.copyOf(parameters);
  }

  /** Returns a capability. */
  public static Capability of(String tag, String... parameters) {
    return new Capability(tag, List.of(parameters));
  }

  /**
   * Parses a line; several blanks count as one and blanks at the end as none.
   *
   * @param line without its CRLF
   * @throws Pop3ProtocolException if there is no tag or a word is not printable ASCII
   */
  public static Capability parse(String line) {
    String[] words = line.strip().split(" +");
    try {
      return new Capability(words[0], List.of(words).subList(1, words.length));
    } catch (IllegalArgumentException malformed) {
      throw new Pop3ProtocolException(String.valueOf(malformed.getMessage()));
    }
  }

  /** Returns the line without its CRLF. */
  @Override
  public String toString() {
    return parameters.isEmpty() ? tag : tag + " " + String.join(" ", parameters);
  }

  private static void requireWord(String word) {
    boolean valid = !word.isEmpty();
    for (int i = 0; i < word.length(); i++) {
      valid &= word.charAt(i) > ' ' && word.charAt(i) < 0x7f;
    }
    if (!valid) {
      throw new IllegalArgumentException(
          "capability: \"" + Printable.escape(word) + "\" (expected: printable ASCII)");
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol;

/**
 * The keywords of RFC 1939, 2449 (CAPA), 2595 (STLS), 5034 (AUTH) and 6856 (UTF8, LANG), each with
 * the arguments it takes.
 */
public enum Verb {
  /** {@code USER name}: RFC 1939, section 7. */
  USER(Arguments.TEXT),
  /** {@code PASS string}: RFC 1939, section 7. All that follows the blank is the password. */
  PASS(Arguments.PASSWORD),
  /** {@code APOP name digest}: RFC 1939, section 7. */
  APOP(Arguments.NAME_AND_DIGEST),
  /** {@code AUTH mechanism [initial-response]}: RFC 5034, section 4. */
  AUTH(Arguments.MECHANISM),
  /** {@code CAPA}: RFC 2449, section 5. */
  CAPA(Arguments.NONE),
  /** {@code STLS}: RFC 2595, section 4. */
  STLS(Arguments.NONE),
  /** {@code UTF8}: RFC 6856, section 2. */
  UTF8(Arguments.NONE),
  /** {@code LANG [tag]}: RFC 6856, section 3. */
  LANG(Arguments.OPTIONAL_TEXT),
  /** {@code STAT}: RFC 1939, section 5. */
  STAT(Arguments.NONE),
  /** {@code LIST [msg]}: RFC 1939, section 5. */
  LIST(Arguments.OPTIONAL_NUMBER),
  /** {@code UIDL [msg]}: RFC 1939, section 7. */
  UIDL(Arguments.OPTIONAL_NUMBER),
  /** {@code RETR msg}: RFC 1939, section 5. */
  RETR(Arguments.NUMBER),
  /** {@code TOP msg n}: RFC 1939, section 7. */
  TOP(Arguments.NUMBER_AND_LINES),
  /** {@code DELE msg}: RFC 1939, section 5. */
  DELE(Arguments.NUMBER),
  /** {@code NOOP}: RFC 1939, section 5. */
  NOOP(Arguments.NONE),
  /** {@code RSET}: RFC 1939, section 5. */
  RSET(Arguments.NONE),
  /** {@code QUIT}: RFC 1939, sections 4 and 6. */
  QUIT(Arguments.NONE);

  /** The forms that arguments take. */
  public enum Arguments {
    /** None; anything behind the keyword is an error. */
    NONE,
    /** One message number. */
    NUMBER,
    /** One message number, or none for all messages. */
    OPTIONAL_NUMBER,
    /** A message number and a number of lines. */
    NUMBER_AND_LINES,
    /** One word. */
    TEXT,
    /** One word, or none. */
    OPTIONAL_TEXT,
    /** All octets behind the first blank. */
    PASSWORD,
    /** A name and 32 hexadecimal digits. */
    NAME_AND_DIGEST,
    /** A SASL mechanism's name and, optionally, an initial response in base64. */
    MECHANISM
  }

  private final Arguments arguments;

  Verb(Arguments arguments) {
    this.arguments = arguments;
  }

  /** Returns the form of this keyword's arguments. */
  public Arguments arguments() {
    return arguments;
  }
}

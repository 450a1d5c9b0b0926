// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol;

/**
 * A line that is no command. It gets one {@code -ERR} and changes nothing.
 *
 * @param problem what is wrong with it
 */
public record MalformedLine(Problem problem) implements ClientLine {

  /** Why a line is no command; each has a text that is fit for a client. */
  public enum Problem {
    /** Nothing before the CRLF. */
    EMPTY("empty command line"),
    /** More octets than the limit; the line was read to its end and dropped. */
    TOO_LONG("line too long"),
    /** An LF without CR before it, or a CR without LF behind it, inside the line. */
    BARE_LINE_END("bare CR or LF in the line, lines end in CR LF"),
    /** NUL, a control or DEL. */
    CONTROL("control character in the line"),
    /** An octet of 0x80 or above where only ASCII may stand. */
    NOT_ASCII("only ASCII is allowed here"),
    /**
     * A name that is not well-formed UTF-8, or holds a control of Unicode (RFC 6856, section 2.2).
     */
    NOT_UTF8("the name is not well-formed UTF-8"),
    /** The first word is no keyword that we know. */
    UNKNOWN_COMMAND("unknown command"),
    /** Not exactly one blank between keyword and arguments. */
    SPACING("exactly one space must stand between the words"),
    /** Too few arguments. */
    MISSING_ARGUMENT("argument missing"),
    /** Too many arguments. */
    SURPLUS_ARGUMENT("too many arguments"),
    /** Not decimal digits where a number must stand. */
    NOT_A_NUMBER("not a decimal number"),
    /** Message number 0, or beyond 2^31-1. */
    NUMBER_OUT_OF_RANGE("no such message"),
    /** Not 32 lower-case hexadecimal digits. */
    NOT_A_DIGEST("the digest must be 32 hexadecimal digits"),
    /** Not a SASL mechanism's name. */
    NOT_A_MECHANISM("not a SASL mechanism name");

    private final String clientText;

    @SuppressWarnings("ImmutableEnumChecker") // a record of this very enum
    private final MalformedLine line;

    Problem(String clientText) {
      this.clientText = clientText;
      this.line = new MalformedLine(this);
    }

    /** Returns what a client is told. */
    public String clientText() {
      return clientText;
    }

    /** Returns the one line value for this problem. */
    public MalformedLine line() {
      return line;
    }
  }
}

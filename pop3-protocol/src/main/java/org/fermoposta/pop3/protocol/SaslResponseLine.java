// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol;

/**
 * A client's line within a SASL exchange (RFC 5034, section 4): base64, {@code *}, or empty.
 *
 * @param base64 the line without its CRLF, not yet decoded
 */
public record SaslResponseLine(Secret base64) implements ClientLine {
  /**
   * @throws IllegalArgumentException if it holds CR, LF or NUL
   */
  public SaslResponseLine {
    CommandArguments.requireLine(base64, "SASL response");
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

/**
 * The peer's octets or the credentials break a rule of the mechanism, so the exchange has failed.
 *
 * <p>The message holds neither credentials nor text from the peer and may be logged. It is the only
 * exception that input from the peer can cause in this package.
 */
public final class SaslException extends Exception {

  private static final long serialVersionUID = 1L;

  private final boolean aboutCredentials;

  SaslException(String message) {
    this(message, false);
  }

  private SaslException(String message, boolean aboutCredentials) {
    super(message);
    this.aboutCredentials = aboutCredentials;
  }

  /** For well-formed names and passwords that SASLprep refuses: then "verification SHALL fail". */
  static SaslException refusedBySaslPrep(String message) {
    return new SaslException(message, true);
  }

  boolean aboutCredentials() {
    return aboutCredentials;
  }
}

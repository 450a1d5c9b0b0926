// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol;

/**
 * The peer broke the protocol so that what follows cannot be trusted: the connection is of no
 * further use. The message is safe to show; it never holds raw text of the peer.
 */
public final class Pop3ProtocolException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message what was wrong, the offending value (escaped), what was expected
   */
  public Pop3ProtocolException(String message) {
    super(message);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import org.jspecify.annotations.Nullable;

/**
 * TLS is required and not to be had: STLS is not offered or refused, the handshake failed, or the
 * certificate is not trusted or for another name. No credential was sent.
 */
public final class Pop3TlsException extends Pop3Exception {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param endpoint the server as {@code host:port}
   * @param what what happened
   * @param cause why, if there is a cause
   */
  public Pop3TlsException(String endpoint, String what, @Nullable Throwable cause) {
    super(endpoint, what, cause);
  }

  @Override
  public boolean isTransient() {
    return false;
  }
}

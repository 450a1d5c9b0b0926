// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import org.jspecify.annotations.Nullable;

/**
 * The server broke the protocol, so that nothing more of it can be trusted; the connection was
 * closed.
 */
public final class Pop3ProtocolFailureException extends Pop3Exception {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param endpoint the server as {@code host:port}
   * @param what what happened
   * @param cause why, if there is a cause
   */
  public Pop3ProtocolFailureException(String endpoint, String what, @Nullable Throwable cause) {
    super(endpoint, what, cause);
  }

  @Override
  public boolean isTransient() {
    return false;
  }
}

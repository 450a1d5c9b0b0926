// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import org.jspecify.annotations.Nullable;

/**
 * The connection ended before the reply was complete. A message without its final dot is never
 * handed on as complete; whether a command took effect is unknown.
 */
public final class Pop3ConnectionLostException extends Pop3Exception {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param endpoint the server as {@code host:port}
   * @param what what happened
   * @param cause why, if there is a cause
   */
  public Pop3ConnectionLostException(String endpoint, String what, @Nullable Throwable cause) {
    super(endpoint, what, cause);
  }

  @Override
  public boolean isTransient() {
    return true;
  }
}

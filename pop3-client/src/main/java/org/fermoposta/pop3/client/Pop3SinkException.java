// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import org.jspecify.annotations.Nullable;

/**
 * The message came but the sink failed, as with a full disk or over a limit. Unless the limit was
 * the connection's own, the rest of the message is dropped and the session remains usable.
 */
public final class Pop3SinkException extends Pop3Exception {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param endpoint the server as {@code host:port}
   * @param what what happened
   * @param cause why, if there is a cause
   */
  public Pop3SinkException(String endpoint, String what, @Nullable Throwable cause) {
    super(endpoint, what, cause);
  }

  @Override
  public boolean isTransient() {
    return false;
  }
}

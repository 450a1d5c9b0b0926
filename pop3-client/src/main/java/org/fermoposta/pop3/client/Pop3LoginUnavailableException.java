// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import org.jspecify.annotations.Nullable;

/** The server offers no way to log in that the configuration allows; no credential was sent. */
public final class Pop3LoginUnavailableException extends Pop3Exception {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param endpoint the server as {@code host:port}
   * @param what what happened
   * @param cause why, if there is a cause
   */
  public Pop3LoginUnavailableException(String endpoint, String what, @Nullable Throwable cause) {
    super(endpoint, what, cause);
  }

  @Override
  public boolean isTransient() {
    return false;
  }
}

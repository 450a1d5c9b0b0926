// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * There is no way to log in: the server offers none that the configuration allows, or there is no
 * access token at the moment. No credential was sent.
 */
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

  /** Returns true where there was no access token for a reason that may pass. */
  @Override
  public boolean isTransient() {
    return getCause() instanceof IOException;
  }
}

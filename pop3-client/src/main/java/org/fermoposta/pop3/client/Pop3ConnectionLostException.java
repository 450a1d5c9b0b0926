// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import org.jspecify.annotations.Nullable;

/**
 * The connection ended before the reply was complete. A message without its final dot is never
 * handed on as complete; whether a command took effect is unknown.
 */
public final class Pop3ConnectionLostException extends Pop3Exception {
  private static final long serialVersionUID = 1L;

  private final Phase phase;

  /**
   * Creates an exception.
   *
   * @param endpoint the server as {@code host:port}
   * @param phase what the connection was at
   * @param what what happened
   * @param cause why, if there is a cause
   */
  public Pop3ConnectionLostException(
      String endpoint, Phase phase, String what, @Nullable Throwable cause) {
    super(endpoint, phase + ": " + what, cause);
    this.phase = phase;
  }

  /** Returns what the connection was at. */
  public Phase phase() {
    return phase;
  }

  @Override
  public boolean isTransient() {
    return true;
  }
}

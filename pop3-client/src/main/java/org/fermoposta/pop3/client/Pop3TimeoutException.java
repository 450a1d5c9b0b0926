// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import java.time.Duration;

/** The server, or the network, took too long; the connection was closed. */
public final class Pop3TimeoutException extends Pop3Exception {
  private static final long serialVersionUID = 1L;

  private final Phase phase;

  /**
   * Creates an exception.
   *
   * @param endpoint the server as {@code host:port}
   * @param phase what took too long
   * @param limit how long it might have taken
   */
  public Pop3TimeoutException(String endpoint, Phase phase, Duration limit) {
    super(endpoint, "timeout: " + phase + " (expected: within " + limit.toMillis() + " ms)", null);
    this.phase = phase;
  }

  /** Returns what took too long. */
  public Phase phase() {
    return phase;
  }

  @Override
  public boolean isTransient() {
    return true;
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;

/**
 * What all listeners share.
 *
 * @param transport how IO is done; default auto
 * @param ioThreads event loops for connections, 0 to 1024; default 0: one per processor
 * @param maxConnections connections at the same time over all listeners, 1 to 10000000; default
 *     10000
 * @param backlog connections that the kernel holds until they are accepted, 1 to 65535; default
 *     1024; the kernel caps it at {@code net.core.somaxconn}
 * @param keepAlive when a silent peer is given up
 * @param admission further limits of connections
 */
public record ListenSettings(
    @Default("auto") TransportChoice transport,
    @Default("0") int ioThreads,
    @Default("10000") int maxConnections,
    @Default("1024") int backlog,
    @Default KeepAliveSettings keepAlive,
    @Default AdmissionSettings admission) {

  /** Checks the ranges. */
  public ListenSettings {
    range("ioThreads", ioThreads, 0, 1024);
    range("maxConnections", maxConnections, 1, 10_000_000);
    range("backlog", backlog, 1, 65_535);
  }

  /** With the default admission. */
  public ListenSettings(
      TransportChoice transport,
      int ioThreads,
      int maxConnections,
      int backlog,
      KeepAliveSettings keepAlive) {
    this(transport, ioThreads, maxConnections, backlog, keepAlive, AdmissionSettings.defaults());
  }

  /** All defaults. */
  public static ListenSettings defaults() {
    return new ListenSettings(TransportChoice.AUTO, 0, 10_000, 1024, KeepAliveSettings.defaults());
  }

  private static void range(String component, int value, int min, int max) {
    if (value < min || value > max) {
      throw new InvalidSettingException(
          component, "number " + value + " (expected: " + min + " to " + max + ")");
    }
  }
}

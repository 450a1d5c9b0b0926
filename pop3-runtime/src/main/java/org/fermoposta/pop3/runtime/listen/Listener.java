// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

import org.fermoposta.pop3.runtime.config.ListenAddress;
import org.jspecify.annotations.Nullable;

/**
 * One listening socket, as configured.
 *
 * @param name for logs and metrics, such as {@code pop3s}
 * @param address where to listen
 * @param tls how TLS comes to its connections
 * @param proxyProtocol null if clients connect to it themselves
 */
public record Listener(
    String name,
    ListenAddress address,
    TlsMode tls,
    @Nullable ProxyProtocolSettings proxyProtocol) {

  /** A listener that clients connect to themselves. */
  public Listener(String name, ListenAddress address, TlsMode tls) {
    this(name, address, tls, null);
  }
}

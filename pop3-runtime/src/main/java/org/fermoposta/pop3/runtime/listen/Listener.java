// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

import org.fermoposta.pop3.runtime.config.ListenAddress;

/**
 * One listening socket, as configured.
 *
 * @param name for logs and metrics, such as {@code pop3s}
 * @param address where to listen
 * @param tls how TLS comes to its connections
 */
public record Listener(String name, ListenAddress address, TlsMode tls) {}

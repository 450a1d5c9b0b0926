// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.net.InetAddress;
import java.util.Optional;
import org.fermoposta.pop3.runtime.tls.TlsFacts;

/**
 * Where a login comes from.
 *
 * @param client address of the client, as a trusted proxy tells it if there is one; an IPv4-mapped
 *     address is the IPv4 one
 * @param listener name of the listener it came in by
 * @param tls what was negotiated; empty without TLS
 */
public record LoginContext(InetAddress client, String listener, Optional<TlsFacts> tls) {}

// SPDX-License-Identifier: Apache-2.0
/**
 * What open connections and TLS handshakes cost a server, beside Dovecot and nginx ({@code
 * DoorMain}), and what ten thousand connections that never log in do to a client that does ({@code
 * HostileMain}). Clients are processes of their own.
 */
@NullMarked
package org.fermoposta.pop3.benchmarks.door;

import org.jspecify.annotations.NullMarked;

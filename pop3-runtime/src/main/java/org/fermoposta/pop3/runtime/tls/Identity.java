// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import io.netty.handler.ssl.SslContext;

/**
 * A certificate with what serves it.
 *
 * @param material key and chain
 * @param context makes the engines of connections
 */
record Identity(KeyMaterial material, SslContext context) {}

// SPDX-License-Identifier: Apache-2.0

/**
 * Netty handlers for both roles: {@link org.fermoposta.pop3.protocol.codec.Pop3CommandDecoder} for
 * whoever is spoken to by a client, {@link org.fermoposta.pop3.protocol.codec.Pop3ClientCodec} for
 * whoever speaks to a server.
 */
@NullMarked
package org.fermoposta.pop3.protocol.codec;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0

/**
 * The POP3 client to embed. Begin with {@link org.fermoposta.pop3.client.Pop3ClientConfig} and
 * {@link org.fermoposta.pop3.client.Pop3Client}; then {@link
 * org.fermoposta.pop3.client.Pop3Session}, or {@link
 * org.fermoposta.pop3.client.BlockingPop3Session} in the blocking style, and {@link
 * org.fermoposta.pop3.client.MessageSinks} for where messages go. Failures are {@link
 * org.fermoposta.pop3.client.Pop3Exception}s.
 */
@NullMarked
package org.fermoposta.pop3.client;

import org.jspecify.annotations.NullMarked;

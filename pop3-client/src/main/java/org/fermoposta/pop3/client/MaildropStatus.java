// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

/**
 * The answer to STAT (RFC 1939, section 5): messages not marked as deleted.
 *
 * @param messages 0 or more
 * @param octets sum of their sizes as the server counts them, 0 or more
 */
public record MaildropStatus(int messages, long octets) {}

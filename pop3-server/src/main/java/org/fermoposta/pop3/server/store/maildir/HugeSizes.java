// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

/**
 * The sizes of a message that do not fit in 31 bits.
 *
 * @param octets octets on the wire
 * @param stored octets of the file
 * @param headerEnd where the body begins
 */
record HugeSizes(long octets, long stored, long headerEnd) {}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.retrieval;

import java.time.Instant;
import java.util.Optional;

/**
 * What a journal knows of one message.
 *
 * @param since when the state was reached, to the minute
 * @param octets of the message as the server counts it, its low 32 bits; 0 if unknown
 * @param digest the first 64 bits of the SHA-256 of its content; 0 if unknown
 * @param attempts how often it failed, 0 to 255
 * @param absentSince since when listings have been without it
 * @param note what the target said it is known by, or why it failed; mostly empty
 */
public record JournalEntry(
    MessageKey key,
    MessageState state,
    Instant since,
    int octets,
    long digest,
    int attempts,
    Optional<Instant> absentSince,
    String note) {}

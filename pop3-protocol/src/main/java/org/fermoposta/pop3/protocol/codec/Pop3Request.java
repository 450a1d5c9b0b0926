// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.codec;

import org.fermoposta.pop3.protocol.Pop3Command;

/**
 * A command to write, and who takes its reply. Written to a channel that is closed already, it
 * fails the write's future only; the consumer is not called.
 *
 * @param command printed as one line
 * @param consumer called on the event loop
 */
public record Pop3Request(Pop3Command command, ReplyConsumer consumer) {}

// SPDX-License-Identifier: Apache-2.0

/**
 * The maildrop SPI: a {@link org.fermoposta.pop3.server.maildrop.MaildropStore} opens a {@link
 * org.fermoposta.pop3.server.maildrop.Maildrop}, a leased snapshot, whose messages are read as
 * {@link org.fermoposta.pop3.server.maildrop.MessageBody}. Everything here may block and is called
 * on virtual threads, never on an event loop.
 */
@NullMarked
package org.fermoposta.pop3.server.maildrop;

import org.jspecify.annotations.NullMarked;

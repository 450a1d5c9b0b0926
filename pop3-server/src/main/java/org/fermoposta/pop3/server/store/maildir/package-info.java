// SPDX-License-Identifier: Apache-2.0

/**
 * Maildirs as they are: {@link org.fermoposta.pop3.server.store.maildir.MaildirStore} serves what
 * delivery agents and IMAP servers keep in {@code new/} and {@code cur/}, beside them. Where a
 * user's Maildir lies says a {@link org.fermoposta.pop3.server.store.maildir.MaildropTemplate}.
 */
@NullMarked
package org.fermoposta.pop3.server.store.maildir;

import org.jspecify.annotations.NullMarked;

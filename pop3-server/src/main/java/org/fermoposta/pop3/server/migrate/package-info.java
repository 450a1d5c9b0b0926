// SPDX-License-Identifier: Apache-2.0

/**
 * Taking over from another server without a client noticing: {@link
 * org.fermoposta.pop3.server.migrate.UniqueIdSource} reads which unique-ids it gave, {@link
 * org.fermoposta.pop3.server.migrate.Migration} writes them beside the mail.
 */
@NullMarked
package org.fermoposta.pop3.server.migrate;

import org.jspecify.annotations.NullMarked;

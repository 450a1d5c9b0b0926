// SPDX-License-Identifier: Apache-2.0

/**
 * Users in an SQL database, by JDBC. Start at {@link
 * org.fermoposta.pop3.server.auth.sql.SqlBackend}; {@link
 * org.fermoposta.pop3.server.auth.sql.SqlSettings} is one database in the configuration. Everything
 * here may block, for a bounded time, and is called on virtual threads.
 */
@NullMarked
package org.fermoposta.pop3.server.auth.sql;

import org.jspecify.annotations.NullMarked;

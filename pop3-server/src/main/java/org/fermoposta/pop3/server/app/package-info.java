// SPDX-License-Identifier: Apache-2.0

/**
 * The server program: {@link org.fermoposta.pop3.server.app.Main}, its configuration and how its
 * parts are put together.
 */
@NullMarked
package org.fermoposta.pop3.server.app;

import org.jspecify.annotations.NullMarked;

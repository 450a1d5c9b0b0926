// SPDX-License-Identifier: Apache-2.0

/**
 * Asking other servers for JSON: {@link org.fermoposta.pop3.server.http.JsonClient}. Everything
 * here may block, for a bounded time, and is called on virtual threads.
 */
@NullMarked
package org.fermoposta.pop3.server.http;

import org.jspecify.annotations.NullMarked;

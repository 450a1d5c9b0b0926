// SPDX-License-Identifier: Apache-2.0

/**
 * Transports, event loops and listening sockets. Start with {@link
 * org.fermoposta.pop3.runtime.listen.Listeners}.
 */
@NullMarked
package org.fermoposta.pop3.runtime.listen;

import org.jspecify.annotations.NullMarked;

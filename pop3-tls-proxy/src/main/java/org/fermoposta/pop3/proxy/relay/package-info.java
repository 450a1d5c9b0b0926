// SPDX-License-Identifier: Apache-2.0

/** Octets both ways after login, with back-pressure and half-close. Knows nothing of POP3. */
@NullMarked
package org.fermoposta.pop3.proxy.relay;

import org.jspecify.annotations.NullMarked;

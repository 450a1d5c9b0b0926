// SPDX-License-Identifier: Apache-2.0

/**
 * Internationalised messages for clients that are not in UTF8 mode (RFC 6857): {@link
 * org.fermoposta.pop3.server.surrogate.Surrogates} turns header fields beyond ASCII, and those of
 * MIME parts, into ASCII; all other octets stay as they are.
 */
@NullMarked
package org.fermoposta.pop3.server.surrogate;

import org.jspecify.annotations.NullMarked;

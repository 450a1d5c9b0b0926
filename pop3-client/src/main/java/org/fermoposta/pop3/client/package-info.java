// SPDX-License-Identifier: Apache-2.0

/** The POP3 client to embed. */
@NullMarked
package org.fermoposta.pop3.client;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0

/** The maildrop SPI: stores, leased snapshots, message bodies. */
@NullMarked
package org.fermoposta.pop3.server.maildrop;

import org.jspecify.annotations.NullMarked;

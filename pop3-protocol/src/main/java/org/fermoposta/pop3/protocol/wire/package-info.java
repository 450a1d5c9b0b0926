// SPDX-License-Identifier: Apache-2.0

/**
 * The byte algorithms of POP3 on Netty buffers, without a channel: dot-stuffing {@linkplain
 * org.fermoposta.pop3.protocol.wire.DotStuffer out} and {@linkplain
 * org.fermoposta.pop3.protocol.wire.DotUnstuffer in}, {@linkplain
 * org.fermoposta.pop3.protocol.wire.WireScan sizes}, {@linkplain
 * org.fermoposta.pop3.protocol.wire.TopLines TOP} and {@linkplain
 * org.fermoposta.pop3.protocol.wire.ListingParser listings}.
 *
 * <p><b>Line ends.</b> What comes over the wire has lines that end with CRLF, and a bare LF is data
 * ({@link org.fermoposta.pop3.protocol.wire.LineEnds} says where that can be relaxed). What lies in
 * a store has lines that end with CRLF or LF, mixed as may be, and leaves with CRLF. A lone CR is
 * data on both sides.
 *
 * <p>Nothing here is safe for use by several threads at once; one owner at a time is enough.
 */
@NullMarked
package org.fermoposta.pop3.protocol.wire;

import org.jspecify.annotations.NullMarked;

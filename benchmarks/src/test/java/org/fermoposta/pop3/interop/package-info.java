// SPDX-License-Identifier: Apache-2.0

/**
 * The whole system as its users meet it: the programs started from their launchers, read by the
 * mail programs of a Debian system. The {@code *IT} classes run under the Maven profile {@code
 * interop}; there a missing peer is a failure. Starting points: {@link
 * org.fermoposta.pop3.interop.Peer} and {@link org.fermoposta.pop3.interop.DemoServer}.
 */
@NullMarked
package org.fermoposta.pop3.interop;

import org.jspecify.annotations.NullMarked;

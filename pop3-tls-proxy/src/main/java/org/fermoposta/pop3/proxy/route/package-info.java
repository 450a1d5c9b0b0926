// SPDX-License-Identifier: Apache-2.0

/** Which server a client is relayed to: for now one for all. */
@NullMarked
package org.fermoposta.pop3.proxy.route;

import org.jspecify.annotations.NullMarked;

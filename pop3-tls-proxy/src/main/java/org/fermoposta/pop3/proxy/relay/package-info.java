// SPDX-License-Identifier: Apache-2.0

/** Bytes both ways with watermarks; no POP3 knowledge. */
@NullMarked
package org.fermoposta.pop3.proxy.relay;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0

/** How a connection is made and driven. Anything here can change or go at any time. */
@NullMarked
package org.fermoposta.pop3.client.internal;

import org.jspecify.annotations.NullMarked;

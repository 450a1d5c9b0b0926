// SPDX-License-Identifier: Apache-2.0

/**
 * Ordered start, reverse stop, drain. Start with {@link
 * org.fermoposta.pop3.runtime.lifecycle.Lifecycle}.
 */
@NullMarked
package org.fermoposta.pop3.runtime.lifecycle;

import org.jspecify.annotations.NullMarked;

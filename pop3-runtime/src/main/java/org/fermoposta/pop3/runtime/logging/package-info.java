// SPDX-License-Identifier: Apache-2.0

/** Log output that cannot be forged by what peers send. */
@NullMarked
package org.fermoposta.pop3.runtime.logging;

import org.jspecify.annotations.NullMarked;

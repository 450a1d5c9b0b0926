// SPDX-License-Identifier: Apache-2.0

/**
 * Whole programs, ours and others', started as users start them and watched from outside: {@link
 * org.fermoposta.pop3.benchmarks.system.Program}.
 */
@NullMarked
package org.fermoposta.pop3.benchmarks.system;

import org.jspecify.annotations.NullMarked;

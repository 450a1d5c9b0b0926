// SPDX-License-Identifier: Apache-2.0
/**
 * Fuzzing of whatever reads a peer's octets: {@link org.fermoposta.pop3.protocol.fuzz.FuzzTargets}
 * says what must hold for any input. A normal build runs them on seeds and seeded mutations; the
 * profile {@code fuzz} runs each under Jazzer, guided by coverage.
 */
@NullMarked
package org.fermoposta.pop3.protocol.fuzz;

import org.jspecify.annotations.NullMarked;

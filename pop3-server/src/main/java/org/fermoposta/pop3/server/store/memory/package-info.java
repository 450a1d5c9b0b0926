// SPDX-License-Identifier: Apache-2.0

/** Maildrops in memory, for tests and for trying things out; gone when the process ends. */
@NullMarked
package org.fermoposta.pop3.server.store.memory;

import org.jspecify.annotations.NullMarked;

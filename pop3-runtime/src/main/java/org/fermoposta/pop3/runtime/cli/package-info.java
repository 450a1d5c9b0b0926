// SPDX-License-Identifier: Apache-2.0

/** What the command lines of the programs share: exit codes and errors in one line. */
@NullMarked
package org.fermoposta.pop3.runtime.cli;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0

/** The program {@code pop3-client}; begin with {@link org.fermoposta.pop3.client.cli.Main}. */
@NullMarked
package org.fermoposta.pop3.client.cli;

import org.jspecify.annotations.NullMarked;

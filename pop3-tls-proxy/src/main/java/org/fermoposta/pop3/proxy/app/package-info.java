// SPDX-License-Identifier: Apache-2.0

/**
 * The program: configuration, component, command line. Start with {@link
 * org.fermoposta.pop3.proxy.app.Main}.
 */
@NullMarked
package org.fermoposta.pop3.proxy.app;

import org.jspecify.annotations.NullMarked;

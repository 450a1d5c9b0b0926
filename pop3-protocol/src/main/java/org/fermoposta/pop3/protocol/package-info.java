// SPDX-License-Identifier: Apache-2.0

/**
 * The vocabulary of POP3: {@link org.fermoposta.pop3.protocol.Pop3Command commands}, replies,
 * response codes, capabilities and unique-ids as values that parse and print. JDK only.
 */
@NullMarked
package org.fermoposta.pop3.protocol;

import org.jspecify.annotations.NullMarked;

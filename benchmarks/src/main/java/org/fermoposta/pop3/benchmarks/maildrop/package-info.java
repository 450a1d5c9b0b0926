// SPDX-License-Identifier: Apache-2.0

/**
 * What a large maildrop costs, beside Dovecot: processor time and memory of the server's processes,
 * seen from outside. Start at {@link org.fermoposta.pop3.benchmarks.maildrop.MaildropMain}.
 */
@NullMarked
package org.fermoposta.pop3.benchmarks.maildrop;

import org.jspecify.annotations.NullMarked;

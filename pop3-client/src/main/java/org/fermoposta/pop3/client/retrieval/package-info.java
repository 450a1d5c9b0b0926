// SPDX-License-Identifier: Apache-2.0

/**
 * Retrieval without loss and without doubles; begin with {@link
 * org.fermoposta.pop3.client.retrieval.RetrievalJournal}, which remembers what became of each
 * message of an account.
 */
@NullMarked
package org.fermoposta.pop3.client.retrieval;

import org.jspecify.annotations.NullMarked;

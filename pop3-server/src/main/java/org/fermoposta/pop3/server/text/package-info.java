// SPDX-License-Identifier: Apache-2.0

/**
 * What the server says to people, in several languages: {@link
 * org.fermoposta.pop3.server.text.Language}. The texts are in {@code replies_<tag>.properties}.
 */
@NullMarked
package org.fermoposta.pop3.server.text;

import org.jspecify.annotations.NullMarked;

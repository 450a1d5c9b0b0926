// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

/** What a client that is not in UTF8 mode gets of a message that needs it. */
public enum Utf8Downgrade {
  /** The message with its header fields turned into ASCII (RFC 6857). */
  SURROGATE,
  /** {@code -ERR [UTF8]} (RFC 6856, section 5). */
  REFUSE
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.session;

import org.fermoposta.pop3.protocol.UniqueId;

/**
 * An opened maildrop as the session sees it: a snapshot that does not change (RFC 1939, section 4).
 * All methods answer at once from memory; none does I/O.
 */
public interface MaildropView {
  /** Returns the number of messages; they are numbered from 1 to this. */
  int count();

  /** Returns the sum of all {@link #octets}. */
  long totalOctets();

  /**
   * Returns a message's octets as RETR sends them, stuffed dots not counted (RFC 1939, section 11).
   *
   * @throws IndexOutOfBoundsException if there is no such message
   */
  long octets(int messageNumber);

  /**
   * Returns a message's unique-id.
   *
   * @throws IndexOutOfBoundsException if there is no such message
   */
  UniqueId uniqueId(int messageNumber);
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import java.util.Optional;
import org.fermoposta.pop3.protocol.UniqueId;

/**
 * One message as the server lists it.
 *
 * @param messageNumber 1 or more, valid in its session
 * @param octets the size as the server counts it, a hint; -1 where it was not asked for
 * @param uniqueId empty where it was not asked for or the server told none; several messages may
 *     have the same
 */
public record MailEntry(int messageNumber, long octets, Optional<UniqueId> uniqueId) {
  /**
   * @throws IllegalArgumentException if the number is below 1 or the size below -1
   */
  public MailEntry {
    if (messageNumber < 1 || octets < -1) {
      throw new IllegalArgumentException(
          "message "
              + messageNumber
              + " of "
              + octets
              + " octets (expected: a number >= 1, a size >= -1)");
    }
  }
}

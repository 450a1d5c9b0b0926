// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

/** Takes the lines of a UIDL reply. */
@FunctionalInterface
public interface UniqueIdListing {

  /**
   * Takes one line. The unique-id is {@code length} octets (at least 1, each within 0x21-0x7E) of
   * {@code scratch} from {@code offset} on. <b>Borrows</b> the array: valid during the call only.
   *
   * @param messageNumber at least 1; what the server said, so perhaps twice or out of order
   */
  void onUniqueId(int messageNumber, byte[] scratch, int offset, int length);
}

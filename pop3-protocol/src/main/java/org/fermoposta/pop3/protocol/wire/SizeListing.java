// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

/** Takes the lines of a LIST reply. */
@FunctionalInterface
public interface SizeListing {

  /**
   * Takes one line.
   *
   * @param messageNumber at least 1; what the server said, so perhaps twice or out of order
   * @param octets the size, at least 0
   */
  void onSize(int messageNumber, long octets);
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.jakarta;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Where the header of a message ends. */
final class HeaderEnd {
  private HeaderEnd() {}

  /**
   * Returns how many octets the header has, the blank line included; all, if there is no blank
   * line. Lines end with LF, with or without CR before it.
   *
   * @param message is closed
   */
  static int octets(InputStream message) throws IOException {
    try (InputStream in = new BufferedInputStream(message)) {
      int count = 0;
      int inLine = 0;
      for (int octet = in.read(); octet >= 0; octet = in.read()) {
        count++;
        if (octet == '\n') {
          if (inLine == 0) {
            return count;
          }
          inLine = 0;
        } else if (octet != '\r') {
          inLine++;
        }
      }
      return count;
    }
  }
}

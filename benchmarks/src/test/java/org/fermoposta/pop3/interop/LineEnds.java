// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.nio.charset.StandardCharsets;

/** How a client stores line ends. POP3 sends CRLF; storing LF is every Unix program's right. */
enum LineEnds {
  LF("\n"),
  CRLF("\r\n");

  private final String text;

  LineEnds(String text) {
    this.text = text;
  }

  byte[] octets() {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

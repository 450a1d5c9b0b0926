// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** IMAP's way to write any text in printable ASCII (RFC 3501, section 5.1.3). */
final class ModifiedUtf7 {

  private static final Base64.Encoder BASE64 = Base64.getEncoder().withoutPadding();

  private ModifiedUtf7() {}

  /** The text in printable ASCII; what is printable ASCII but {@code &} stands for itself. */
  static String encode(String text) {
    StringBuilder out = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      int start = i;
      while (i < text.length() && !printable(text.charAt(i))) {
        i++;
      }
      if (i > start) {
        byte[] run = text.substring(start, i).getBytes(StandardCharsets.UTF_16BE);
        out.append('&').append(BASE64.encodeToString(run).replace('/', ',')).append('-');
      } else {
        char c = text.charAt(i++);
        out.append(c == '&' ? "&-" : String.valueOf(c));
      }
    }
    return out.toString();
  }

  private static boolean printable(char c) {
    return c >= 0x20 && c <= 0x7E;
  }
}

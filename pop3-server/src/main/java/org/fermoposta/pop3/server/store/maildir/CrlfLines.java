// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

/**
 * Gives every line CRLF: a bare LF gets its CR, a last line without end gets both. A CR that no LF
 * follows is data. Takes the text in pieces cut anywhere; one instance for one text.
 */
final class CrlfLines {

  private byte last = '\n';

  /** How many octets {@link #convert} makes at most of so many. */
  static int maxOctets(int in) {
    return Math.max(2, 2 * in);
  }

  /**
   * Converts the next piece.
   *
   * @param out at least {@link #maxOctets} of {@code length} long
   * @return how many octets of it were filled
   */
  int convert(byte[] in, int length, byte[] out) {
    int filled = 0;
    byte before = last;
    for (int i = 0; i < length; i++) {
      byte octet = in[i];
      if (octet == '\n' && before != '\r') {
        out[filled++] = '\r';
      }
      out[filled++] = octet;
      before = octet;
    }
    last = before;
    return filled;
  }

  /** Ends the text; as {@link #convert}. */
  int finish(byte[] out) {
    if (last == '\n') {
      return 0;
    }
    out[0] = '\r';
    out[1] = '\n';
    return 2;
  }
}

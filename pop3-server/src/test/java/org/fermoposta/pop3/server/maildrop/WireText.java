// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** An octet-at-a-time oracle: stored octets to RETR body, without stuffing. */
public final class WireText {

  private WireText() {}

  /** What RETR has to send for these stored octets, dots not stuffed. */
  public static byte[] of(byte[] stored) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int previous = -1;
    for (byte octet : stored) {
      if (octet == '\n' && previous != '\r') {
        out.write('\r');
      }
      out.write(octet);
      previous = octet;
    }
    if (stored.length > 0 && previous != '\n') {
      out.write('\r');
      out.write('\n');
    }
    return out.toByteArray();
  }

  /** All stored octets of a body, read in pieces of this size. */
  public static byte[] read(MessageBody body, int piece) throws MaildropException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(piece);
    for (long position = 0; position < body.storedOctets(); ) {
      int n = body.read(position, buffer);
      out.write(buffer.array(), 0, n);
      position += n;
      buffer.clear();
    }
    return out.toByteArray();
  }
}

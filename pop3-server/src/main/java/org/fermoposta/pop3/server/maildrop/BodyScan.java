// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import java.nio.ByteBuffer;

/**
 * One pass over stored octets, in pieces of any size, that finds {@link BodyForm} and the octets on
 * the wire. Not thread-safe.
 */
public final class BodyScan {

  private static final int START = '\n';

  private long stored;
  private long bareLineFeeds;
  private boolean dotted;
  private int last = START;

  /** Takes the next stored octets. Borrows the array. */
  public void add(byte[] octets, int offset, int length) {
    int previous = last;
    long bare = 0;
    for (int i = offset; i < offset + length; i++) {
      int octet = octets[i];
      if (octet == '\n') {
        if (previous != '\r') {
          bare++;
        }
      } else if (octet == '.' && previous == '\n') {
        dotted = true;
      }
      previous = octet;
    }
    last = previous;
    bareLineFeeds += bare;
    stored += length;
  }

  /** Takes what remains of a buffer with an accessible array. Borrows it; its position stays. */
  public void add(ByteBuffer octets) {
    add(octets.array(), octets.arrayOffset() + octets.position(), octets.remaining());
  }

  /** Octets taken so far. */
  public long storedOctets() {
    return stored;
  }

  /** Octets on the wire if the message ends here. */
  public long octets() {
    return stored + bareLineFeeds + (form().needsLineEnd() ? 2 : 0);
  }

  /** The form if the message ends here. */
  public BodyForm form() {
    return new BodyForm(bareLineFeeds > 0, dotted, stored > 0 && last != '\n');
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import io.netty.buffer.ByteBuf;

/**
 * Says how much of a stored message TOP sends (RFC 1939 section 7; T29-T32): the header, the blank
 * line, and so many lines of the body. It counts stored lines, before dots are doubled, and its
 * lines are those of {@link WireScan}: they end with CRLF or a bare LF.
 *
 * <p>A message without a blank line is sent whole. Resumable; one instance serves one message; not
 * thread-safe.
 */
public final class TopLines {

  private long left;
  private boolean inBody;
  // The last octet and the one before; a message begins as if behind a line end.
  private byte last = '\n';
  private byte secondLast = '\n';

  /**
   * For this many lines of the body; 0 means header and blank line only, and any number that the
   * body does not have means all.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public TopLines(long bodyLines) {
    if (bodyLines < 0) {
      throw new IllegalArgumentException("bodyLines: " + bodyLines + " (expected: at least 0)");
    }
    left = bodyLines;
  }

  /** Whether all is sent that is to be sent: what follows in the message need not be read. */
  public boolean isDone() {
    return inBody && left == 0;
  }

  /**
   * How many of the readable octets are still to be sent, from the first on: 0 once {@link
   * #isDone}. <b>Borrows</b> the buffer and leaves its indices as they are.
   */
  public int take(ByteBuf in) {
    int from = in.readerIndex();
    int end = in.writerIndex();
    int i = from;
    while (i < end && !isDone()) {
      int lf = in.indexOf(i, end, (byte) '\n');
      if (lf < 0) {
        i = end;
        break;
      }
      if (inBody) {
        left--;
      } else {
        inBody = isBlankLine(in, from, lf);
      }
      i = lf + 1;
    }
    int taken = i - from;
    if (taken >= 2) {
      secondLast = in.getByte(i - 2);
      last = in.getByte(i - 1);
    } else if (taken == 1) {
      secondLast = last;
      last = in.getByte(i - 1);
    }
    return taken;
  }

  private boolean isBlankLine(ByteBuf in, int from, int lf) {
    byte before = lf > from ? in.getByte(lf - 1) : last;
    if (before == '\n') {
      return true;
    }
    byte beforeThat = lf > from + 1 ? in.getByte(lf - 2) : lf > from ? last : secondLast;
    return before == '\r' && beforeThat == '\n';
  }
}

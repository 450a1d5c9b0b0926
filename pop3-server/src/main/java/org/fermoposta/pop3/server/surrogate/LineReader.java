// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.surrogate;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MessageBody;

/**
 * The lines of a stored message in turn, whatever their length; of long ones only the beginning.
 */
final class LineReader {
  private static final int BUFFER = 16 * 1024;

  private final MessageBody message;
  private ByteBuffer buffer;
  private byte[] line = new byte[256];
  private int kept;
  private long start;
  private long next;
  private long read;
  private boolean ascii;
  private boolean whole;

  LineReader(MessageBody message) {
    this.message = message;
    // Most often the header is all that is wanted.
    long first = message.headerEnd().orElse(BUFFER);
    this.buffer = ByteBuffer.allocate((int) Math.max(1, Math.min(BUFFER, first))).limit(0);
  }

  /**
   * Goes to the next line; false if there is none.
   *
   * @param most how many octets of it are to be kept
   */
  boolean advance(int most) throws MaildropException {
    start = next;
    kept = 0;
    ascii = true;
    whole = true;
    boolean ended = false;
    while (!ended && fill()) {
      byte[] octets = buffer.array();
      int from = buffer.position();
      int to = from;
      while (to < buffer.limit() && !ended) {
        byte octet = octets[to++];
        ascii &= octet >= 0;
        ended = octet == '\n';
      }
      keep(octets, from, to, most);
      next += to - from;
      buffer.position(to);
    }
    return next > start;
  }

  private void keep(byte[] octets, int from, int to, int most) {
    int some = Math.min(to - from, most - kept);
    whole &= some == to - from;
    if (kept + some > line.length) {
      line = Arrays.copyOf(line, Math.max(2 * line.length, kept + some));
    }
    System.arraycopy(octets, from, line, kept, some);
    kept += some;
  }

  private boolean fill() throws MaildropException {
    if (buffer.hasRemaining()) {
      return true;
    }
    if (read >= message.storedOctets()) {
      return false;
    }
    int wanted = (int) Math.min(BUFFER, message.storedOctets() - read);
    if (buffer.capacity() < wanted && read > 0) {
      buffer = ByteBuffer.allocate(wanted);
    }
    buffer.clear();
    read += message.read(read, buffer);
    buffer.flip();
    return buffer.hasRemaining();
  }

  /** Where the line begins in the stored message. */
  long start() {
    return start;
  }

  /** Where the next one begins. */
  long end() {
    return next;
  }

  /** What was kept of the line: octets 0 to {@link #kept} - 1. Returns a view. */
  byte[] octets() {
    return line;
  }

  int kept() {
    return kept;
  }

  /** Whether all of the line is ASCII, what was not kept included. */
  boolean isAscii() {
    return ascii;
  }

  /** Whether all of the line was kept. */
  boolean isWhole() {
    return whole;
  }

  boolean isBlank() {
    return (kept == 1 && line[0] == '\n') || (kept == 2 && line[0] == '\r' && line[1] == '\n');
  }
}

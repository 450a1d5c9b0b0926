// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.fermoposta.pop3.protocol.wire.WireForm;

/**
 * One message opened for reading: the stored octets, unchanged, and what is known of them. Read by
 * one thread at a time on virtual threads; holds a file descriptor until closed.
 */
public interface MessageBody extends AutoCloseable {

  /** Octets as sent by RETR, equal to {@link Maildrop#octets} of the message. */
  long octets();

  /** Octets in the store: positions 0 to {@code storedOctets() - 1} can be read. */
  long storedOctets();

  /**
   * What turns the stored octets into {@link #octets()} octets on the wire; the rules on line ends
   * are {@code DotStuffer}'s.
   */
  WireForm form();

  /**
   * Where the body begins: the offset in the stored octets just behind the blank line, or {@link
   * #storedOctets()} if there is none; empty if it is not known.
   */
  default OptionalLong headerEnd() {
    return OptionalLong.empty();
  }

  /** Whether it is known that no octet is beyond ASCII. */
  default boolean isAscii() {
    return false;
  }

  /**
   * How many lines begin with a dot, if where they are is known (see {@link #dotOffset}): with many
   * of them it is not, and then this is empty.
   */
  default OptionalInt dotLines() {
    return OptionalInt.empty();
  }

  /**
   * The offset in the stored octets of a dot that begins a line, ascending with the index.
   *
   * @throws IndexOutOfBoundsException unless {@code 0 <= index} and {@code index <} the number of
   *     {@link #dotLines}
   */
  default long dotOffset(int index) {
    throw new IndexOutOfBoundsException("dot line: " + index + " (expected: none is known)");
  }

  /**
   * Reads stored octets from a position until the buffer is full or the message ends. Blocks.
   * Borrows {@code target}, whose position moves behind the last octet read.
   *
   * @param position 0 to {@link #storedOctets()}
   * @return octets read; 0 only if the buffer is full or {@code position == storedOctets()}
   * @throws MaildropException {@link MaildropFailure#MESSAGE_GONE} if the message was cut short
   *     since it was opened, {@link MaildropFailure#TEMPORARY} if reading fails. After the first
   *     octet was sent the session must then end without the final dot
   */
  int read(long position, ByteBuffer target) throws MaildropException;

  /**
   * The file behind it, for a transfer by the kernel; empty if there is none. The message is octets
   * 0 to {@code storedOctets() - 1} of the file. Returns a view: it is closed with this body.
   */
  Optional<FileChannel> file();

  /**
   * Releases the file. Never throws, does nothing the second time. What was told of the message is
   * told still; only {@link #read} and {@link #file} are of no use any more.
   */
  @Override
  void close();
}

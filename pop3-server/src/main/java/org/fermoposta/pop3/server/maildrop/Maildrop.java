// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.BitSet;
import org.fermoposta.pop3.protocol.UniqueId;

/**
 * One session's view of a maildrop: a snapshot under an exclusive lease. Messages are numbered from
 * 1 to {@link #count()}; numbers, sizes and unique-ids never change while it is open, whatever
 * arrives, moves or vanishes in the store behind it.
 *
 * <p>Used by one thread at a time, with a happens-before edge between uses; {@link #count}, {@link
 * #totalOctets}, {@link #octets}, {@link #uniqueId} and {@link #delivered} answer from memory and
 * may be called anywhere, {@link #open}, {@link #delete} and {@link #move} block. {@link #close()}
 * may be called by any thread.
 */
public interface Maildrop extends AutoCloseable {

  /** Number of messages, 0 or more. */
  int count();

  /** Sum of {@link #octets} over all messages. */
  long totalOctets();

  /**
   * Octets of a message as sent by RETR: every line end counted as two, stuffed dots and the final
   * dot line not counted (RFC 1939 §11).
   *
   * @throws IndexOutOfBoundsException unless {@code 1 <= number <= count()}
   */
  long octets(int number);

  /**
   * The unique-id of a message: 1 to 70 octets of 0x21 to 0x7E, distinct within the maildrop, the
   * same in every session (RFC 1939 §7).
   *
   * @throws IndexOutOfBoundsException unless {@code 1 <= number <= count()}
   */
  UniqueId uniqueId(int number);

  /**
   * Writes the octets of {@link #uniqueId} into an array, for listings of many. Answers from memory
   * as that does.
   *
   * @return the offset behind the last one written, at most 70 behind {@code at}
   * @throws IndexOutOfBoundsException unless {@code 1 <= number <= count()}, or if the array is too
   *     short
   */
  default int uniqueId(int number, byte[] out, int at) {
    byte[] octets = uniqueId(number).value().getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(octets, 0, out, at, octets.length);
    return at + octets.length;
  }

  /**
   * When a message came into the maildrop, as far as the store knows; a store in doubt says later
   * rather than earlier. Not later than the time of opening, except where clocks differ.
   *
   * @throws IndexOutOfBoundsException unless {@code 1 <= number <= count()}
   */
  Instant delivered(int number);

  /**
   * Opens a message for reading; the caller closes it.
   *
   * @throws MaildropException {@link MaildropFailure#MESSAGE_GONE} if it vanished or changed since
   *     the snapshot, {@link MaildropFailure#PERMANENT} if it may not be read, {@link
   *     MaildropFailure#TEMPORARY} for any other failure
   * @throws IndexOutOfBoundsException unless {@code 1 <= number <= count()}
   */
  MessageBody open(int number) throws MaildropException;

  /**
   * The UPDATE of RFC 1939 §6: removes the marked messages and no other. When it returns, what was
   * removed stays removed even if power fails. Messages that vanished meanwhile count as done.
   * Failures are reported in the result, not thrown, and do not keep the others from being removed.
   *
   * @param marked message numbers, bit n for message n; not modified
   * @throws IndexOutOfBoundsException if a bit outside {@code 1..count()} is set; nothing is
   *     removed then
   */
  Deletion delete(BitSet marked);

  /**
   * As {@link #delete}, but the messages go into a folder of the same user, which is made if it is
   * missing. A message is in one place or the other whatever happens meanwhile; its unique-id there
   * is the folder's affair.
   *
   * @param marked message numbers, bit n for message n; not modified
   * @throws IndexOutOfBoundsException if a bit outside {@code 1..count()} is set; nothing is moved
   *     then
   * @throws IllegalArgumentException if this is that folder
   */
  Deletion move(BitSet marked, FolderName folder);

  /**
   * Tells what the session did, for the store's own records; once, before {@link #close}. Blocks
   * briefly. Never throws; a store that keeps no records does nothing.
   */
  default void note(SessionSummary session) {}

  /** Gives the lease back. Removes nothing, never throws, does nothing the second time. */
  @Override
  void close();
}

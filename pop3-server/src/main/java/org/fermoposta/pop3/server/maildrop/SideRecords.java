// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import java.util.Optional;

/**
 * Small durable records that a store keeps beside a maildrop's mail, for what is not mail: each has
 * a name and is some octets. A record is read and replaced whole; nobody ever sees half of one, not
 * after a crash either. Independent of the lease of the maildrop. Thread-safe; blocks.
 */
public interface SideRecords {

  /** The most octets a record may have: 64 MiB. */
  int MAX_OCTETS = 64 * 1024 * 1024;

  /**
   * The record as it is now, without waiting for a change under way.
   *
   * @param address whose maildrop or folder; the device does not matter
   * @param record its name, 1 to 32 of {@code a-z}
   * @return empty if it was never written, or there is no such maildrop or folder; made are neither
   * @throws MaildropException TEMPORARY or PERMANENT if it cannot be read
   */
  Optional<byte[]> read(MaildropAddress address, String record) throws MaildropException;

  /**
   * Changes a record. One change of a maildrop's records at a time runs, over all threads and
   * processes of the machine. When it returns, the new record is there even if power fails.
   *
   * @param address whose maildrop or folder; a maildrop that was never used is made
   * @param record its name, 1 to 32 of {@code a-z}
   * @param change may be called once, quickly, on this thread
   * @throws MaildropException what {@code change} throws, and the record stays as it was; TEMPORARY
   *     or PERMANENT if it cannot be read or replaced, and it may be the old or the new one;
   *     NO_SUCH_FOLDER
   */
  void update(MaildropAddress address, String record, Change change) throws MaildropException;

  /** What becomes of a record. */
  @FunctionalInterface
  interface Change {

    /**
     * The new record.
     *
     * @param current empty if there is none
     * @return empty to leave it as it is
     * @throws MaildropException if the change is impossible
     */
    Optional<byte[]> apply(Optional<byte[]> current) throws MaildropException;
  }
}

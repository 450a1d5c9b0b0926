// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

/**
 * Where maildrops are kept. Everything in this package may block on disk or network: it is called
 * on virtual threads and never on an event loop. Implementations serve many threads at once.
 */
public interface MaildropStore {

  /**
   * Whether a maildrop or folder was ever used; asking makes nothing.
   *
   * @throws MaildropException TEMPORARY or PERMANENT if the store cannot tell
   */
  boolean exists(MaildropAddress address) throws MaildropException;

  /**
   * Takes the exclusive lease of a maildrop and reads a snapshot of it (RFC 1939 §4). The lease
   * lasts until {@link Maildrop#close()} or until this process dies, whichever is first. When this
   * method throws, no lease is held. While another session has it this waits, or asks that one to
   * go, as the store's {@link LeaseSettings} say.
   *
   * <p>Every folder is a maildrop of its own: it has its own lease, messages and unique-ids.
   *
   * @param address whose maildrop, and which folder of it; a maildrop that was never used is empty,
   *     not an error; a folder has to be there. A store may leave the device out of account
   * @param holder the session that asks
   * @throws MaildropException {@link MaildropFailure#IN_USE} while another session or process holds
   *     the lease; {@link MaildropFailure#NO_SUCH_FOLDER} if there is no such folder, which is not
   *     made then; {@link MaildropFailure#TEMPORARY} or {@link MaildropFailure#PERMANENT} if the
   *     store cannot serve it
   */
  Maildrop open(MaildropAddress address, LeaseHolder holder) throws MaildropException;
}

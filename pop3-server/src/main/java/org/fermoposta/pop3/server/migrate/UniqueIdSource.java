// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.migrate;

import java.io.IOException;
import java.util.Optional;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.store.maildir.MaildirAtRest;
import org.fermoposta.pop3.server.store.maildir.Passport;

/**
 * What an old server knows of unique-ids. Implementations change nothing, except that one may be
 * told to fetch mail; they block.
 */
public interface UniqueIdSource {

  /**
   * The ids that the old server gave to the messages of a Maildir, in the order of its numbers. May
   * hold messages that are no longer there.
   *
   * @param maildir where the mail is
   * @param address whose it is
   * @return empty if the old server never gave any, so that there are none to keep
   * @throws MigrationException if what it left cannot be understood; then nothing is known
   * @throws IOException if it cannot be read
   */
  Optional<Passport> read(MaildirAtRest maildir, MaildropAddress address)
      throws MigrationException, IOException;
}

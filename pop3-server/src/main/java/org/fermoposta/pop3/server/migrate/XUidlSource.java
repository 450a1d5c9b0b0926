// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.migrate;

import java.io.IOException;
import java.util.Optional;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.store.maildir.MaildirAtRest;
import org.fermoposta.pop3.server.store.maildir.Passport;
import org.fermoposta.pop3.server.store.maildir.StoredMessage;

/** The {@code X-UIDL} field of each message that has one; numbers in order of delivery. */
public final class XUidlSource implements UniqueIdSource {

  /** Stateless. */
  public XUidlSource() {}

  @Override
  public Optional<Passport> read(MaildirAtRest maildir, MaildropAddress address)
      throws MigrationException, IOException {
    IdCollector ids = new IdCollector(maildir, "x-uidl", "X-UIDL");
    for (StoredMessage message : maildir.messages()) {
      Optional<String> id = XUidlField.of(message.path());
      if (id.isPresent()) {
        ids.add(IdCollector.baseName(message), id.get());
      }
    }
    Passport passport = ids.passport();
    return passport.count() == 0 ? Optional.empty() : Optional.of(passport);
  }
}

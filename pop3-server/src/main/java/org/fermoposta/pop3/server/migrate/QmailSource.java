// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.store.maildir.MaildirAtRest;
import org.fermoposta.pop3.server.store.maildir.Passport;
import org.fermoposta.pop3.server.store.maildir.StoredMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Design note. qmail-pop3d keeps nothing: the id is the base name, the number comes from the whole
 * seconds of the file's mtime. Messages of one second it numbers as they come out of a heap; here
 * they come in order of delivery. A name that can be no id (a blank in it) gets one of our own.
 */
/** The ids and the order of qmail-pop3d. */
public final class QmailSource implements UniqueIdSource {

  private static final Logger LOG = LoggerFactory.getLogger(QmailSource.class);

  /** Stateless. */
  public QmailSource() {}

  private record Dated(StoredMessage message, long seconds) {}

  @Override
  public Optional<Passport> read(MaildirAtRest maildir, MaildropAddress address)
      throws MigrationException, IOException {
    List<Dated> messages = new ArrayList<>();
    for (StoredMessage message : maildir.messages()) {
      try {
        BasicFileAttributes found =
            Files.readAttributes(
                message.path(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        messages.add(new Dated(message, found.lastModifiedTime().to(TimeUnit.SECONDS)));
      } catch (NoSuchFileException moved) {
        LOG.debug("{} was renamed meanwhile and gets no place", LogText.quote(message));
      }
    }
    messages.sort(Comparator.comparingLong(Dated::seconds));
    IdCollector ids = new IdCollector(maildir, "qmail", "file name");
    for (Dated dated : messages) {
      String name = IdCollector.baseName(dated.message);
      ids.add(name, name);
    }
    return messages.isEmpty() ? Optional.empty() : Optional.of(ids.passport());
  }
}

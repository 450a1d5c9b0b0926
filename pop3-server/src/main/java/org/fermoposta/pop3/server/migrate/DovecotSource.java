// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.migrate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.store.maildir.MaildirAtRest;
import org.fermoposta.pop3.server.store.maildir.MaildropTemplate;
import org.fermoposta.pop3.server.store.maildir.Passport;
import org.fermoposta.pop3.server.store.maildir.StoredMessage;
import org.jspecify.annotations.Nullable;

/**
 * Dovecot's ids, from {@code dovecot-uidlist}. Messages that Dovecot has not seen yet are not in it
 * and were shown to nobody.
 */
public final class DovecotSource implements UniqueIdSource {

  private static final String FILE = "dovecot-uidlist";

  private final UidlFormat format;
  private final boolean reuseXUidl;
  private final @Nullable MaildropTemplate control;

  /**
   * A Dovecot with these settings.
   *
   * @param format its {@code pop3_uidl_format}
   * @param reuseXUidl its {@code pop3_reuse_xuidl}: a message's X-UIDL field goes before the format
   * @param control the directories with its control files, if they are not in the Maildirs
   */
  public DovecotSource(UidlFormat format, boolean reuseXUidl, @Nullable MaildropTemplate control) {
    this.format = format;
    this.reuseXUidl = reuseXUidl;
    this.control = control;
  }

  @Override
  public Optional<Passport> read(MaildirAtRest maildir, MaildropAddress address)
      throws MigrationException, IOException {
    Optional<DovecotUidlist> read = DovecotUidlist.read(directory(maildir, address).resolve(FILE));
    if (read.isEmpty()) {
      return Optional.empty();
    }
    DovecotUidlist list = read.get();
    String described = format + (reuseXUidl ? " or X-UIDL" : "");
    IdCollector ids = new IdCollector(maildir, "dovecot", described);
    Map<String, String> fields = reuseXUidl ? fields(maildir) : Map.of();
    for (DovecotUidlist.Message message : list.inOrder()) {
      ids.add(message.fileName(), id(list, message, fields));
    }
    return Optional.of(ids.passport());
  }

  private String id(
      DovecotUidlist list, DovecotUidlist.Message message, Map<String, String> fields) {
    if (message.pop3Id().isPresent()) {
      String own = message.pop3Id().get();
      return own.isEmpty() ? message.fileName() : own;
    }
    String field = fields.get(message.fileName());
    if (field != null) {
      return field;
    }
    return format.expand(
        new UidlFormat.Values(
            message.uid(),
            list.uidValidity(),
            message.fileName(),
            message.guid().orElse(message.fileName())));
  }

  private static Map<String, String> fields(MaildirAtRest maildir) throws IOException {
    Map<String, String> fields = new HashMap<>();
    for (StoredMessage message : maildir.messages()) {
      XUidlField.of(message.path()).ifPresent(id -> fields.put(IdCollector.baseName(message), id));
    }
    return fields;
  }

  private Path directory(MaildirAtRest maildir, MaildropAddress address) throws MigrationException {
    if (control == null) {
      return maildir.path();
    }
    try {
      return control.path(address);
    } catch (MaildropException e) {
      throw new MigrationException(e.logText(), e);
    }
  }
}

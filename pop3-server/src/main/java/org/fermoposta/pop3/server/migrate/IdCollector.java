// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.migrate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fermoposta.pop3.protocol.ProtocolLimits;
import org.fermoposta.pop3.protocol.UniqueId;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.store.maildir.MaildirAtRest;
import org.fermoposta.pop3.server.store.maildir.Passport;
import org.fermoposta.pop3.server.store.maildir.StoredMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Design note. An id that several messages of the Maildir have gets -2, -3 and so on, which is what
 * Dovecot shows with pop3_uidl_duplicates=rename; clients cannot tell those messages apart by any
 * id. Messages that are gone keep theirs in the passport, so that one that comes back from a backup
 * has its old id, unless somebody else has it.
 */
/** Makes a passport of what an old server said, in its order. */
final class IdCollector {

  private static final Logger LOG = LoggerFactory.getLogger(IdCollector.class);

  private record Known(String baseName, String id) {}

  private final Set<String> present = new HashSet<>();
  private final List<Known> gone = new ArrayList<>();
  private final Map<String, Integer> copies = new HashMap<>();
  private final Passport.Builder passport;
  private final Path maildir;
  private int unfit;
  private String example = "";

  IdCollector(MaildirAtRest maildir, String source, String format) throws IOException {
    for (StoredMessage message : maildir.messages()) {
      present.add(baseName(message));
    }
    passport = Passport.builder(source, format);
    this.maildir = maildir.path();
  }

  /** The file name up to its first colon. */
  static String baseName(String fileName) {
    int colon = fileName.indexOf(':');
    return colon < 0 ? fileName : fileName.substring(0, colon);
  }

  /** A message's base name, each octet as one char. */
  static String baseName(StoredMessage message) {
    return new String(message.baseName(), StandardCharsets.ISO_8859_1);
  }

  /**
   * Adds the next message of the old server, whose base name has one char for each octet. An id
   * that RFC 1939 does not allow is left out, which the log tells.
   *
   * @throws MigrationException if the name can be none
   */
  void add(String baseName, String id) throws MigrationException {
    if (present.contains(baseName)) {
      put(baseName, distinct(id));
    } else {
      gone.add(new Known(baseName, id));
    }
  }

  private String distinct(String id) {
    String distinct = id;
    while (passport.hasId(distinct)) {
      int copy = copies.merge(distinct, 2, (n, two) -> n + 1);
      distinct = distinct + "-" + copy;
    }
    return distinct;
  }

  private static Optional<UniqueId> allowed(String given) {
    return given.isEmpty()
            || given.length() > ProtocolLimits.MAX_UNIQUE_ID_OCTETS
            || given.chars().anyMatch(c -> c < 0x21 || c > 0x7E)
        ? Optional.empty()
        : Optional.of(UniqueId.of(given));
  }

  private void put(String baseName, String given) throws MigrationException {
    Optional<UniqueId> id = allowed(given);
    if (id.isEmpty()) {
      unfit++;
      example = given;
      return;
    }
    try {
      passport.add(baseName.getBytes(StandardCharsets.ISO_8859_1), id.get());
    } catch (IllegalArgumentException e) {
      throw new MigrationException("message " + LogText.quote(baseName) + ": " + e.getMessage(), e);
    }
  }

  /** The passport of all. */
  Passport passport() throws MigrationException {
    for (Known known : gone) {
      if (!passport.hasId(known.id)) {
        put(known.baseName, known.id);
      }
    }
    gone.clear();
    if (unfit > 0) {
      LOG.warn(
          "{}: {} unique-ids of the old server are none by RFC 1939 (70 octets of 0x21 to 0x7E) and"
              + " are not kept, such as {}",
          LogText.quote(maildir),
          unfit,
          LogText.quote(example));
    }
    return passport.build();
  }
}

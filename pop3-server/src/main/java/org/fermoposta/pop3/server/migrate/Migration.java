// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.migrate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.store.maildir.MaildirAtRest;
import org.fermoposta.pop3.server.store.maildir.MaildropTemplate;
import org.fermoposta.pop3.server.store.maildir.Passport;
import org.fermoposta.pop3.server.store.maildir.StoredMessage;

/*
 * Design note. A maildrop that has a passport is done: so a run that was killed goes on where it
 * was, and one that is repeated changes nothing. In particular it does not give the old server's id
 * to a message that came after the switch and that clients know by ours, although an IMAP server
 * that goes on working on the Maildir goes on numbering. To look at the old server again, as after
 * a rehearsal, has to be asked for.
 */
/** Gives maildrops their passport, one after the other. For one thread; blocks. */
public final class Migration {

  private static final String WHO = "migration";

  private final MaildropTemplate template;
  private final UniqueIdSource source;
  private final boolean dryRun;
  private final boolean refresh;

  /**
   * A migration.
   *
   * @param template where the Maildirs are
   * @param source where the ids come from
   * @param dryRun to change nothing, and take no lease
   * @param refresh to replace passports that are there
   */
  public Migration(
      MaildropTemplate template, UniqueIdSource source, boolean dryRun, boolean refresh) {
    this.template = template;
    this.source = source;
    this.dryRun = dryRun;
    this.refresh = refresh;
  }

  /** Migrates one maildrop; what goes wrong is in the result. */
  public Outcome run(MaildropAddress address) {
    try {
      Optional<MaildirAtRest> found =
          dryRun
              ? MaildirAtRest.look(template, address)
              : MaildirAtRest.take(template, address, WHO);
      if (found.isEmpty()) {
        return new Outcome(address, Outcome.Kind.MISSING, 0, 0, "no Maildir");
      }
      try (MaildirAtRest maildir = found.get()) {
        return run(address, maildir);
      }
    } catch (MaildropException e) {
      return failed(address, e.logText());
    } catch (MigrationException e) {
      return failed(address, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return failed(address, LogText.quote(e));
    }
  }

  private Outcome run(MaildropAddress address, MaildirAtRest maildir)
      throws IOException, MigrationException {
    Optional<Passport> before = maildir.passport();
    if (before.isPresent() && !refresh) {
      int kept = kept(maildir, before.get());
      return new Outcome(
          address,
          Outcome.Kind.ALREADY,
          maildir.messages().size(),
          kept,
          "done already, from " + before.get().source());
    }
    Optional<Passport> read = source.read(maildir, address);
    int messages = maildir.messages().size();
    if (read.isEmpty()) {
      return new Outcome(
          address, Outcome.Kind.NOTHING, messages, 0, "the old server gave no unique-ids");
    }
    Passport passport = read.get();
    int changed = before.map(old -> changed(old, passport)).orElse(0);
    boolean same = before.isPresent() && before.get().equals(passport);
    if (!dryRun && !same) {
      maildir.issue(passport);
    }
    int kept = kept(maildir, passport);
    StringBuilder text = new StringBuilder();
    text.append(kept).append(" of ").append(messages).append(" messages ");
    text.append(dryRun ? "would keep" : "keep").append(" their unique-ids");
    if (kept < messages) {
      text.append(", ").append(messages - kept).append(" get new ones");
    }
    if (changed > 0) {
      text.append(", ").append(changed).append(" had another one until now");
    }
    return new Outcome(address, Outcome.Kind.ISSUED, messages, kept, text.toString());
  }

  private static int kept(MaildirAtRest maildir, Passport passport) throws IOException {
    Map<ByteBuffer, String> ids = ids(passport);
    int kept = 0;
    for (StoredMessage message : maildir.messages()) {
      if (ids.containsKey(ByteBuffer.wrap(message.baseName()))) {
        kept++;
      }
    }
    return kept;
  }

  private static int changed(Passport before, Passport after) {
    Map<ByteBuffer, String> ids = ids(before);
    int changed = 0;
    for (int i = 0; i < after.count(); i++) {
      String id = ids.get(ByteBuffer.wrap(after.baseName(i)));
      if (id != null && !id.equals(after.uniqueId(i).value())) {
        changed++;
      }
    }
    return changed;
  }

  private static Map<ByteBuffer, String> ids(Passport passport) {
    Map<ByteBuffer, String> ids = new HashMap<>();
    for (int i = 0; i < passport.count(); i++) {
      ids.put(ByteBuffer.wrap(passport.baseName(i)), passport.uniqueId(i).value());
    }
    return ids;
  }

  private static Outcome failed(MaildropAddress address, String why) {
    return new Outcome(address, Outcome.Kind.FAILED, 0, 0, why);
  }
}

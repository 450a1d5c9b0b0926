// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.LeaseRequest;
import org.fermoposta.pop3.server.maildrop.LeaseSettings;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.jspecify.annotations.Nullable;

/**
 * A Maildir that no session has, for tools: its files and its {@link Passport}. Other programs may
 * deliver to it and rename in it all the same. For one thread; blocks.
 */
public final class MaildirAtRest implements AutoCloseable {

  private final MaildirFiles files;
  private final Path maildir;
  private final @Nullable MaildirLease lease;

  private MaildirAtRest(MaildirFiles files, Path maildir, @Nullable MaildirLease lease) {
    this.files = files;
    this.maildir = maildir;
    this.lease = lease;
  }

  /**
   * Takes the lease of a Maildir, so that no session begins until {@link #close}.
   *
   * @param who for the log of a session that is refused meanwhile
   * @return empty if there is no such Maildir, which is not made
   * @throws MaildropException IN_USE while a session has it; TEMPORARY or PERMANENT if it cannot be
   *     used
   */
  public static Optional<MaildirAtRest> take(
      MaildropTemplate template, MaildropAddress address, String who) throws MaildropException {
    return take(template, address, who, new MaildirFiles());
  }

  static Optional<MaildirAtRest> take(
      MaildropTemplate template, MaildropAddress address, String who, MaildirFiles files)
      throws MaildropException {
    Optional<Path> found = template.locate(address).find(files);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Path maildir = found.get();
    LeaseRequest request = LeaseRequest.now(LeaseHolder.unyielding(who), LeaseSettings.defaults());
    return Optional.of(
        new MaildirAtRest(files, maildir, MaildirLease.take(files, maildir, request)));
  }

  /**
   * Looks at a Maildir without taking its lease: nothing in it is changed, and {@link #issue} is
   * refused.
   *
   * @return empty if there is no such Maildir
   * @throws MaildropException TEMPORARY or PERMANENT if it cannot be read
   */
  public static Optional<MaildirAtRest> look(MaildropTemplate template, MaildropAddress address)
      throws MaildropException {
    MaildirFiles files = new MaildirFiles();
    return template.locate(address).find(files).map(path -> new MaildirAtRest(files, path, null));
  }

  /** The Maildir. */
  public Path path() {
    return maildir;
  }

  /**
   * The names in new/ and cur/ as they are now, in order of delivery. What is no regular file is
   * among them.
   *
   * @throws IOException if they cannot be listed
   */
  public List<StoredMessage> messages() throws IOException {
    MessageLocations locations = MessageLocations.of(maildir);
    List<StoredMessage> messages = new ArrayList<>();
    for (boolean inCur : new boolean[] {false, true}) {
      files.list(
          locations.directory(inCur),
          name -> {
            Entry entry = new Entry(inCur, name);
            messages.add(new StoredMessage(entry, locations.path(entry)));
          });
    }
    messages.sort(StoredMessage::compare);
    return messages;
  }

  /**
   * The passport, if there is one.
   *
   * @throws BadPassportException if there is one that cannot be believed
   * @throws IOException if it cannot be read
   */
  public Optional<Passport> passport() throws IOException {
    return new PassportFile(files, maildir).read();
  }

  /**
   * Puts a passport in place of any other. When this returns, a power failure does not undo it;
   * when it throws, the one that was there is there still. The file is the Maildir's owner's.
   *
   * @throws IOException if it cannot be written
   * @throws IllegalStateException without the lease
   */
  public void issue(Passport passport) throws IOException {
    if (lease == null) {
      throw new IllegalStateException("no lease of " + maildir + " (expected: to be taken)");
    }
    files.giveToOwnerOf(maildir, maildir.resolve(MaildirLease.LOCK_FILE));
    new PassportFile(files, maildir).write(passport);
    history()
        .add(
            HistoryEntry.event(
                Instant.now(), HistoryEntry.PASSPORT, passport.count(), "", passport.source()));
    files.giveToOwnerOf(maildir, maildir.resolve(MaildirHistory.FILE));
  }

  /**
   * What happened to this Maildir, oldest first: the last 3,000 sessions or so.
   *
   * @throws IOException if it cannot be read
   */
  public List<HistoryEntry> entries() throws IOException {
    return history().entries();
  }

  private MaildirHistory history() {
    return new MaildirHistory(files, maildir);
  }

  /** Gives the lease back, if it was taken. */
  @Override
  public void close() {
    if (lease != null) {
      lease.close();
    }
  }
}

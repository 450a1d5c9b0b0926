// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.LeaseRequest;
import org.fermoposta.pop3.server.maildrop.LeaseSettings;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropStore;
import org.fermoposta.pop3.server.maildrop.SideRecords;

/**
 * Maildirs as the store. A missing Maildir of a known user is made, empty (mode 0700). Sizes come
 * from the octets in the files: {@code ,S=} and {@code ,W=} in names are not trusted, because
 * nothing keeps them right. Links and special files are skipped. Its own files in each Maildir are
 * {@code fermoposta.lock} and {@code fermoposta.index}, and {@code fermoposta.uidl} if it was
 * migrated ({@link Passport}).
 *
 * <p>The first opening reads every message once to count its line ends, and keeps what it found in
 * the index; later ones cost in proportion to what changed. Thread-safe; blocks.
 */
public final class MaildirStore implements MaildropStore {

  /** More than the coarsest time stamps of a file system, which are of two seconds. */
  private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(2500);

  private final MaildropTemplate template;
  private final LeaseSettings leaseSettings;
  private final MaildirFiles files;
  private final long settleNanos;
  private final boolean history;

  /**
   * A store whose Maildirs lie where the template says.
   *
   * @param lease what a login does while another session has the maildrop
   */
  public MaildirStore(MaildropTemplate template, LeaseSettings lease) {
    this(template, lease, /* history= */ true);
  }

  /**
   * As {@link #MaildirStore(MaildropTemplate, LeaseSettings)}.
   *
   * @param history whether each session leaves a line in the Maildir's history
   */
  public MaildirStore(MaildropTemplate template, LeaseSettings lease, boolean history) {
    this(template, lease, new MaildirFiles(), SETTLE_NANOS, history);
  }

  /** As {@link #MaildirStore(MaildropTemplate, LeaseSettings)} with the default settings. */
  public MaildirStore(MaildropTemplate template) {
    this(template, LeaseSettings.defaults());
  }

  MaildirStore(MaildropTemplate template, LeaseSettings leaseSettings, MaildirFiles files) {
    this(template, leaseSettings, files, SETTLE_NANOS);
  }

  MaildirStore(
      MaildropTemplate template,
      LeaseSettings leaseSettings,
      MaildirFiles files,
      long settleNanos) {
    this(template, leaseSettings, files, settleNanos, /* history= */ true);
  }

  private MaildirStore(
      MaildropTemplate template,
      LeaseSettings leaseSettings,
      MaildirFiles files,
      long settleNanos,
      boolean history) {
    this.history = history;
    this.template = template;
    this.leaseSettings = leaseSettings;
    this.files = files;
    this.settleNanos = settleNanos;
  }

  /** The records beside the mail: files {@code fermoposta.NAME} in the Maildir. */
  public SideRecords records() {
    return new MaildirRecords(template, files);
  }

  @Override
  public boolean exists(MaildropAddress address) throws MaildropException {
    Path maildir = template.locate(address).path();
    try {
      return files.attributes(maildir).isDirectory();
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new MaildropException(
          MaildropFailure.TEMPORARY, "maildir " + LogText.quote(maildir) + ": cannot be seen", e);
    }
  }

  @Override
  public Maildrop open(MaildropAddress address, LeaseHolder holder) throws MaildropException {
    Path maildir = template.locate(address).prepare(files);
    MaildirLease lease = MaildirLease.take(files, maildir, LeaseRequest.now(holder, leaseSettings));
    boolean opened = false;
    try {
      MaildirIndex index = new MaildirIndex(files, maildir);
      MaildirOpening opening = new MaildirOpening(files, maildir, index, settleNanos);
      IndexContent content = opening.run();
      PassportFile passport = new PassportFile(files, maildir);
      Numbering numbering = passport.numbering(content.table());
      MaildirMaildrop maildrop =
          new MaildirMaildrop(
              template.locate(address.user()), maildir, files, lease, index, content, numbering);
      if (history) {
        maildrop.remember(opening.facts());
      }
      opened = true;
      return maildrop;
    } catch (BadPassportException e) {
      throw new MaildropException(
          MaildropFailure.PERMANENT,
          "unique-ids "
              + LogText.quote(maildir.resolve(PassportFile.FILE))
              + ": "
              + e.why()
              + "; put it back from a backup or migrate again; without it clients fetch all again",
          e);
    } catch (IOException e) {
      throw new MaildropException(
          e instanceof AccessDeniedException
              ? MaildropFailure.PERMANENT
              : MaildropFailure.TEMPORARY,
          "maildir " + LogText.quote(maildir) + ": cannot be read: " + LogText.quote(e),
          e);
    } finally {
      if (!opened) {
        lease.close();
      }
    }
  }
}

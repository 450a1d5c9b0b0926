// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.BitSet;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.fermoposta.pop3.protocol.UniqueId;
import org.fermoposta.pop3.protocol.wire.WireSize;
import org.fermoposta.pop3.server.maildrop.Deletion;
import org.fermoposta.pop3.server.maildrop.DeviceName;
import org.fermoposta.pop3.server.maildrop.FolderName;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.Marks;
import org.fermoposta.pop3.server.maildrop.MessageBody;
import org.fermoposta.pop3.server.maildrop.SessionSummary;
import org.jspecify.annotations.Nullable;

/** A Maildir under its lease. */
final class MaildirMaildrop implements Maildrop {

  private static final int SCAN_BUFFER_OCTETS = 64 * 1024;

  private final MaildirLocation inbox;
  private final Path maildir;
  private final MaildirFiles files;
  private final MaildirLease lease;
  private final MaildirSnapshot snapshot;
  private final MessageLocator locator;
  private final MaildirIndex index;
  private final IndexContent content;
  private final long openedSeconds = System.currentTimeMillis() / 1000;
  private final Numbering numbering;
  private String names = "";
  private @Nullable OpeningFacts facts;
  private volatile boolean doubts;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * An opened Maildir.
   *
   * @param inbox the maildrop it is or belongs to
   */
  MaildirMaildrop(
      MaildirLocation inbox,
      Path maildir,
      MaildirFiles files,
      MaildirLease lease,
      MaildirIndex index,
      IndexContent content,
      Numbering numbering) {
    this.inbox = inbox;
    this.maildir = maildir;
    this.files = files;
    this.lease = lease;
    this.index = index;
    this.content = content;
    this.numbering = numbering;
    snapshot = new MaildirSnapshot(content.table(), numbering);
    locator = new MessageLocator(maildir, files, snapshot);
  }

  /** Has the session that ends leave a line in the history, which tells this of its opening. */
  void remember(OpeningFacts opening) {
    facts = opening;
    names = content.table().checksum();
  }

  @Override
  public void note(SessionSummary session) {
    OpeningFacts opening = facts;
    if (opening == null) {
      return;
    }
    new MaildirHistory(files, maildir)
        .add(
            new HistoryEntry(
                Instant.now(),
                HistoryEntry.SESSION,
                session.peer(),
                session.device().map(DeviceName::toString).orElse(""),
                count(),
                opening.arrived(),
                opening.gone(),
                session.retrieved(),
                session.deleted(),
                names,
                Integer.toHexString(numbering.checksum()),
                opening.index() == OpeningFacts.IndexState.KEPT
                    ? ""
                    : "index-" + opening.index().name().toLowerCase(Locale.ROOT)));
  }

  @Override
  public int count() {
    return snapshot.count();
  }

  @Override
  public long totalOctets() {
    return snapshot.totalOctets();
  }

  @Override
  public long octets(int number) {
    return snapshot.octets(number);
  }

  @Override
  public UniqueId uniqueId(int number) {
    return snapshot.uniqueId(number);
  }

  @Override
  public int uniqueId(int number, byte[] out, int at) {
    return snapshot.uniqueId(number, out, at);
  }

  @Override
  public MessageBody open(int number) throws MaildropException {
    snapshot.check(number);
    Path path = locator.path(number);
    try {
      for (int round = 0; round < MessageLocator.ROUNDS; round++) {
        path = locator.path(number);
        try {
          return openAt(path, number);
        } catch (NoSuchFileException e) {
          locator.refresh();
        }
      }
    } catch (AccessDeniedException e) {
      throw new MaildropException(
          MaildropFailure.PERMANENT, "message " + LogText.quote(path) + ": no permission", e);
    } catch (IOException e) {
      throw new MaildropException(
          MaildropFailure.TEMPORARY, "message " + LogText.quote(path) + ": cannot be opened", e);
    }
    throw gone(path, "vanished");
  }

  private MessageBody openAt(Path path, int number) throws IOException, MaildropException {
    BasicFileAttributes now = files.attributes(path);
    if (!now.isRegularFile()) {
      throw gone(path, "no longer a regular file");
    }
    if (snapshot.twin(number) && !locator.same(now, number)) {
      throw new NoSuchFileException(path.toString(), null, "another message of this name is there");
    }
    FileChannel channel = files.open(path);
    boolean handed = false;
    try {
      boolean asListed =
          snapshot.readable(number)
              && channel.size() == snapshot.storedOctets(number)
              && now.lastModifiedTime().to(TimeUnit.NANOSECONDS) == snapshot.modifiedNanos(number);
      MessageBody body =
          asListed
              ? new FileBody(
                  path,
                  channel,
                  snapshot.octets(number),
                  snapshot.storedOctets(number),
                  snapshot.form(number),
                  snapshot.ascii(number),
                  snapshot.headerEnd(number),
                  snapshot.dotLines(number),
                  snapshot.dotOffsets(number))
              : rescanned(path, channel, number);
      handed = true;
      return body;
    } finally {
      if (!handed) {
        channel.close();
      }
    }
  }

  /** N007: touched since it was listed; served only if the octets announced are still right. */
  private MessageBody rescanned(Path path, FileChannel channel, int number)
      throws IOException, MaildropException {
    snapshot.doubt(number);
    doubts = true;
    WireSize size =
        MaildirScanner.scan(channel, ByteBuffer.allocate(SCAN_BUFFER_OCTETS), channel.size());
    if (size.octets() != snapshot.octets(number)) {
      throw gone(
          path, size.octets() + " octets (expected: " + snapshot.octets(number) + ", as listed)");
    }
    return new FileBody(
        path,
        channel,
        size.octets(),
        size.storedOctets(),
        size.form(),
        size.isAscii(),
        OptionalLong.of(size.headerEnd() < 0 ? size.storedOctets() : size.headerEnd()),
        size.dotLines() > size.keptDotOffsets()
            ? OptionalInt.empty()
            : OptionalInt.of(size.keptDotOffsets()),
        ScannedMessage.dots(size));
  }

  private static MaildropException gone(Path path, String why) {
    return new MaildropException(
        MaildropFailure.MESSAGE_GONE, "message " + LogText.quote(path) + ": " + why);
  }

  @Override
  public Instant delivered(int number) {
    long modified = TimeUnit.NANOSECONDS.toSeconds(snapshot.modifiedNanos(number));
    long named = MessageName.seconds(snapshot.entry(number).name());
    // A copy has an old name and a new time, or the other way round; the future is no delivery.
    return Instant.ofEpochSecond(named > openedSeconds ? modified : Math.max(named, modified));
  }

  @Override
  public Deletion delete(BitSet marked) {
    return takeOut(marked, () -> (path, entry) -> files.unlink(path));
  }

  @Override
  public Deletion move(BitSet marked, FolderName folder) {
    MaildirLocation target = inbox.folder(folder);
    if (target.path().equals(maildir)) {
      throw new IllegalArgumentException("folder " + folder + " (expected: another one)");
    }
    return takeOut(marked, () -> new FolderExit(files, target.make(files)));
  }

  private Deletion takeOut(BitSet marked, ExitMaker maker) {
    Marks.check(marked, count());
    Optional<MaildropException> problem = moved();
    if (problem.isEmpty() && !marked.isEmpty()) {
      try {
        BitSet left = (BitSet) marked.clone();
        return new Removal(files, snapshot, locator, maker.make(), left).run();
      } catch (MaildropException e) {
        problem = Optional.of(e);
      }
    }
    return new Deletion(0, 0, problem.isPresent() ? marked.cardinality() : 0, problem);
  }

  /** Gets the way out ready. */
  private interface ExitMaker {
    Exit make() throws MaildropException;
  }

  /** N037: what has this path now may be the maildrop of a new user of that name. */
  private Optional<MaildropException> moved() {
    String what = "maildir " + LogText.quote(maildir);
    try {
      return lease.covers(files, maildir)
          ? Optional.empty()
          : Optional.of(
              new MaildropException(
                  MaildropFailure.TEMPORARY, what + ": replaced since the session began"));
    } catch (IOException e) {
      return Optional.of(
          new MaildropException(
              MaildropFailure.TEMPORARY, what + ": cannot be found: " + LogText.quote(e), e));
    }
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      if (doubts && moved().isEmpty()) {
        index.save(content);
      }
    } finally {
      lease.close();
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.fermoposta.pop3.server.maildrop.LeaseRequest;
import org.fermoposta.pop3.server.maildrop.LeaseTable;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Design note. Two layers, because the kernel's record locks (which FileLock is on POSIX systems)
 * belong to the process: a second one in the same process would succeed, and closing any descriptor
 * of the file drops the lock. So (1) a table for the whole JVM decides among our own sessions,
 * before the file is touched, and whoever holds an entry is the only one in this process with a
 * descriptor of the lock file; (2) the kernel lock decides among processes and dies with its holder,
 * kill -9 included. The lock file stays: removing it would let two processes lock two inodes of one
 * name. Keys are device and inode of the Maildir, so that one Maildir reached by two names is still
 * one.
 *
 * Waiting: among our own sessions in a queue. For another process by asking again and again, since a
 * blocking F_SETLKW would keep a carrier thread; only the first of the queue asks, so there is one
 * poller for each maildrop. Another process cannot be asked to give up.
 */
/** The exclusive right to a Maildir among POP3 sessions, over threads and processes. */
final class MaildirLease implements AutoCloseable {

  /** Name of the lock file inside the Maildir; never removed. */
  static final String LOCK_FILE = "fermoposta.lock";

  private static final Logger LOG = LoggerFactory.getLogger(MaildirLease.class);
  private static final LeaseTable TABLE = new LeaseTable();
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final Object identity;
  private final LeaseTable.Lease lease;
  private final FileChannel channel;

  private MaildirLease(Object identity, LeaseTable.Lease lease, FileChannel channel) {
    this.identity = identity;
    this.lease = lease;
    this.channel = channel;
  }

  /**
   * Takes the lease, waiting as the request says.
   *
   * @throws MaildropException IN_USE if it is held; TEMPORARY or PERMANENT if the lock file cannot
   *     be used
   */
  static MaildirLease take(MaildirFiles files, Path maildir, LeaseRequest request)
      throws MaildropException {
    Path file = maildir.resolve(LOCK_FILE);
    Object identity;
    try {
      identity = identity(files, maildir);
    } catch (IOException e) {
      throw unusable(file, e);
    }
    LeaseTable.Lease lease = TABLE.take(identity, "maildir " + LogText.quote(maildir), request);
    boolean taken = false;
    try {
      FileChannel channel = open(files, file);
      try {
        lock(channel, maildir, request);
        LockNote.write(channel, file, request.holder().name());
        taken = true;
        return new MaildirLease(identity, lease, channel);
      } finally {
        if (!taken) {
          channel.close();
        }
      }
    } catch (IOException e) {
      throw unusable(file, e);
    } finally {
      if (!taken) {
        lease.close();
      }
    }
  }

  private static Object identity(MaildirFiles files, Path maildir) throws IOException {
    return Objects.requireNonNullElse(files.attributes(maildir).fileKey(), maildir);
  }

  private static void lock(FileChannel channel, Path maildir, LeaseRequest request)
      throws IOException, MaildropException {
    long pause = FIRST_PAUSE_NANOS;
    while (channel.tryLock() == null) {
      long left = request.nanosLeft();
      if (!request.waits() || left <= 0 || request.isMoot()) {
        throw new MaildropException(
            MaildropFailure.IN_USE,
            "maildir " + LogText.quote(maildir) + ": in use by " + LockNote.read(channel));
      }
      pause(Math.min(left, pause / 2 + ThreadLocalRandom.current().nextLong(pause)), maildir);
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
    }
  }

  private static void pause(long nanos, Path maildir) throws MaildropException {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MaildropException(
          MaildropFailure.TEMPORARY,
          "maildir " + LogText.quote(maildir) + ": interrupted while waiting for the lease",
          e);
    }
  }

  private static FileChannel open(MaildirFiles files, Path file)
      throws IOException, MaildropException {
    try {
      BasicFileAttributes found = files.attributes(file);
      if (!found.isRegularFile()) {
        throw new MaildropException(
            MaildropFailure.PERMANENT,
            "lock file " + LogText.quote(file) + ": not a regular file (expected: one, or none)");
      }
    } catch (NoSuchFileException e) {
      LOG.debug("Creating lock file {}", LogText.quote(file));
    }
    return files.openOrCreate(file);
  }

  private static MaildropException unusable(Path file, IOException e) {
    return new MaildropException(
        e instanceof AccessDeniedException ? MaildropFailure.PERMANENT : MaildropFailure.TEMPORARY,
        "lock file " + LogText.quote(file) + ": cannot be locked: " + LogText.quote(e),
        e);
  }

  /**
   * Whether this path still leads to the Maildir that is leased.
   *
   * @throws IOException if it leads to nothing, or that cannot be told
   */
  boolean covers(MaildirFiles files, Path maildir) throws IOException {
    return identity.equals(identity(files, maildir));
  }

  /** Gives the lease back; harmless the second time. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // The descriptor is gone all the same, and the kernel's lock with it.
      LOG.warn("Closing a lock file failed: {}", LogText.quote(e));
    } finally {
      lease.close();
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Design note. Two layers, because the kernel's record locks (which FileLock is on POSIX systems)
 * belong to the process: a second one in the same process would succeed, and closing any descriptor
 * of the file drops the lock. So (1) a registry for the whole JVM decides among our own sessions,
 * before the file is touched, and whoever holds an entry is the only one in this process with a
 * descriptor of the lock file; (2) the kernel lock decides among processes and dies with its holder,
 * kill -9 included. The lock file stays: removing it would let two processes lock two inodes of one
 * name. Registry keys are device and inode of the Maildir, so that one Maildir reached by two names
 * is still one.
 */
/** The exclusive right to a Maildir among POP3 sessions, over threads and processes. */
final class MaildirLease implements AutoCloseable {

  /** Name of the lock file inside the Maildir, empty and never removed. */
  static final String LOCK_FILE = "fermoposta.lock";

  private static final Logger LOG = LoggerFactory.getLogger(MaildirLease.class);
  private static final ConcurrentHashMap<Object, Holder> HELD = new ConcurrentHashMap<>();

  private record Holder(String who, long sinceNanos) {}

  private final Object key;
  private final Holder holder;
  private final FileChannel channel;

  private MaildirLease(Object key, Holder holder, FileChannel channel) {
    this.key = key;
    this.holder = holder;
    this.channel = channel;
  }

  /**
   * Takes the lease without waiting.
   *
   * @throws MaildropException IN_USE if it is held; TEMPORARY or PERMANENT if the lock file cannot
   *     be used
   */
  static MaildirLease take(Path maildir, String who) throws MaildropException {
    Path file = maildir.resolve(LOCK_FILE);
    Object key;
    try {
      BasicFileAttributes directory =
          Files.readAttributes(maildir, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      key = Objects.requireNonNullElse(directory.fileKey(), maildir);
    } catch (IOException e) {
      throw unusable(file, e);
    }
    Holder mine = new Holder(who, System.nanoTime());
    Holder other = HELD.putIfAbsent(key, mine);
    if (other != null) {
      throw new MaildropException(
          MaildropFailure.IN_USE,
          "maildir "
              + LogText.quote(maildir)
              + ": in use by "
              + LogText.quote(other.who)
              + " for "
              + Duration.ofNanos(mine.sinceNanos - other.sinceNanos).toSeconds()
              + " s");
    }
    boolean taken = false;
    try {
      FileChannel channel = open(file);
      try {
        FileLock lock = channel.tryLock();
        if (lock == null) {
          throw new MaildropException(
              MaildropFailure.IN_USE,
              "maildir " + LogText.quote(maildir) + ": in use by another process");
        }
        taken = true;
        return new MaildirLease(key, mine, channel);
      } finally {
        if (!taken) {
          channel.close();
        }
      }
    } catch (IOException e) {
      throw unusable(file, e);
    } finally {
      if (!taken) {
        HELD.remove(key, mine);
      }
    }
  }

  private static FileChannel open(Path file) throws IOException, MaildropException {
    try {
      BasicFileAttributes found =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!found.isRegularFile()) {
        throw new MaildropException(
            MaildropFailure.PERMANENT,
            "lock file " + LogText.quote(file) + ": not a regular file (expected: one, or none)");
      }
    } catch (NoSuchFileException e) {
      LOG.debug("Creating lock file {}", LogText.quote(file));
    }
    // Reading and writing: opening a FIFO put there meanwhile for writing alone would wait.
    return FileChannel.open(
        file,
        Set.of(
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private static MaildropException unusable(Path file, IOException e) {
    return new MaildropException(
        e instanceof AccessDeniedException ? MaildropFailure.PERMANENT : MaildropFailure.TEMPORARY,
        "lock file " + LogText.quote(file) + ": cannot be locked: " + LogText.quote(e),
        e);
  }

  /** Gives the lease back; harmless the second time. */
  @Override
  public void close() {
    if (!channel.isOpen()) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      // The descriptor is gone all the same, and the kernel's lock with it.
      LOG.warn("Closing a lock file failed: {}", LogText.quote(e));
    } finally {
      HELD.remove(key, holder);
    }
  }
}

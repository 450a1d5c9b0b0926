// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.SideRecords;

/*
 * Design note. A record is the file fermoposta.NAME in the Maildir, replaced by a rename of a
 * synced file, so readers need no lock. Writers exclude each other as sessions do: in the process by
 * a lock chosen by the directory's identity, among processes by the kernel's lock on one file, which
 * only the holder of the former has open. Two Maildirs may share a lock of the process; none waits
 * for another while it holds one.
 */
/** Records as files in the Maildir. */
final class MaildirRecords implements SideRecords {

  private static final String LOCK_FILE = "fermoposta.records.lock";
  private static final Pattern NAME = Pattern.compile("[a-z]{1,32}");
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long POLL_NANOS = 5_000_000;
  private static final ReentrantLock[] LOCKS =
      IntStream.range(0, 256).mapToObj(i -> new ReentrantLock()).toArray(ReentrantLock[]::new);

  private final MaildropTemplate template;
  private final MaildirFiles files;

  MaildirRecords(MaildropTemplate template, MaildirFiles files) {
    this.template = template;
    this.files = files;
  }

  @Override
  public Optional<byte[]> read(MaildropAddress address, String record) throws MaildropException {
    Path file = file(template.locate(address).path(), record);
    try {
      return Optional.of(content(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed(file, "cannot be read", e);
    }
  }

  @Override
  public void update(MaildropAddress address, String record, Change change)
      throws MaildropException {
    Path maildir = template.locate(address).prepare(files);
    Path file = file(maildir, record);
    try {
      Object key = Objects.requireNonNullElse(files.attributes(maildir).fileKey(), maildir);
      ReentrantLock mine = LOCKS[Math.floorMod(key.hashCode(), LOCKS.length)];
      mine.lock();
      try (FileChannel channel = files.openOrCreate(maildir.resolve(LOCK_FILE));
          FileLock lock = lock(channel, file)) {
        files.giveToOwnerOf(maildir, maildir.resolve(LOCK_FILE));
        Optional<byte[]> changed = change.apply(read(address, record));
        if (changed.isPresent() && lock.isValid()) {
          replace(maildir, file, changed.get());
        }
      } finally {
        mine.unlock();
      }
    } catch (IOException e) {
      throw failed(file, "cannot be replaced", e);
    }
  }

  private static Path file(Path maildir, String record) {
    if (!NAME.matcher(record).matches()) {
      throw new IllegalArgumentException(
          "record: " + LogText.quote(record) + " (expected: 1 to 32 of a-z)");
    }
    return maildir.resolve("fermoposta." + record);
  }

  private static FileLock lock(FileChannel channel, Path file)
      throws IOException, MaildropException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (; ; ) {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return lock;
      }
      if (System.nanoTime() - deadline >= 0) {
        throw new MaildropException(
            MaildropFailure.TEMPORARY,
            "record " + LogText.quote(file) + ": another process has been at it for 10 s");
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private byte[] content(Path file) throws IOException, MaildropException {
    try (FileChannel channel = files.openPrivate(file)) {
      long size = channel.size();
      if (size > MAX_OCTETS) {
        throw new MaildropException(
            MaildropFailure.PERMANENT,
            "record " + LogText.quote(file) + ": " + size + " octets (expected: <= 64 MiB)");
      }
      ByteBuffer content = ByteBuffer.allocate((int) size);
      while (content.hasRemaining() && channel.read(content) >= 0) {
        // Reads on until it is whole; it never changes, since it is only ever replaced.
      }
      if (content.hasRemaining()) {
        throw new IOException("ends after " + content.position() + " of " + size + " octets");
      }
      return content.array();
    }
  }

  private void replace(Path maildir, Path file, byte[] content) throws IOException {
    Path draft = maildir.resolve(file.getFileName() + ".new");
    boolean replaced = false;
    try {
      try (FileChannel channel = files.createPrivate(draft)) {
        files.writeAll(channel, ByteBuffer.wrap(content));
        files.force(channel);
      }
      files.giveToOwnerOf(maildir, draft);
      files.replace(draft, file);
      replaced = true;
    } finally {
      if (!replaced) {
        files.discard(draft);
      }
    }
    files.sync(maildir);
  }

  private static MaildropException failed(Path file, String what, IOException e) {
    return new MaildropException(
        e instanceof AccessDeniedException ? MaildropFailure.PERMANENT : MaildropFailure.TEMPORARY,
        "record " + LogText.quote(file) + ": " + what + ": " + LogText.quote(e),
        e);
  }
}

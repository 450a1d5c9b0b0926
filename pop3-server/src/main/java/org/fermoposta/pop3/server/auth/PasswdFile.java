// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.fermoposta.pop3.server.policy.PolicyRange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Design note. Each login looks at the file's time, size and inode and reads it again when they
 * changed. A file changed within the last two seconds may change again without its time showing it,
 * so until it has settled it is read at every login. A new content that cannot be used leaves the
 * old one in force and is logged once per change (N035). One thread reads; the others go on with
 * what is there.
 *
 * Hashing takes as many threads as there are processors: more would only share them, and each
 * Argon2 needs its memory.
 */
/**
 * Accounts in a file, one a line, as Dovecot's passwd-file: {@code user:{SCHEME}password}, then
 * optionally {@code :uid:gid:gecos:home:shell:extra}, of which only the extra fields that begin
 * with {@code fermoposta_} are read ({@link MailPolicyFields}). {@code #} begins a comment line; a
 * password of {@code *} or {@code !} locks the account. Thread-safe.
 */
public final class PasswdFile implements AuthBackend {

  private static final Logger LOG = LoggerFactory.getLogger(PasswdFile.class);
  private static final Duration SETTLE = Duration.ofSeconds(2);

  private record Stamp(FileTime modified, long size, @Nullable Object key) {}

  private record Loaded(PasswdTable table, Stamp stamp, boolean settled) {}

  private final Path file;
  private final MailPolicy defaults;
  private final Clock clock;
  private final ReentrantLock reading = new ReentrantLock();
  private final Semaphore hashing =
      new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors()));
  private volatile Loaded loaded;
  private @Nullable Stamp complainedOf;

  /**
   * Reads the file.
   *
   * @param defaults for what a line does not say
   * @throws PasswdFormatException if its content is wrong; the text names file and line
   * @throws IOException if it cannot be read
   */
  public PasswdFile(Path file, MailPolicy defaults) throws IOException {
    this(file, defaults, Clock.systemUTC());
  }

  PasswdFile(Path file, MailPolicy defaults, Clock clock) throws IOException {
    this.file = file;
    this.defaults = defaults;
    this.clock = clock;
    loaded = load();
  }

  @Override
  public String name() {
    return "passwd " + file;
  }

  @Override
  public PasswordAnswer authenticate(MaildropName user, Secret password) {
    refresh();
    PasswdTable table = loaded.table();
    try {
      hashing.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new PasswordAnswer.Unavailable(
          MaildropFailure.TEMPORARY, "interrupted before hashing");
    }
    boolean matches;
    try {
      matches = table.matches(user, password);
    } finally {
      hashing.release();
    }
    if (matches) {
      return new PasswordAnswer.Right(table.find(user).orElseThrow());
    }
    return table.contains(user) ? new PasswordAnswer.Wrong() : new PasswordAnswer.Unknown();
  }

  @Override
  public UserAnswer find(MaildropName user) {
    refresh();
    PasswdTable table = loaded.table();
    Optional<Account> account = table.find(user);
    if (account.isPresent()) {
      return new UserAnswer.Found(account.get(), StoredCredentials.NONE);
    }
    return table.contains(user) ? new UserAnswer.Locked() : new UserAnswer.Unknown();
  }

  @Override
  public PolicyRange policies() {
    return loaded.table().range();
  }

  @Override
  public Collection<MaildropName> names() {
    refresh();
    return loaded.table().names();
  }

  /** How many accounts are in force. */
  public int size() {
    return loaded.table().size();
  }

  private void refresh() {
    if (!reading.tryLock()) {
      return;
    }
    Stamp now = null;
    try {
      now = stamp();
      Loaded current = loaded;
      if (current.settled() && now.equals(current.stamp())) {
        return;
      }
      if (now.equals(complainedOf) && settled(now)) {
        return;
      }
      loaded = load();
      if (!now.equals(current.stamp())) {
        LOG.info("{}: read again, {} accounts", LogText.quote(file), size());
      }
      complainedOf = null;
    } catch (IOException e) {
      complain(now, e);
    } finally {
      reading.unlock();
    }
  }

  private void complain(@Nullable Stamp now, IOException e) {
    Stamp subject = Objects.requireNonNullElse(now, new Stamp(FileTime.fromMillis(0), -1, null));
    if (!subject.equals(complainedOf)) {
      complainedOf = subject;
      LOG.error(
          "{}: cannot be used, the accounts read before stay in force: {}",
          LogText.quote(file),
          LogText.quote(e));
    }
  }

  private Loaded load() throws IOException {
    Stamp before = stamp();
    byte[] octets = Files.readAllBytes(file);
    PasswdTable table = PasswdTable.parse(file.toString(), octets, defaults);
    boolean whole = before.equals(stamp()) && octets.length == before.size();
    return new Loaded(table, before, whole && settled(before));
  }

  private boolean settled(Stamp stamp) {
    return stamp.modified().toInstant().plus(SETTLE).isBefore(clock.instant());
  }

  private Stamp stamp() throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
  }
}

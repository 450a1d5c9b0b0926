// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.ScramHash;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.fermoposta.pop3.server.policy.PolicyRange;

/*
 * Design note. Hashing takes as many threads as there are processors: more would only share them,
 * and each Argon2 needs its memory. How changes of the file are noticed: WatchedFile.
 */
/**
 * Accounts in a file, one a line, as Dovecot's passwd-file: {@code user:{SCHEME}password}, then
 * optionally {@code :uid:gid:gecos:home:shell:extra}, of which only the extra fields that begin
 * with {@code fermoposta_} and Dovecot's {@code nologin} and {@code allow_nets} are read; or as
 * Courier's userdb, or htpasswd ({@link PasswdLine}). {@code #} begins a comment line; a password
 * of {@code *} or {@code !} locks the account. Thread-safe.
 */
public final class PasswdFile implements AuthBackend {

  private final Path file;
  private final WatchedFile<PasswdTable> table;
  private final Semaphore hashing =
      new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors()));

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
    table =
        new WatchedFile<>(
            file,
            (name, octets) -> PasswdTable.parse(name, octets, defaults),
            PasswdTable::size,
            clock);
  }

  @Override
  public String name() {
    return "passwd " + file;
  }

  @Override
  public PasswordAnswer authenticate(MaildropName user, Secret password) {
    PasswdTable now = table.now();
    try {
      hashing.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new PasswordAnswer.Unavailable(
          MaildropFailure.TEMPORARY, "interrupted before hashing");
    }
    boolean matches;
    try {
      matches = now.matches(user, password);
    } finally {
      hashing.release();
    }
    if (matches) {
      return new PasswordAnswer.Right(now.find(user).orElseThrow());
    }
    return now.contains(user) ? new PasswordAnswer.Wrong() : new PasswordAnswer.Unknown();
  }

  @Override
  public UserAnswer find(MaildropName user) {
    PasswdTable now = table.now();
    Optional<Account> account = now.find(user);
    if (account.isPresent()) {
      return new UserAnswer.Found(account.get(), now.credentials(user));
    }
    return now.contains(user) ? new UserAnswer.Locked(user) : new UserAnswer.Unknown();
  }

  @Override
  public PolicyRange policies() {
    return table.lastRead().range();
  }

  @Override
  public Collection<MaildropName> names() {
    return table.now().names();
  }

  /** How many accounts are in force. */
  public int size() {
    return table.lastRead().size();
  }

  @Override
  public ScramUsers scram(ScramHash hash) {
    return table.lastRead().scram(hash);
  }

  @Override
  public Object generation() {
    return table.now();
  }
}

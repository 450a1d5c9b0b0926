// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.security.SecureRandom;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.ScramHash;
import org.fermoposta.pop3.protocol.sasl.ScramKeys;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.jspecify.annotations.Nullable;

/*
 * Design note. A back end that is asked user by user does not know what its hashes cost as a whole.
 * So unknown and locked users cost what the last known user did, and before there was one, what a
 * new password costs here. SCRAM's decoys follow the last keys in the same way.
 *
 * Hashing takes as many threads as there are processors, as for a passwd file.
 */
/**
 * Checks passwords of users that are fetched one by one, and remembers what known users look like,
 * so that unknown ones do not stand out. Thread-safe.
 */
public final class FetchedUsers {

  private static final int MAX_SALT_OCTETS = 32;

  private final Semaphore hashing =
      new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors()));
  private final Map<ScramHash, ScramKeys> lastKeys =
      Collections.synchronizedMap(new EnumMap<>(ScramHash.class));
  private volatile @Nullable List<PasswordHash> last;
  private volatile boolean clear;

  /** Computed when it is first needed. */
  private static final class FirstDecoy {
    static final List<PasswordHash> HASHES =
        List.of(
            PasswordSchemes.parse(
                new PasswordHasher(new SecureRandom()).argon2id(Secret.ofUtf8("nobody"))));
  }

  /**
   * Compares a password with the hashes of a user, or does as much work for nobody. May wait for
   * other computations.
   *
   * @param user empty if there is none
   * @param password not changed and not kept
   */
  public PasswordAnswer check(Optional<FetchedUser> user, Secret password) {
    user.ifPresent(this::note);
    Optional<FetchedUser> open = user.filter(known -> !known.locked() && !known.hashes().isEmpty());
    List<PasswordHash> hashes = open.map(FetchedUser::hashes).orElseGet(this::decoy);
    try {
      hashing.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new PasswordAnswer.Unavailable(
          MaildropFailure.TEMPORARY, "interrupted before hashing");
    }
    boolean matches = false;
    try {
      for (PasswordHash hash : hashes) {
        matches |= password.with(hash::matches);
      }
    } finally {
      hashing.release();
    }
    if (matches && open.isPresent()) {
      return new PasswordAnswer.Right(open.get().account());
    }
    return user.isPresent() ? new PasswordAnswer.Wrong() : new PasswordAnswer.Unknown();
  }

  /** Remembers what a user that was fetched looks like. */
  public void note(FetchedUser user) {
    if (!user.hashes().isEmpty()) {
      last = user.hashes();
    }
    lastKeys.putAll(user.credentials().scram());
    if (user.credentials().clear().isPresent()) {
      clear = true;
    }
  }

  /** What {@link AuthBackend#scram} says: that not all users have keys, since nobody knows. */
  public ScramUsers scram(ScramHash hash) {
    ScramKeys keys = lastKeys.get(hash);
    boolean derived = clear;
    return new ScramUsers(
        keys != null || derived,
        false,
        keys == null ? ScramUsers.ITERATIONS : keys.iterations(),
        keys == null ? ScramUsers.SALT_OCTETS : Math.min(MAX_SALT_OCTETS, keys.salt().length),
        derived);
  }

  private List<PasswordHash> decoy() {
    List<PasswordHash> known = last;
    return known == null ? FirstDecoy.HASHES : known;
  }

  /** What unknown users cost now. */
  String decoyCost() {
    return decoy().get(0).cost();
  }
}

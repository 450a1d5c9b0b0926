// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.oauth;

import com.nimbusds.jose.jwk.JWK;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.fermoposta.pop3.server.http.FetchException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Design note. Keys are fetched at the first token, when they are older than `refresh`, and when a
 * token names a key that is not among them: that is how a rotation is seen without a restart. One
 * thread fetches. For keys that are merely old the others go on with what is there; for a key that
 * is missing they wait for the fetch under way. Between two fetches lies MIN_INTERVAL, whatever
 * tokens say, so nobody can make this server hammer the issuer. While the issuer is down the old
 * keys serve until they are older than `keep`. A key that is missing while the issuer cannot be
 * asked may be a new one, so nobody knows; a key that is missing in a set fetched just now is wrong.
 */
/** The public keys of one issuer. Thread-safe; blocks while keys are fetched. */
final class KeyCache {

  static final Duration MIN_INTERVAL = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(KeyCache.class);

  /** Where keys come from. */
  interface Source {
    List<JWK> fetch() throws FetchException;
  }

  private record Loaded(List<JWK> keys, long nanos, long generation) {}

  private final Source source;
  private final JwtSettings settings;
  private final Duration patience;
  private final LongSupplier nanoTime;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile @Nullable Loaded loaded;
  private long attempted;
  private @Nullable FetchException failure;
  private boolean tried;
  private long generation;

  /**
   * Empty.
   *
   * @param patience longest wait for a fetch that another thread makes
   */
  KeyCache(Source source, JwtSettings settings, Duration patience, LongSupplier nanoTime) {
    this.source = source;
    this.settings = settings;
    this.patience = patience;
    this.nanoTime = nanoTime;
  }

  /**
   * The keys that fit; none if the issuer has none.
   *
   * @throws FetchException if that cannot be told now
   */
  List<JWK> find(Predicate<JWK> fits) throws FetchException {
    Loaded seen = loaded;
    boolean usable = seen != null && age(seen) <= settings.keep().toNanos();
    if (seen != null && usable) {
      List<JWK> found = select(seen, fits);
      if (!found.isEmpty()) {
        if (age(seen) > settings.refresh().toNanos() && fetching.tryLock()) {
          return select(renewedOrOld(seen), fits);
        }
        return found;
      }
    }
    await();
    try {
      Loaded current = loaded;
      long before = seen == null ? 0 : seen.generation();
      return select(current != null && current.generation() > before ? current : fetch(), fits);
    } finally {
      fetching.unlock();
    }
  }

  /** Holds the lock and gives it back. */
  private Loaded renewedOrOld(Loaded old) {
    try {
      return fetch();
    } catch (FetchException logged) {
      return old; // Tells the log only: the old keys are good for a while yet.
    } finally {
      fetching.unlock();
    }
  }

  private Loaded fetch() throws FetchException {
    long now = nanoTime.getAsLong();
    if (tried && now - attempted < MIN_INTERVAL.toNanos()) {
      Loaded current = loaded;
      if (failure != null || current == null) {
        throw failure == null ? new FetchException("no keys yet", true) : failure;
      }
      return current;
    }
    tried = true;
    attempted = now;
    try {
      Loaded fresh = new Loaded(List.copyOf(source.fetch()), now, ++generation);
      loaded = fresh;
      failure = null;
      return fresh;
    } catch (FetchException e) {
      failure = e;
      LOG.warn("keys of an issuer of tokens cannot be fetched: {}", e.text());
      throw e;
    }
  }

  private void await() throws FetchException {
    try {
      if (!fetching.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new FetchException("keys are being fetched for too long", true);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FetchException("interrupted while keys are fetched", true);
    }
  }

  private long age(Loaded keys) {
    return nanoTime.getAsLong() - keys.nanos();
  }

  private static List<JWK> select(Loaded keys, Predicate<JWK> fits) {
    return keys.keys().stream().filter(fits).toList();
  }
}

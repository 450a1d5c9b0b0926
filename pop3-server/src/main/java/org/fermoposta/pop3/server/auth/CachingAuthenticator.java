// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.server.maildrop.MaildropName;

/*
 * Design note. A client that polls every minute would cost a slow hash or a round trip each time.
 * What is remembered of a password is its HMAC under a key that this process made at its start and
 * shows to nobody; in a heap dump both are found, so whoever gets one can try passwords fast. That is
 * why entries last minutes, and why the caches can be switched off.
 *
 * Of successes one password a user is remembered, the last: when a user has a new one, the old one
 * is asked for again. A wrong password makes the right one be asked for again too. Both caches are
 * void once a back end's generation changes. Unavailable is never remembered.
 */
/**
 * Remembers what an authenticator said of passwords, for a short time. Only passwords that clients
 * show come here: what works once only, such as a SCRAM proof, does not. Thread-safe.
 */
public final class CachingAuthenticator extends ForwardingAuthenticator {

  private static final String MAC = "HmacSHA256";
  private static final int KEY_OCTETS = 32;

  private record Success(String mac, AuthResult.Accepted result, Object generation) {}

  private record Attempt(String user, String mac) {}

  private record Failure(AuthResult.Rejected result, Object generation) {}

  private final boolean successes;
  private final boolean failures;
  private final Cache<String, Success> accepted;
  private final Cache<Attempt, Failure> rejected;
  private final SecretKeySpec key;

  /** Remembers as the settings say. */
  public CachingAuthenticator(Authenticator delegate, AuthCacheSettings settings) {
    this(delegate, settings, Ticker.systemTicker());
  }

  CachingAuthenticator(Authenticator delegate, AuthCacheSettings settings, Ticker ticker) {
    super(delegate);
    successes = !settings.success().isZero() && settings.entries() > 0;
    failures = !settings.failure().isZero() && settings.entries() > 0;
    accepted =
        Caffeine.newBuilder()
            .maximumSize(settings.entries())
            .expireAfterWrite(settings.success())
            .ticker(ticker)
            .build();
    rejected =
        Caffeine.newBuilder()
            .maximumSize(settings.entries())
            .expireAfterWrite(settings.failure())
            .ticker(ticker)
            .build();
    byte[] random = new byte[KEY_OCTETS];
    new SecureRandom().nextBytes(random);
    key = new SecretKeySpec(random, MAC);
    Arrays.fill(random, (byte) 0);
  }

  @Override
  public AuthResult authenticate(String name, Secret password) {
    Optional<MaildropName> user = MaildropName.parse(name);
    if (user.isEmpty() || !(successes || failures)) {
      return delegate.authenticate(name, password);
    }
    // Before the back end is asked: what it says may be older than a change that comes now.
    Object generation = delegate.generation();
    Attempt attempt = new Attempt(user.get().value(), mac(password));
    Optional<AuthResult> known = remembered(attempt, generation);
    if (known.isPresent()) {
      return known.get();
    }
    AuthResult result = delegate.authenticate(name, password);
    remember(attempt, result, generation);
    return result;
  }

  private Optional<AuthResult> remembered(Attempt attempt, Object generation) {
    Success success = accepted.getIfPresent(attempt.user());
    if (success != null
        && success.mac().equals(attempt.mac())
        && success.generation().equals(generation)) {
      return Optional.of(success.result());
    }
    Failure failure = rejected.getIfPresent(attempt);
    return failure != null && failure.generation().equals(generation)
        ? Optional.of(failure.result())
        : Optional.empty();
  }

  private void remember(Attempt attempt, AuthResult result, Object generation) {
    if (result instanceof AuthResult.Accepted right) {
      rejected.invalidate(attempt);
      if (successes) {
        accepted.put(attempt.user(), new Success(attempt.mac(), right, generation));
      }
    } else if (result instanceof AuthResult.Rejected wrong) {
      accepted.invalidate(attempt.user());
      if (failures) {
        rejected.put(attempt, new Failure(wrong, generation));
      }
    }
  }

  private String mac(Secret password) {
    return password.with(
        octets -> {
          try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal(octets));
          } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has " + MAC, e);
          }
        });
  }

  @Override
  public UserAnswer find(MaildropName name) {
    return delegate.find(name);
  }

  @Override
  public String toString() {
    return "CachingAuthenticator[" + delegate + "]";
  }
}

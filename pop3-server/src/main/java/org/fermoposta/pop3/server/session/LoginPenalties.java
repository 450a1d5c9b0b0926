// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.fermoposta.pop3.protocol.Secret;
import org.jspecify.annotations.Nullable;

// Design note. Two scores, that of the network and that of the account, and the worse one counts:
// one guesser who tries many accounts is slowed down by the first, many who try one account by the
// second (N052, N051). The second does not count for networks from which this account has logged in
// before, so nobody can slow its owner down by guessing; and the same wrong password again from the
// same network counts once, so that a telephone that has the old one does not. Scores rise for
// unknown names as for known ones, so delays do not tell which exist (A6). A right password waits
// as
// long as a wrong one would: otherwise the answer that comes early would be the right one.
//
// Memory is bounded by the sizes below. Whoever fills the tables makes the oldest entries go.

/** Makes logins slower where many were refused. Thread-safe. */
public final class LoginPenalties {
  private static final int MAX_SCORES = 100_000;
  private static final int MAX_REMEMBERED = 200_000;
  private static final Duration REMEMBERED = Duration.ofDays(30);
  private static final Duration FIRST_DELAY = Duration.ofMillis(500);
  private static final String MAC = "HmacSHA256";

  private static final class Score {
    private double value;
    private long sinceNanos;
  }

  private final PenaltySettings settings;
  private final LongSupplier nanoTime;
  private final SecretKeySpec key;
  private final Cache<String, Score> networks;
  private final Cache<String, Score> accounts;
  private final Cache<String, Boolean> homes;
  private final Cache<String, Boolean> wrongPasswords;

  /** Penalties that nobody has yet. */
  public LoginPenalties(PenaltySettings settings) {
    this(settings, System::nanoTime);
  }

  LoginPenalties(PenaltySettings settings, LongSupplier nanoTime) {
    this.settings = settings;
    this.nanoTime = nanoTime;
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    key = new SecretKeySpec(random, MAC);
    // By then a score of a thousand is below one.
    Duration forgotten = settings.halfLife().multipliedBy(12);
    networks = Caffeine.newBuilder().maximumSize(MAX_SCORES).expireAfterAccess(forgotten).build();
    accounts = Caffeine.newBuilder().maximumSize(MAX_SCORES).expireAfterAccess(forgotten).build();
    wrongPasswords =
        Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).expireAfterAccess(forgotten).build();
    homes = Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).expireAfterAccess(REMEMBERED).build();
  }

  /** How long a login has to wait before it is checked. */
  Duration delay(InetAddress client, String user) {
    if (settings.maxDelay().isZero() || isExempt(client)) {
      return Duration.ZERO;
    }
    String network = network(client);
    double score = value(networks.getIfPresent(network));
    if (homes.getIfPresent(home(user, network)) == null) {
      score = Math.max(score, value(accounts.getIfPresent(folded(user))));
    }
    double over = score - settings.freeTries();
    if (over < 0) {
      return Duration.ZERO;
    }
    double millis = FIRST_DELAY.toMillis() * Math.pow(2, Math.min(over, 20));
    return Duration.ofMillis((long) Math.min(millis, (double) settings.maxDelay().toMillis()));
  }

  /**
   * A login was refused for its credentials.
   *
   * @param fingerprint of the password, by {@link #fingerprint}; empty if none was shown
   */
  void refused(InetAddress client, String user, String fingerprint) {
    if (isExempt(client)) {
      return;
    }
    String network = network(client);
    if (!fingerprint.isEmpty()
        && wrongPasswords.asMap().putIfAbsent(network + " " + fingerprint, true) != null) {
      return;
    }
    add(networks, network);
    if (!user.isEmpty()) {
      add(accounts, folded(user));
    }
  }

  /** A user has logged in. */
  void letIn(InetAddress client, String user) {
    homes.put(home(user, network(client)), true);
  }

  /** What a password is recognised by, within this process only; of no use to find it out. */
  String fingerprint(String user, Secret password) {
    byte[] name = folded(user).getBytes(StandardCharsets.UTF_8);
    return password.with(
        octets -> {
          try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            mac.update(name);
            mac.update((byte) 0);
            return HexFormat.of().formatHex(mac.doFinal(octets), 0, 16);
          } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
          }
        });
  }

  private boolean isExempt(InetAddress client) {
    return settings.exempt().stream().anyMatch(network -> network.contains(client));
  }

  private void add(Cache<String, Score> scores, String of) {
    Score score = scores.get(of, unknown -> new Score());
    synchronized (score) {
      score.value = value(score) + 1;
      score.sinceNanos = nanoTime.getAsLong();
    }
  }

  private double value(@Nullable Score score) {
    if (score == null) {
      return 0;
    }
    synchronized (score) {
      double halfLives =
          (nanoTime.getAsLong() - score.sinceNanos) / (double) settings.halfLife().toNanos();
      return score.value * Math.pow(0.5, halfLives);
    }
  }

  /** An IPv4 /24 or an IPv6 /64. */
  private static String network(InetAddress client) {
    byte[] octets = client.getAddress();
    return HexFormat.of().formatHex(Arrays.copyOf(octets, octets.length == 16 ? 8 : 3));
  }

  private static String home(String user, String network) {
    return network + " " + folded(user);
  }

  private static String folded(String user) {
    return user.toLowerCase(Locale.ROOT);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

// Design note. Connections before login are kept in the order in which they came. When there is no
// room, one of the oldest goes: a client that wants its mail logs in within moments, one that only
// holds a place does not. Of the oldest few it is the one whose network holds most places, so that
// whoever has many suffers first. Everything here takes constant time; memory is bounded by the
// number of connections, and that of the rates by a fixed number of networks.

/** Counts connections from their accept to their close, and decides which are let in. */
public final class Admission {
  private static final AttributeKey<Runnable> LOGGED_IN =
      AttributeKey.valueOf(Admission.class, "loggedIn");
  private static final AttributeKey<Boolean> LEFT = AttributeKey.valueOf(Admission.class, "left");
  private static final int MAX_REFUSING = 64;
  private static final int CANDIDATES = 16;
  private static final int BURST_SECONDS = 10;
  private static final int MAX_RATES = 100_000;

  /** What became of a connection. */
  enum Verdict {
    /** It is let in. */
    ADMITTED,
    /** There are too many in all. */
    FULL,
    /** There are too many from its network, or too many a second. */
    TOO_MANY_FROM_THERE
  }

  /** A network, by the octets that all its addresses have in common. */
  private record Origin(long prefix, boolean six) {
    static @Nullable Origin of(Channel channel) {
      if (!(ClientAddress.of(channel) instanceof InetSocketAddress remote)
          || remote.getAddress() == null) {
        return null;
      }
      byte[] octets = remote.getAddress().getAddress();
      boolean six = octets.length == 16;
      long prefix = 0;
      for (byte octet : Arrays.copyOf(octets, six ? 8 : 3)) {
        prefix = prefix << 8 | (octet & 0xFF);
      }
      return new Origin(prefix, six);
    }
  }

  private static final class Bucket {
    private double tokens;
    private long filledNanos;

    Bucket(double tokens, long now) {
      this.tokens = tokens;
      filledNanos = now;
    }

    synchronized boolean take(double perSecond, long now) {
      double gained = (now - filledNanos) * perSecond / 1e9;
      tokens = Math.min(perSecond * BURST_SECONDS, tokens + gained);
      filledNanos = now;
      if (tokens < 1) {
        return false;
      }
      tokens--;
      return true;
    }
  }

  private final int max;
  private final AdmissionSettings settings;
  private final LongSupplier nanoTime;
  private final LinkedHashMap<Channel, Origin> beforeLogin = new LinkedHashMap<>();
  private final Map<Origin, Integer> placesBeforeLogin = new HashMap<>();
  private final Map<Origin, Integer> places = new HashMap<>();
  private final Cache<Origin, Bucket> rates =
      Caffeine.newBuilder()
          .maximumSize(MAX_RATES)
          .expireAfterAccess(Duration.ofSeconds(2L * BURST_SECONDS))
          .build();
  private final AtomicInteger refusing = new AtomicInteger();
  private int admitted;
  private long evicted;

  Admission(int max, AdmissionSettings settings) {
    this(max, settings, System::nanoTime);
  }

  Admission(int max, AdmissionSettings settings, LongSupplier nanoTime) {
    this.max = max;
    this.settings = settings;
    this.nanoTime = nanoTime;
  }

  /** The client of this connection has logged in, so it keeps its place. Without effect twice. */
  public static void loggedIn(Channel channel) {
    Runnable known = channel.attr(LOGGED_IN).getAndSet(null);
    if (known != null) {
      known.run();
    }
  }

  /** Counts the channel in until it closes, unless a limit is reached. */
  @SuppressWarnings("FutureReturnValueIgnored") // A close that fails leaves nothing more to do.
  Verdict admit(Channel channel) {
    Origin origin = Origin.of(channel);
    Origin limited = origin == null || isExempt(channel) ? null : origin;
    if (limited != null && !isWithinRate(limited)) {
      return Verdict.TOO_MANY_FROM_THERE;
    }
    Origin home = origin == null ? new Origin(0, false) : origin;
    Channel victim = null;
    synchronized (this) {
      if (limited != null
          && settings.perNetwork() != 0
          && places.getOrDefault(home, 0) >= settings.perNetwork()) {
        return Verdict.TOO_MANY_FROM_THERE;
      }
      boolean crowded = settings.beforeLogin() != 0 && beforeLogin.size() >= settings.beforeLogin();
      if (crowded || admitted >= max) {
        victim = victim();
        if (victim == null) {
          return Verdict.FULL;
        }
        leave(victim);
        evicted++;
      }
      admitted++;
      beforeLogin.put(channel, home);
      placesBeforeLogin.merge(home, 1, Integer::sum);
      places.merge(home, 1, Integer::sum);
    }
    if (victim != null) {
      victim.close();
    }
    channel.attr(LOGGED_IN).set(() -> settle(channel));
    channel.closeFuture().addListener(closed -> gone(channel, home));
    return Verdict.ADMITTED;
  }

  /**
   * As {@link #admit} for one that gets a polite refusal; these are few, so that it costs little.
   */
  boolean admitRefusal(Channel channel) {
    if (refusing.incrementAndGet() > MAX_REFUSING) {
      refusing.decrementAndGet();
      return false;
    }
    channel.closeFuture().addListener(closed -> refusing.decrementAndGet());
    return true;
  }

  /** How many are let in now. */
  synchronized int admitted() {
    return admitted;
  }

  /** How many had to go without having logged in, to make room. */
  synchronized long evicted() {
    return evicted;
  }

  private boolean isExempt(Channel channel) {
    InetAddress address =
        ClientAddress.of(channel) instanceof InetSocketAddress remote ? remote.getAddress() : null;
    return address != null
        && settings.exempt().stream().anyMatch(network -> network.contains(address));
  }

  private boolean isWithinRate(Origin origin) {
    int perSecond = settings.perSecond();
    if (perSecond == 0) {
      return true;
    }
    long now = nanoTime.getAsLong();
    Bucket bucket =
        rates.get(origin, unknown -> new Bucket((double) perSecond * BURST_SECONDS, now));
    return bucket.take(perSecond, now);
  }

  /** Of the oldest few, the first whose network holds most places before login. */
  private @Nullable Channel victim() {
    Channel found = null;
    int most = 0;
    Iterator<Map.Entry<Channel, Origin>> oldest = beforeLogin.entrySet().iterator();
    for (int seen = 0; seen < CANDIDATES && oldest.hasNext(); seen++) {
      Map.Entry<Channel, Origin> candidate = oldest.next();
      int held = placesBeforeLogin.getOrDefault(candidate.getValue(), 0);
      if (held > most) {
        most = held;
        found = candidate.getKey();
      }
    }
    return found;
  }

  private synchronized void settle(Channel channel) {
    Origin origin = beforeLogin.remove(channel);
    if (origin != null) {
      placesBeforeLogin.computeIfPresent(origin, (o, count) -> count == 1 ? null : count - 1);
    }
  }

  /** The channel gives its place up now; it counts for its network until it is closed. */
  private void leave(Channel channel) {
    settle(channel);
    channel.attr(LOGGED_IN).set(null);
    channel.attr(LEFT).set(true);
    admitted--;
  }

  private synchronized void gone(Channel channel, Origin home) {
    settle(channel);
    if (channel.attr(LEFT).get() == null) {
      admitted--;
    }
    places.computeIfPresent(home, (o, count) -> count == 1 ? null : count - 1);
  }
}

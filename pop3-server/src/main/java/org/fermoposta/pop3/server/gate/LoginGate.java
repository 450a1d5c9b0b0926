// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.gate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.fermoposta.pop3.protocol.Secret;

/*
 * Design note. A try is in several lanes: that of its network, and those of the name and the account
 * it is for. One guesser who tries many accounts is slowed down in the first, many who try one
 * account in the others (N052, N051). In each lane so many tries cost nothing; then they go one
 * behind the other, with a delay between them that doubles. Tries that come at the same time gain
 * nothing: each that is being judged may come out wrong, so no more are judged than are free.
 *
 * Who has logged in to an account from an address before is at home there, and in a lane of its own:
 * nobody else can slow that down, whatever they try on the account or from the same network. The same
 * wrong password again from the same network counts once, so that a telephone with an old one costs
 * its owner nothing.
 *
 * What this tells an outsider (A6): nothing of whether a name is known, for unknown names are in
 * lanes as known ones are; the lane of the name is there beside the account's, because guessing at
 * bob+junk would otherwise cost bob only if there is no account of that name. A right password waits
 * as long as a wrong one. What is left: who shares an address with a user's home can find out, by
 * having the account guessed at from elsewhere, that the user has logged in there; therefore a home
 * is one address and not its whole network. And that two names are one account's can be found out by
 * guessing at both.
 *
 * Memory is bounded by the sizes below: whoever fills the tables makes the oldest entries go. One
 * lock for all: what is done under it takes microseconds, once or twice a login.
 */
/** Lets logins be tried, slower where many were refused. Thread-safe; does not block. */
public final class LoginGate {
  /** {@link Attempt#ask}: there is no place to wait; it is not to be judged. */
  public static final long NO_PLACE = -1;

  /** Nobody is made to wait longer, for clients and the login's time do not. */
  static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private static final int MAX_LANES = 100_000;
  private static final int MAX_REMEMBERED = 200_000;
  private static final Duration REMEMBERED = Duration.ofDays(30);
  private static final int WAITING_OF_NETWORK = 256;
  private static final int WAITING_FOR_ACCOUNT = 32;
  private static final String MAC = "HmacSHA256";

  private final PenaltySettings settings;
  private final LongSupplier nanoTime;
  private final SecretKeySpec key;
  private final Cache<String, Lane> networks;
  private final Cache<String, Lane> accounts;
  private final Cache<String, Lane> homes;
  private final Cache<String, Boolean> wrongPasswords;
  private final LongAdder wrong = new LongAdder();
  private final LongAdder repeated = new LongAdder();
  private final LongAdder delayed = new LongAdder();
  private final LongAdder turnedAway = new LongAdder();

  /** A gate that has seen nobody yet. */
  public LoginGate(PenaltySettings settings) {
    this(settings, System::nanoTime);
  }

  /** As {@link #LoginGate(PenaltySettings)}, in the time of a clock that never jumps. */
  public LoginGate(PenaltySettings settings, LongSupplier nanoTime) {
    this.settings = settings;
    this.nanoTime = nanoTime;
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    key = new SecretKeySpec(random, MAC);
    // By then a score of a thousand is below one.
    Duration forgotten = settings.halfLife().multipliedBy(12);
    networks = Caffeine.newBuilder().maximumSize(MAX_LANES).expireAfterAccess(forgotten).build();
    accounts = Caffeine.newBuilder().maximumSize(MAX_LANES).expireAfterAccess(forgotten).build();
    wrongPasswords =
        Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).expireAfterAccess(forgotten).build();
    homes = Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).expireAfterAccess(REMEMBERED).build();
  }

  /**
   * A try has come.
   *
   * @param again run whenever it may be worth while to {@link Attempt#ask} anew before the time
   *     that was told; on any thread, quick
   */
  public Attempt enter(InetAddress client, LoginSubject subject, Runnable again) {
    return new Attempt(client, subject, true, again);
  }

  /**
   * As {@link #enter} for a look-up that tells nobody whether a password is right: refusals do not
   * hold it up, only how many there are from the same network at the same time.
   */
  public Attempt enterToLook(InetAddress client, Runnable again) {
    return new Attempt(client, LoginSubject.NOBODY, false, again);
  }

  /** A user has shown the right credentials: the address is a home of the account. */
  public void letIn(InetAddress client, String account) {
    homes.asMap().computeIfAbsent(home(client, account), unknown -> accountLane());
  }

  /** What a password is recognised by, within this process only; of no use to find it out. */
  public String fingerprint(LoginSubject subject, Secret password) {
    byte[] name = subject.whom().getBytes(StandardCharsets.UTF_8);
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

  /** Tries that were refused, without {@link #repeated}. */
  public long wrong() {
    return wrong.sum();
  }

  /** Tries with a password that was refused before. */
  public long repeated() {
    return repeated.sum();
  }

  /** Tries that had to wait. */
  public long delayed() {
    return delayed.sum();
  }

  /** Tries that were not judged, because too many waited. */
  public long turnedAway() {
    return turnedAway.sum();
  }

  private Lane accountLane() {
    return new Lane(settings, settings.checksAtOnce(), WAITING_FOR_ACCOUNT);
  }

  private Lane networkLane() {
    return new Lane(settings, settings.checksAtOnce(), WAITING_OF_NETWORK);
  }

  private boolean isExempt(InetAddress client) {
    return settings.exempt().stream().anyMatch(network -> network.contains(client));
  }

  private static String network(InetAddress client) {
    byte[] octets = client.getAddress();
    return HexFormat.of().formatHex(Arrays.copyOf(octets, octets.length == 16 ? 8 : 3));
  }

  /** One IPv4 address, or the /64 that one household has. */
  private static String home(InetAddress client, String account) {
    byte[] octets = client.getAddress();
    return HexFormat.of().formatHex(Arrays.copyOf(octets, octets.length == 16 ? 8 : 4))
        + " "
        + account;
  }

  private enum State {
    NEW,
    WAITING,
    RUNNING,
    DONE
  }

  /** One try, from its coming to its outcome. */
  public final class Attempt {
    private final String network;
    private final LoginSubject subject;
    private final boolean counts;
    private final boolean proves;
    private final Runnable again;
    private final long arrivedNanos;

    /** Those that may hold it up. */
    private final List<Lane> lanes;

    private State state = State.NEW;

    private Attempt(InetAddress client, LoginSubject subject, boolean proves, Runnable again) {
      this.network = LoginGate.network(client);
      this.subject = subject;
      this.proves = proves;
      this.again = again;
      counts = !isExempt(client);
      arrivedNanos = nanoTime.getAsLong();
      if (!counts) {
        lanes = List.of();
        return;
      }
      Lane home = proves ? homes.getIfPresent(home(client, subject.whom())) : null;
      lanes = home == null ? outside() : List.of(home);
    }

    private List<Lane> outside() {
      Set<Lane> all = new LinkedHashSet<>();
      all.add(networks.get(network, unknown -> networkLane()));
      addAccounts(all);
      return List.copyOf(all);
    }

    private void addAccounts(Set<Lane> all) {
      for (String name : List.of(subject.name(), subject.account())) {
        if (!name.isEmpty()) {
          all.add(accounts.get(name, unknown -> accountLane()));
        }
      }
    }

    /**
     * Asks whether it is to be judged now.
     *
     * @return 0 if so, and then {@link #done} or {@link #wrong} has to follow; {@link #NO_PLACE} if
     *     it never is; otherwise after how many nanoseconds to ask again, {@link Long#MAX_VALUE} if
     *     only once {@code again} is run
     */
    public long ask() {
      synchronized (LoginGate.this) {
        if (state == State.RUNNING || state == State.DONE) {
          throw new IllegalStateException("try: " + state + " (expected: waiting)");
        }
        long now = nanoTime.getAsLong();
        long wait = 0;
        for (Lane lane : lanes) {
          wait = Math.max(wait, lane.waitNanos(now, arrivedNanos, proves));
        }
        if (wait == 0) {
          lanes.forEach(lane -> lane.begin(this, now));
          state = State.RUNNING;
        } else if (state == State.NEW) {
          if (!hasPlace(now)) {
            state = State.DONE;
            turnedAway.increment();
            return NO_PLACE;
          }
          lanes.forEach(lane -> lane.await(this));
          state = State.WAITING;
          delayed.increment();
        }
        return wait;
      }
    }

    private boolean hasPlace(long now) {
      for (Lane lane : lanes) {
        // Of its network only so many wait for one account, so that others have a chance.
        int ofSame = lane.equals(lanes.get(0)) ? 0 : lane.waitingOf(network);
        if (!lane.hasPlace(now, proves ? lane.delayNanos(now) : 0, ofSame)) {
          return false;
        }
      }
      return true;
    }

    /** It waits no longer. Without effect once it has begun to be judged. */
    public void leave() {
      synchronized (LoginGate.this) {
        if (state == State.WAITING || state == State.NEW) {
          lanes.forEach(lane -> lane.leave(this));
          state = State.DONE;
        }
      }
    }

    /** It was judged, and not found wrong. */
    public void done() {
      end(false);
    }

    /**
     * It was judged and refused for its credentials.
     *
     * @param fingerprint of the password, by {@link #fingerprint}; empty if none was shown
     */
    public void wrong(String fingerprint) {
      boolean known =
          !fingerprint.isEmpty()
              && wrongPasswords.asMap().putIfAbsent(network + " " + fingerprint, true) != null;
      (known ? repeated : wrong).increment();
      end(!known);
    }

    private void end(boolean score) {
      Set<Attempt> waiting = new LinkedHashSet<>();
      synchronized (LoginGate.this) {
        if (state == State.RUNNING) {
          lanes.forEach(lane -> waiting.addAll(lane.end()));
        }
        state = State.DONE;
        if (score && counts) {
          long now = nanoTime.getAsLong();
          Set<Lane> all = new LinkedHashSet<>(lanes);
          all.addAll(outside());
          all.forEach(lane -> lane.add(now));
        }
      }
      waiting.forEach(attempt -> attempt.again.run());
    }

    String network() {
      return network;
    }
  }
}

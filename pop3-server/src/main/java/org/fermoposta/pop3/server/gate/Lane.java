// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.gate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What is known of one network, one account, or one account at its home: how many of its tries were
 * refused lately, which are being judged and which wait. Guarded by its gate.
 */
final class Lane {
  /** To be waited for: that one which is being judged is done. */
  static final long UNTIL_WOKEN = Long.MAX_VALUE;

  private static final Duration FIRST_DELAY = Duration.ofMillis(500);
  private static final int MAX_DOUBLINGS = 20;

  private final PenaltySettings settings;
  private final int atOnce;
  private final int places;
  private Set<LoginGate.Attempt> waiting = Set.of();
  private int running;
  private double score;
  private long scoredNanos;
  private long startedNanos;
  private boolean started;

  /**
   * An empty one.
   *
   * @param atOnce how many are judged at the same time at most
   * @param places how many wait at most
   */
  Lane(PenaltySettings settings, int atOnce, int places) {
    this.settings = settings;
    this.atOnce = atOnce;
    this.places = places;
  }

  /** How many refusals weigh on it now. */
  double score(long now) {
    if (score == 0) {
      return 0;
    }
    double halfLives = (now - scoredNanos) / (double) settings.halfLife().toNanos();
    return score * Math.pow(0.5, halfLives);
  }

  /** A try was refused. */
  void add(long now) {
    score = score(now) + 1;
    scoredNanos = now;
  }

  /** From one try to the next, in nanoseconds; 0 while refusals cost nothing. */
  long delayNanos(long now) {
    int left = left(now);
    if (left > 0 || settings.maxDelay().isZero()) {
      return 0;
    }
    long nanos = FIRST_DELAY.toNanos() << Math.min(-left, MAX_DOUBLINGS);
    return Math.min(nanos, settings.maxDelay().toNanos());
  }

  /**
   * How long a try has to wait that came at some time, in nanoseconds; 0 if it may go now.
   *
   * @param delayed whether refusals hold it up; if not, only what is judged at the same time does
   */
  long waitNanos(long now, long arrivedNanos, boolean delayed) {
    if (!delayed) {
      return running < atOnce ? 0 : UNTIL_WOKEN;
    }
    long delay = delayNanos(now);
    if (delay == 0) {
      return running < free(now) ? 0 : UNTIL_WOKEN;
    } else if (running > 0) {
      return UNTIL_WOKEN;
    }
    long since = started && startedNanos - arrivedNanos > 0 ? startedNanos : arrivedNanos;
    return Math.max(0, since + delay - now);
  }

  /** Each that is being judged may come out wrong, and none more than are free shall. */
  private int free(long now) {
    if (settings.maxDelay().isZero()) {
      return atOnce;
    }
    return Math.min(atOnce, left(now));
  }

  /** How many refusals more cost nothing. One is there until a tenth of it is forgiven. */
  private int left(long now) {
    return (int) Math.ceil(settings.freeTries() - score(now) - 0.1);
  }

  /** Whether one more may wait, of a network that has so many places here already. */
  boolean hasPlace(long now, long delayNanos, int ofSameNetwork) {
    if (delayNanos == 0) {
      return waiting.size() < places;
    }
    long longest = LoginGate.LONGEST_WAIT.toNanos() / delayNanos;
    return waiting.size() < Math.min(places, longest) && ofSameNetwork < Math.max(1, longest / 2);
  }

  int waitingOf(String network) {
    int count = 0;
    for (LoginGate.Attempt attempt : waiting) {
      if (attempt.network().equals(network)) {
        count++;
      }
    }
    return count;
  }

  void begin(LoginGate.Attempt attempt, long now) {
    leave(attempt);
    running++;
    started = true;
    startedNanos = now;
  }

  /** One that was being judged is done; returns who is to ask again. */
  List<LoginGate.Attempt> end() {
    running--;
    return new ArrayList<>(waiting);
  }

  void await(LoginGate.Attempt attempt) {
    if (waiting.isEmpty()) {
      waiting = new LinkedHashSet<>();
    }
    waiting.add(attempt);
  }

  void leave(LoginGate.Attempt attempt) {
    if (!waiting.isEmpty()) {
      waiting.remove(attempt);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;

/**
 * The least time between two logins (RFC 2449, section 6.5), for each device and folder on its own:
 * a user's phone does not keep the laptop out. Only logins that were let in count, so that trying
 * again does not put it off. At most 50,000 are remembered, the latest, and none over a restart.
 * Thread-safe.
 */
public final class LoginDelays {

  private static final int MAX_REMEMBERED = 50_000;

  private final LongSupplier nanoTime;
  private final Map<MaildropAddress, Long> last =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<MaildropAddress, Long> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  /** Delays by a clock that never jumps. */
  public LoginDelays(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** How long a login has still to wait; zero if it may come in. */
  Duration left(MaildropAddress address, Duration delay) {
    if (delay.isZero()) {
      return Duration.ZERO;
    }
    synchronized (last) {
      Long before = last.get(address);
      if (before == null) {
        return Duration.ZERO;
      }
      Duration left = delay.minusNanos(nanoTime.getAsLong() - before);
      return left.isNegative() ? Duration.ZERO : left;
    }
  }

  /** A login was let in. */
  void letIn(MaildropAddress address, Duration delay) {
    if (!delay.isZero()) {
      synchronized (last) {
        last.put(address, nanoTime.getAsLong());
      }
    }
  }
}

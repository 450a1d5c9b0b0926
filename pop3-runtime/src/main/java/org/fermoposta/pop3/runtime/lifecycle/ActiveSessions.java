// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.lifecycle;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * The monitor is only for waiting until the map is empty. Order matters in register: first into the map, then the look at `draining`;
 * drain does it the other way round, so that no session is missed by both. A session can be told
 * twice, which DrainableSession allows.
 */
/** The sessions that are open now, so that a stop can let them finish. Thread-safe. */
@SuppressWarnings(
    "FutureReturnValueIgnored") // Closing is awaited by count, not channel by channel.
public final class ActiveSessions {
  private static final Logger log = LoggerFactory.getLogger(ActiveSessions.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Map<Channel, DrainableSession> sessions = new ConcurrentHashMap<>();
  private volatile boolean draining;

  /** What a stop asks of a session. */
  public interface DrainableSession {
    /**
     * Called on the channel's event loop, perhaps more than once: if the session is idle, close the
     * channel; if it is busy, close it when the command that runs now is done. A deletion that was
     * promised is finished, everything else is dropped (no update without QUIT, RFC 1939 section
     * 6).
     */
    void drain();
  }

  /** Counts the channel in until it closes. During a drain the session is told at once. */
  public void register(Channel channel, DrainableSession session) {
    sessions.put(channel, session);
    channel.closeFuture().addListener(f -> remove(channel));
    if (draining) {
      channel.eventLoop().execute(session::drain);
    }
  }

  /** How many sessions are open. */
  public int count() {
    return sessions.size();
  }

  /**
   * Lets sessions finish: tells all, waits until the last is closed or the grace is over, then
   * closes the rest. Call after the listeners are closed. Blocks; not for event loop threads.
   *
   * @param grace how long busy sessions may take; 0 closes them at once
   * @return how many had to be closed in the middle of something
   */
  public int drain(Duration grace) {
    draining = true;
    log.info("{} sessions open, up to {} s to finish", count(), grace.toSeconds());
    sessions.forEach((channel, session) -> channel.eventLoop().execute(session::drain));
    if (awaitEmpty(grace)) {
      return 0;
    }
    int cut = count();
    log.warn("{} sessions still busy, closing them", cut);
    sessions.keySet().forEach(Channel::close);
    awaitEmpty(CLOSE_TIMEOUT);
    return cut;
  }

  private void remove(Channel channel) {
    sessions.remove(channel);
    if (draining) {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  private synchronized boolean awaitEmpty(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!sessions.isEmpty()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      try {
        // Rounded up: wait(0) would be for ever.
        wait(left / 1_000_000 + 1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }
}

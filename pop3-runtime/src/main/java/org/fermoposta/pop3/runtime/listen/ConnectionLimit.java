// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicInteger;

/*
 * Counts connections from their accept to their close. Refused ones are counted apart and are few,
 * so that being polite to a flood costs bounded memory.
 */
final class ConnectionLimit {
  private static final int MAX_REFUSING = 64;

  private final int max;
  private final AtomicInteger admitted = new AtomicInteger();
  private final AtomicInteger refusing = new AtomicInteger();

  ConnectionLimit(int max) {
    this.max = max;
  }

  /** Counts the channel in until it closes, unless the limit is reached. */
  boolean admit(Channel channel) {
    return count(channel, admitted, max);
  }

  /** As {@link #admit} for one that gets a polite refusal. */
  boolean admitRefusal(Channel channel) {
    return count(channel, refusing, MAX_REFUSING);
  }

  int admitted() {
    return admitted.get();
  }

  private static boolean count(Channel channel, AtomicInteger counter, int limit) {
    if (counter.incrementAndGet() > limit) {
      counter.decrementAndGet();
      return false;
    }
    channel.closeFuture().addListener(f -> counter.decrementAndGet());
    return true;
  }
}

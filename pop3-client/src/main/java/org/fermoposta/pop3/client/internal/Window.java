// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

// Design note. Credit is counted in commands and in the octets that they are expected to bring. An
// exchange takes credit from when it is sent until its message is where it goes, so that sinks that
// are slower than the network bound what is asked for. One command may always go out, whatever it
// brings. What a server sends is not bound to what was expected: messages that sinks have not
// stored yet are counted as they are, and reading stops when they are more than the credit.

/** How much may be asked of a server at once, and who has stopped reading. For the event loop. */
final class Window {
  private final IdentityHashMap<Exchange<?>, Long> credits = new IdentityHashMap<>();
  private final Set<Exchange<?>> pausing = Collections.newSetFromMap(new IdentityHashMap<>());
  private int maxCommands = 1;
  private long maxOctets = Long.MAX_VALUE;
  private long octets;
  private long heldOctets;

  /** Lets so many commands be outstanding, and so many octets be expected. */
  void open(int commands, long octets) {
    maxCommands = commands;
    maxOctets = octets;
  }

  boolean hasRoomFor(Exchange<?> exchange) {
    return credits.isEmpty()
        || (credits.size() < maxCommands
            && octets + exchange.expectedOctets() <= maxOctets
            && !exchange.waitsForAll());
  }

  void sent(Exchange<?> exchange) {
    take(exchange, exchange.expectedOctets());
  }

  /**
   * The message is read but not stored.
   *
   * @return whether reading has to stop until it is
   */
  boolean held(Exchange<?> exchange, long actualOctets) {
    giveBack(exchange);
    take(exchange, actualOctets);
    heldOctets += actualOctets;
    return heldOctets > maxOctets;
  }

  /**
   * The exchange is over in every respect.
   *
   * @param wasHeld whether it was held before
   * @return false if that was known
   */
  boolean released(Exchange<?> exchange, boolean wasHeld) {
    Long credit = credits.get(exchange);
    if (credit == null) {
      return false;
    }
    if (wasHeld) {
      heldOctets -= credit;
    }
    giveBack(exchange);
    return true;
  }

  /** Reading stops for the sake of this exchange. */
  void pause(Exchange<?> exchange) {
    pausing.add(exchange);
  }

  /**
   * This exchange needs no pause any more.
   *
   * @return whether no other does
   */
  boolean resume(Exchange<?> exchange) {
    pausing.remove(exchange);
    return pausing.isEmpty();
  }

  private void take(Exchange<?> exchange, long credit) {
    credits.put(exchange, credit);
    octets += credit;
  }

  private void giveBack(Exchange<?> exchange) {
    Long credit = credits.remove(exchange);
    if (credit != null) {
      octets -= credit;
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import java.time.Duration;

/**
 * The session behind a lease, as a store sees it: who it is, whether its peer is still heard, and
 * how to ask it to go. Called by any thread, never blocks.
 */
public interface LeaseHolder {

  /** What {@link #idle} says when the connection is gone, so that the lease will be free soon. */
  Duration GONE = Duration.ofSeconds(Long.MAX_VALUE);

  /** Who holds the lease, in words for the log (such as a client's address); not for clients. */
  String name();

  /**
   * Time since the peer last finished a command or took some of a reply; never negative. Zero while
   * a command is worked on, {@link #GONE} when the connection has ended.
   */
  Duration idle();

  /**
   * Asks the session to end without UPDATE and to close its maildrop soon. Returns at once; nothing
   * tells whether it obeys.
   *
   * @param reason for its log, such as who takes over
   */
  void giveUp(String reason);

  /** A holder that is never idle and cannot be asked to go, such as a tool at work. */
  static LeaseHolder unyielding(String name) {
    return new LeaseHolder() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Duration idle() {
        return Duration.ZERO;
      }

      @Override
      public void giveUp(String reason) {
        // It ends by itself, when its work is done.
      }

      @Override
      public String toString() {
        return name;
      }
    };
  }
}

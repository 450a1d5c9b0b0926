// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import org.fermoposta.pop3.server.maildrop.MaildropException;

/**
 * A long reply under way. It writes as much as the channel takes and goes on when the channel takes
 * more. Event loop only.
 */
interface ReplyStream {
  /** Begins, or goes on because the channel is writable again. */
  void proceed();

  /**
   * Gives back what it holds, because it is done or the connection is gone; may be called twice.
   */
  void close();

  /**
   * Whether the connection broke and it is being found out why: {@link Listener#onLost} or {@link
   * Listener#onCutShort} is still to come, even after {@link #close}.
   */
  default boolean examines() {
    return false;
  }

  /** What a stream tells the session. */
  interface Listener {
    /** The client has taken something, which the channel's writability did not tell. */
    void onProgress();

    /** All is written. */
    void onSent();

    /** Nothing was written; an error reply may still take the reply's place. */
    void onRefused(MaildropException cause);

    /**
     * Something was written and the rest cannot be; the connection has to be closed, if it is not
     * already.
     */
    void onCutShort(Throwable cause);

    /** The connection is closed, and that is not the message's fault. */
    void onLost();
  }
}

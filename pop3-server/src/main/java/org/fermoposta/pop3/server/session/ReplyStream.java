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

  /** What a stream tells the session. */
  interface Listener {
    /** All is written. */
    void onSent();

    /** Nothing was written; an error reply may still take the reply's place. */
    void onRefused(MaildropException cause);

    /** Something was written and the rest cannot be; the connection has to be closed. */
    void onCutShort(Throwable cause);
  }
}

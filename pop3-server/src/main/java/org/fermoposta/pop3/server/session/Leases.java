// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.SessionSummary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives leases back, whatever state the process is in. */
final class Leases {
  private static final Logger log = LoggerFactory.getLogger(Leases.class);

  private Leases() {}

  /** As {@link #release(Executor, Maildrop)}, for a session that was one. */
  static void release(Executor blocking, Maildrop maildrop, SessionSummary session) {
    try {
      blocking.execute(() -> noteAndClose(maildrop, session));
    } catch (RejectedExecutionException stopping) {
      maildrop.close();
    }
  }

  /** Whatever becomes of the note, the lease is given back. */
  static void noteAndClose(Maildrop maildrop, SessionSummary session) {
    try {
      maildrop.note(session);
    } catch (RuntimeException e) {
      log.error("noting a session failed", e);
    } finally {
      maildrop.close();
    }
  }

  /** Closes a maildrop off the event loop; on it if the store's threads have ended already. */
  static void release(Executor blocking, Maildrop maildrop) {
    try {
      blocking.execute(maildrop::close);
    } catch (RejectedExecutionException stopping) {
      maildrop.close();
    }
  }
}

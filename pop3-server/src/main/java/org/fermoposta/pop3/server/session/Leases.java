// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.fermoposta.pop3.server.maildrop.Maildrop;

/** Gives leases back, whatever state the process is in. */
final class Leases {
  private Leases() {}

  /** Closes a maildrop off the event loop; on it if the store's threads have ended already. */
  static void release(Executor blocking, Maildrop maildrop) {
    try {
      blocking.execute(maildrop::close);
    } catch (RejectedExecutionException stopping) {
      maildrop.close();
    }
  }
}

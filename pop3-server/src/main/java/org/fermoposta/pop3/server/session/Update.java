// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.util.concurrent.EventExecutor;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.fermoposta.pop3.server.maildrop.Deletion;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.SessionSummary;

/**
 * The UPDATE state of one session (RFC 1939, section 6). It is carried out even if nobody is left
 * to hear of it (U11), and the lease is free before the answer is sent (U5).
 */
final class Update {
  private final Executor blocking;
  private final EventExecutor loop;
  private final SessionLog log;
  private final Maildrop maildrop;
  private final SessionSummary session;

  /**
   * For a maildrop, which this closes.
   *
   * @param blocking where it runs
   * @param loop where its end is told
   * @param session what it did until now
   */
  Update(
      Executor blocking,
      EventExecutor loop,
      SessionLog log,
      Maildrop maildrop,
      SessionSummary session) {
    this.blocking = blocking;
    this.loop = loop;
    this.log = log;
    this.maildrop = maildrop;
    this.session = session;
  }

  /**
   * Deletes what is marked.
   *
   * @throws RejectedExecutionException if the server has stopped; nothing is deleted then
   */
  void run(BitSet marked, Consumer<Deletion> done) {
    try {
      blocking.execute(() -> deleteAndTell(marked, done));
    } catch (RejectedExecutionException stopped) {
      maildrop.close();
      throw stopped;
    }
  }

  private void deleteAndTell(BitSet marked, Consumer<Deletion> done) {
    Deletion deletion = delete(marked);
    Leases.noteAndClose(maildrop, session.afterDeleting(deletion.removed()));
    try {
      loop.execute(() -> done.accept(deletion));
    } catch (RejectedExecutionException loopIsGone) {
      log.ended(SessionLog.End.QUIT, deletion.removed());
    }
  }

  private Deletion delete(BitSet marked) {
    try {
      return maildrop.delete(marked);
    } catch (RuntimeException | Error e) {
      log.storeDefect("deleting", e);
      return new Deletion(
          0,
          0,
          marked.cardinality(),
          Optional.of(
              new MaildropException(MaildropFailure.TEMPORARY, "unknown how many are gone")));
    }
  }
}

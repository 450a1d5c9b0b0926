// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.fermoposta.pop3.server.maildrop.Deletion;
import org.fermoposta.pop3.server.maildrop.ForwardingMaildrop;
import org.fermoposta.pop3.server.maildrop.Maildrop;

/** A maildrop that may be read only, and tells when it is closed. */
final class GuardedMaildrop extends ForwardingMaildrop {
  private final boolean readOnly;
  private final Runnable closed;
  private final AtomicBoolean open = new AtomicBoolean(true);

  /**
   * In front of a maildrop, which it closes.
   *
   * @param readOnly whether nothing is removed whatever is asked
   * @param closed told once, before the lease is given back
   */
  GuardedMaildrop(Maildrop base, boolean readOnly, Runnable closed) {
    super(base);
    this.readOnly = readOnly;
    this.closed = closed;
  }

  @Override
  public Deletion delete(BitSet marked) {
    return readOnly ? new Deletion(0, 0, 0, Optional.empty()) : super.delete(marked);
  }

  @Override
  public void close() {
    // Whoever waits for the lease is to find the place free that this one had.
    if (open.getAndSet(false)) {
      closed.run();
    }
    super.close();
  }
}

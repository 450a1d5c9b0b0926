// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.device;

import java.time.Duration;
import java.util.BitSet;
import org.fermoposta.pop3.server.maildrop.Deletion;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.policy.DeletePolicy;
import org.fermoposta.pop3.server.policy.MailPolicy;

/**
 * When and how messages that everybody let go of leave a maildrop.
 *
 * @param stays whether they never do
 * @param grace how long they stay at least
 * @param policy what is done with them; in the folder that they would be moved to, they are removed
 */
record Departure(boolean stays, Duration grace, DeletePolicy policy) {

  static Departure of(MailPolicy policy, MaildropAddress address) {
    DeletePolicy onDelete = policy.onDelete();
    boolean there = onDelete.folder().isPresent() && onDelete.folder().equals(address.folder());
    return new Departure(
        onDelete.kind() == DeletePolicy.Kind.HIDE,
        policy.grace(),
        there ? DeletePolicy.DELETE : onDelete);
  }

  /** Whether it is at once, so that nothing has to be remembered for users without devices. */
  boolean atOnce() {
    return !stays && grace.isZero();
  }

  /** Takes messages out. */
  Deletion takeOut(Maildrop maildrop, BitSet messages) {
    return policy.folder().isPresent()
        ? maildrop.move(messages, policy.folder().get())
        : maildrop.delete(messages);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import org.fermoposta.pop3.protocol.UniqueId;
import org.fermoposta.pop3.protocol.session.MaildropView;
import org.fermoposta.pop3.server.maildrop.Maildrop;

/** A maildrop as the automaton sees it. */
record SnapshotView(Maildrop maildrop) implements MaildropView {
  @Override
  public int count() {
    return maildrop.count();
  }

  @Override
  public long totalOctets() {
    return maildrop.totalOctets();
  }

  @Override
  public long octets(int messageNumber) {
    return maildrop.octets(messageNumber);
  }

  @Override
  public UniqueId uniqueId(int messageNumber) {
    return maildrop.uniqueId(messageNumber);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import java.time.Instant;
import java.util.BitSet;
import org.fermoposta.pop3.protocol.UniqueId;

/** Does what another maildrop does, so that subclasses see to single methods only. */
public class ForwardingMaildrop implements Maildrop {

  /** What is behind it. */
  protected final Maildrop base;

  /** In front of a maildrop, which it closes. */
  public ForwardingMaildrop(Maildrop base) {
    this.base = base;
  }

  @Override
  public void note(SessionSummary session) {
    base.note(session);
  }

  @Override
  public int count() {
    return base.count();
  }

  @Override
  public long totalOctets() {
    return base.totalOctets();
  }

  @Override
  public long octets(int number) {
    return base.octets(number);
  }

  @Override
  public UniqueId uniqueId(int number) {
    return base.uniqueId(number);
  }

  @Override
  public int uniqueId(int number, byte[] out, int at) {
    return base.uniqueId(number, out, at);
  }

  @Override
  public Instant delivered(int number) {
    return base.delivered(number);
  }

  @Override
  public MessageBody open(int number) throws MaildropException {
    return base.open(number);
  }

  @Override
  public Deletion delete(BitSet marked) {
    return base.delete(marked);
  }

  @Override
  public Deletion move(BitSet marked, FolderName folder) {
    return base.move(marked, folder);
  }

  @Override
  public void close() {
    base.close();
  }
}

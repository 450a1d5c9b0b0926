// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.device;

import java.time.Instant;
import java.util.BitSet;
import java.util.Optional;
import java.util.stream.IntStream;
import org.fermoposta.pop3.protocol.UniqueId;
import org.fermoposta.pop3.server.maildrop.Deletion;
import org.fermoposta.pop3.server.maildrop.FolderName;
import org.fermoposta.pop3.server.maildrop.ForwardingMaildrop;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.Marks;
import org.fermoposta.pop3.server.maildrop.MessageBody;

/** A maildrop as one device sees it: what it let go of is not there, the rest is numbered anew. */
final class DeviceMaildrop extends ForwardingMaildrop {

  private final long device;
  private final CursorFile cursors;

  /** The numbers in the whole maildrop of what is shown, in order. */
  private final int[] shown;

  private final long totalOctets;

  /**
   * A view of a maildrop, which it closes.
   *
   * @throws MaildropException if the cursors cannot be read; the maildrop stays open then
   */
  DeviceMaildrop(Maildrop base, long device, CursorFile cursors) throws MaildropException {
    super(base);
    this.device = device;
    this.cursors = cursors;
    Cursors now = cursors.read();
    boolean all = !now.hidesFrom(device);
    shown =
        IntStream.rangeClosed(1, base.count())
            .filter(n -> all || !now.hides(base.uniqueId(n), device))
            .toArray();
    totalOctets = IntStream.of(shown).mapToLong(base::octets).sum();
  }

  @Override
  public int count() {
    return shown.length;
  }

  @Override
  public long totalOctets() {
    return totalOctets;
  }

  @Override
  public long octets(int number) {
    return base.octets(inBase(number));
  }

  @Override
  public UniqueId uniqueId(int number) {
    return base.uniqueId(inBase(number));
  }

  @Override
  public int uniqueId(int number, byte[] out, int at) {
    return base.uniqueId(inBase(number), out, at);
  }

  @Override
  public Instant delivered(int number) {
    return base.delivered(inBase(number));
  }

  @Override
  public MessageBody open(int number) throws MaildropException {
    return base.open(inBase(number));
  }

  @Override
  public Deletion delete(BitSet marked) {
    BitSet messages = inBase(marked);
    try {
      if (!messages.isEmpty()) {
        cursors.letGo(base, device, messages);
      }
    } catch (MaildropException e) {
      return new Deletion(0, 0, marked.cardinality(), Optional.of(e));
    }
    // The promise is kept already: whatever becomes of this, this device sees them no more.
    cursors.logFailure(cursors.takeOutDue(base, Integer.MAX_VALUE));
    return new Deletion(marked.cardinality(), 0, 0, Optional.empty());
  }

  @Override
  public Deletion move(BitSet marked, FolderName folder) {
    return base.move(inBase(marked), folder);
  }

  private BitSet inBase(BitSet marked) {
    Marks.check(marked, count());
    BitSet messages = new BitSet();
    marked.stream().forEach(number -> messages.set(shown[number - 1]));
    return messages;
  }

  private int inBase(int number) {
    if (number < 1 || number > shown.length) {
      throw new IndexOutOfBoundsException(
          "message number: " + number + " (expected: 1 to " + shown.length + ")");
    }
    return shown[number - 1];
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.device;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.BitSet;
import java.util.Optional;
import org.fermoposta.pop3.server.maildrop.Deletion;
import org.fermoposta.pop3.server.maildrop.FolderName;
import org.fermoposta.pop3.server.maildrop.ForwardingMaildrop;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.LeaseSettings;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropStore;
import org.fermoposta.pop3.server.maildrop.MessageBody;
import org.fermoposta.pop3.server.maildrop.SideRecords;
import org.fermoposta.pop3.server.maildrop.WireText;
import org.fermoposta.pop3.server.store.memory.MemoryStore;

/** A store that stops in the middle of a QUIT, as if it were killed there. */
final class FragileStore implements MaildropStore {

  final MemoryStore memory;
  Crash crash = Crash.NONE;
  int reads;

  /** Where it stops. */
  enum Crash {
    NONE,
    BEFORE_RECORD,
    AFTER_RECORD,
    BEFORE_REMOVAL
  }

  FragileStore(Clock clock) {
    memory = new MemoryStore(LeaseSettings.defaults(), clock);
  }

  static String text(Maildrop maildrop, int number) throws MaildropException {
    try (MessageBody body = maildrop.open(number)) {
      return new String(WireText.read(body, 4096), StandardCharsets.US_ASCII);
    }
  }

  @Override
  public boolean exists(MaildropAddress address) {
    return memory.exists(address);
  }

  @Override
  public Maildrop open(MaildropAddress address, LeaseHolder holder) throws MaildropException {
    return new ForwardingMaildrop(memory.open(address, holder)) {
      @Override
      public Deletion delete(BitSet marked) {
        return crash == Crash.BEFORE_REMOVAL ? failed(marked) : super.delete(marked);
      }

      @Override
      public Deletion move(BitSet marked, FolderName folder) {
        return crash == Crash.BEFORE_REMOVAL ? failed(marked) : super.move(marked, folder);
      }

      private Deletion failed(BitSet marked) {
        return new Deletion(0, 0, marked.cardinality(), Optional.of(failure()));
      }
    };
  }

  SideRecords records() {
    return new SideRecords() {
      @Override
      public Optional<byte[]> read(MaildropAddress address, String record) {
        reads++;
        return memory.read(address, record);
      }

      @Override
      public void update(MaildropAddress address, String record, Change change)
          throws MaildropException {
        if (crash == Crash.BEFORE_RECORD && record.equals(Cursors.RECORD)) {
          throw failure();
        }
        memory.update(address, record, change);
        if (crash == Crash.AFTER_RECORD && record.equals(Cursors.RECORD)) {
          throw failure();
        }
      }
    };
  }

  private static MaildropException failure() {
    return new MaildropException(MaildropFailure.TEMPORARY, "killed here");
  }
}

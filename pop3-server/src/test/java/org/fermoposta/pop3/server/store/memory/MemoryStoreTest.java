// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fermoposta.pop3.protocol.UniqueId;
import org.fermoposta.pop3.server.maildrop.FolderName;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.maildrop.MaildropStore;
import org.fermoposta.pop3.server.maildrop.MaildropStoreContract;
import org.fermoposta.pop3.server.maildrop.SideRecords;

final class MemoryStoreTest extends MaildropStoreContract {

  private final MemoryStore store = new MemoryStore();
  private final List<UniqueId> delivered = new ArrayList<>();

  @Override
  protected MaildropStore store() {
    return store;
  }

  @Override
  protected MaildropStore restarted() {
    return store;
  }

  @Override
  protected void deliver(MaildropName name, byte[] message) {
    delivered.add(store.deliver(name, message));
  }

  @Override
  protected void deliver(FolderName folder, byte[] message) {
    MaildropAddress address = new MaildropAddress(ALICE, Optional.of(folder), Optional.empty());
    delivered.add(store.deliver(address, message));
  }

  @Override
  protected SideRecords records() {
    return store;
  }

  @Override
  protected void vanish(int nth) {
    store.remove(ALICE, delivered.get(nth - 1));
  }
}

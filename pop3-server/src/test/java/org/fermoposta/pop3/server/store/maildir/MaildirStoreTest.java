// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fermoposta.pop3.server.maildrop.FolderName;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.maildrop.MaildropStore;
import org.fermoposta.pop3.server.maildrop.MaildropStoreContract;
import org.fermoposta.pop3.server.maildrop.SideRecords;
import org.junit.jupiter.api.io.TempDir;

final class MaildirStoreTest extends MaildropStoreContract {

  @TempDir private Path root;

  private final List<Path> delivered = new ArrayList<>();

  @Override
  protected MaildirStore store() {
    return new MaildirStore(MaildropTemplate.parse(root + "/{user}/Maildir"));
  }

  @Override
  protected MaildropStore restarted() {
    return store();
  }

  @Override
  protected void deliver(MaildropName name, byte[] message) throws IOException {
    deliver(root.resolve(name.value()).resolve("Maildir"), message);
  }

  @Override
  protected void deliver(FolderName folder, byte[] message) throws IOException {
    deliver(root.resolve("alice").resolve("Maildir").resolve("." + folder), message);
  }

  private void deliver(Path directory, byte[] message) throws IOException {
    TestMaildir maildir = new TestMaildir(directory);
    Path file =
        maildir
            .path()
            .resolve("new")
            .resolve("17000000" + (10 + delivered.size()) + ".M1P" + delivered.size() + ".host");
    delivered.add(Files.write(file, message));
  }

  @Override
  protected SideRecords records() {
    return store().records();
  }

  @Override
  protected void vanish(int nth) throws IOException {
    Files.delete(delivered.get(nth - 1));
  }
}

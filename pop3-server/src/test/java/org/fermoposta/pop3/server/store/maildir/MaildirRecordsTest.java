// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.fermoposta.pop3.server.maildrop.LeaseSettings;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.SideRecords;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Records in a Maildir that others write to, and on disks that fail. */
final class MaildirRecordsTest extends MaildirTestBase {

  private static final MaildropAddress ADDRESS = MaildropAddress.of(ALICE);
  private static final byte[] OLD = {1};
  private static final byte[] NEW = {2, 2};

  private Path file() {
    return alice.path().resolve("fermoposta.x");
  }

  private void write(SideRecords records, byte[] content) throws MaildropException {
    records.update(ADDRESS, "x", current -> Optional.of(content));
  }

  @Test
  @DisplayName("a record is a file of mode 0600 that only its owner may have written")
  void mode() throws Exception {
    write(store().records(), OLD);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw--w----"));
    assertFails(MaildropFailure.PERMANENT, () -> store().records().read(ADDRESS, "x"));
    assertFails(MaildropFailure.PERMANENT, () -> write(store().records(), NEW));
  }

  @Test
  @DisplayName("a link or directory in the place of a record is not followed")
  void link() throws Exception {
    Path elsewhere = Files.write(root.resolve("elsewhere"), OLD);
    Files.createSymbolicLink(file(), elsewhere);
    assertFails(MaildropFailure.TEMPORARY, () -> store().records().read(ADDRESS, "x"));
    Files.delete(file());
    Files.createSymbolicLink(alice.path().resolve("fermoposta.records.lock"), elsewhere);
    assertFails(MaildropFailure.TEMPORARY, () -> write(store().records(), NEW));
    assertArrayEquals(OLD, Files.readAllBytes(elsewhere));
  }

  @Test
  @DisplayName("what a killed writer left behind is replaced")
  void leftOver() throws Exception {
    Path draft = Files.write(alice.path().resolve("fermoposta.x.new"), new byte[1000]);
    write(store().records(), NEW);
    assertArrayEquals(NEW, store().records().read(ADDRESS, "x").orElseThrow());
    assertFalse(Files.exists(draft));
  }

  @Test
  @DisplayName("a disk that fails at any step leaves the old record or the new one, and no draft")
  void failures() throws Exception {
    write(store().records(), OLD);
    int steps = 0;
    for (int failAt = 1; ; failAt++) {
      FailingAt failing = new FailingAt(failAt);
      SideRecords records =
          new MaildirStore(
                  MaildropTemplate.parse(root + "/{user}"), LeaseSettings.defaults(), failing)
              .records();
      try {
        write(records, NEW);
        break;
      } catch (MaildropException e) {
        assertEquals(MaildropFailure.TEMPORARY, e.failure());
      }
      steps++;
      byte[] now = store().records().read(ADDRESS, "x").orElseThrow();
      assertArrayEquals(failing.replaced ? NEW : OLD, now, "step " + failAt);
      assertFalse(Files.exists(alice.path().resolve("fermoposta.x.new")), "step " + failAt);
      write(store().records(), OLD);
    }
    assertEquals(6, steps);
  }

  @Test
  @DisplayName("a record too large to be one is refused without being read")
  void size() throws Exception {
    write(store().records(), OLD);
    try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
      channel.position(SideRecords.MAX_OCTETS).write(java.nio.ByteBuffer.wrap(OLD));
    }
    assertFails(MaildropFailure.PERMANENT, () -> store().records().read(ADDRESS, "x"));
  }

  @Test
  @DisplayName("a name of a record never names another file")
  void names() {
    for (String name : new String[] {"", "../x", "a.b", "A", "a/b", "x".repeat(33)}) {
      assertThrows(
          IllegalArgumentException.class, () -> store().records().read(ADDRESS, name), name);
    }
  }

  /** Fails once, at the n-th step of a change. */
  private static final class FailingAt extends MaildirFiles {

    private final int failAt;
    private int step;
    private boolean replaced;

    FailingAt(int failAt) {
      this.failAt = failAt;
    }

    private void step() throws IOException {
      if (++step == failAt) {
        throw new IOException("No space left on device");
      }
    }

    @Override
    FileChannel openOrCreate(Path file) throws IOException {
      step();
      return super.openOrCreate(file);
    }

    @Override
    FileChannel createPrivate(Path file) throws IOException {
      step();
      return super.createPrivate(file);
    }

    @Override
    void writeAll(FileChannel channel, java.nio.ByteBuffer content) throws IOException {
      step();
      super.writeAll(channel, content);
    }

    @Override
    void force(FileChannel channel) throws IOException {
      step();
      super.force(channel);
    }

    @Override
    void replace(Path finished, Path file) throws IOException {
      step();
      super.replace(finished, file);
      replaced = true;
    }

    @Override
    void sync(Path directory) throws IOException {
      step();
      super.sync(directory);
    }
  }
}

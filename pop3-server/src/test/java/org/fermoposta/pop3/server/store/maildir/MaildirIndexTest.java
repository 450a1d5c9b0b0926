// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.zip.CRC32C;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.LeaseSettings;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MessageBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is believed of an index, and what happens when it cannot be read or written. */
final class MaildirIndexTest extends MaildirTestBase {

  private final List<String> opened = new ArrayList<>();
  private final Warnings warnings = new Warnings();

  @AfterEach
  void stopListening() {
    warnings.close();
  }

  /** A store that sees all time stamps as long settled. */
  private Maildrop openSettled() throws MaildropException {
    files.beforeOpen = path -> opened.add(String.valueOf(path.getFileName()));
    opened.clear();
    files.calls.clear();
    return new MaildirStore(
            MaildropTemplate.parse(root + "/{user}"),
            LeaseSettings.defaults(),
            files,
            Long.MIN_VALUE)
        .open(MaildropAddress.of(ALICE), LeaseHolder.unyielding("test"));
  }

  private Path index() {
    return alice.path().resolve(MaildirIndex.FILE);
  }

  private void three() throws IOException {
    alice.put("new/1700000001.a", "a: b\n\n.c\n");
    alice.put("cur/1700000002.b:2,S", "b\r\n");
    alice.put("cur/1700000003.c d:2,", "c\n");
  }

  @Test
  @DisplayName("an unchanged maildrop is opened without listing names or opening messages")
  void warmOpenLooksAtNoMessage() throws Exception {
    three();
    List<String> ids;
    try (Maildrop maildrop = openSettled()) {
      ids = ids(maildrop);
      assertEquals(3, opened.size());
    }
    try (Maildrop maildrop = openSettled()) {
      assertEquals(List.of(), opened);
      assertEquals(List.of(), files.calls);
      assertEquals(ids, ids(maildrop));
      assertEquals(12, maildrop.octets(1));
    }
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(index())));
  }

  @Test
  @DisplayName("of a changed maildrop only the changed directory is listed, only new mail is read")
  void costsWhatChanged() throws Exception {
    three();
    openSettled().close();
    alice.put("new/1700000004.d", "d\n");
    try (Maildrop maildrop = openSettled()) {
      assertEquals(List.of("1700000004.d"), opened);
      assertEquals(List.of("list new"), files.calls);
      assertEquals(4, maildrop.count());
    }
  }

  @Test
  @DisplayName("a stamp of the present tick is not trusted: the names are listed again")
  void youngStampsAreNotTrusted() throws Exception {
    three();
    open().close();
    files.calls.clear();
    open().close();
    assertEquals(List.of("list new", "list cur"), files.calls);
  }

  @Test
  @DisplayName("N007: a file changed in place is refused by RETR and right in the next session")
  void changedInPlace() throws Exception {
    three();
    openSettled().close();
    alice.put("cur/1700000002.b:2,S", "b\r\nlonger\r\n");
    try (Maildrop maildrop = openSettled()) {
      assertEquals(3, maildrop.octets(2));
      files.beforeOpen = path -> {};
      assertFails(MaildropFailure.MESSAGE_GONE, () -> maildrop.open(2));
    }
    try (Maildrop maildrop = openSettled()) {
      assertEquals(11, maildrop.octets(2));
      assertEquals(List.of("1700000002.b:2,S"), opened);
    }
  }

  @Test
  @DisplayName(
      "N024: whatever bit or length of an index is wrong, it is built anew, ids stay; one line")
  void damagedIndex() throws Exception {
    three();
    List<String> ids;
    try (Maildrop maildrop = openSettled()) {
      ids = ids(maildrop);
    }
    byte[] good = Files.readAllBytes(index());
    for (int i = 0; i < good.length; i++) {
      byte[] flipped = good.clone();
      flipped[i] ^= (byte) (1 << (i % 8));
      rebuilt(flipped, ids);
      rebuilt(Arrays.copyOf(good, i), ids);
    }
    rebuilt(Arrays.copyOf(good, good.length + 1), ids);
  }

  private void rebuilt(byte[] damaged, List<String> ids) throws Exception {
    Files.write(index(), damaged);
    try (FileChannel channel = FileChannel.open(index())) {
      assertThrows(BadIndexException.class, () -> IndexInput.read(channel, 1 << 20));
    }
    warnings.taken();
    try (Maildrop maildrop = openSettled()) {
      assertEquals(ids, ids(maildrop));
      assertEquals(3, opened.size());
    }
    List<String> said = warnings.taken();
    assertEquals(1, said.size(), said::toString);
    assertTrue(said.get(0).contains(index().toString()), said::toString);
    assertTrue(said.get(0).endsWith("it is built anew, unique-ids stay"), said::toString);
  }

  @Test
  @DisplayName(
      "N024: a later version is named in the log; a first opening and a deleted index are not")
  void saidInTheLog() throws Exception {
    three();
    openSettled().close();
    byte[] good = Files.readAllBytes(index());
    Files.delete(index());
    openSettled().close();
    assertEquals(List.of(), warnings.taken());
    ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).putInt(8, IndexFormat.VERSION + 1);
    Files.write(index(), good);
    openSettled().close();
    assertEquals(
        List.of(
            "index \""
                + index()
                + "\": version 2 (expected: 1); it is built anew, unique-ids stay"),
        warnings.taken());
    openSettled().close();
    assertEquals(List.of(), warnings.taken(), "built anew");
  }

  @Test
  @DisplayName("N024: an index that others may write to, a link or a FIFO in its place is replaced")
  void indexOfOthers() throws Exception {
    three();
    openSettled().close();
    Files.setPosixFilePermissions(index(), PosixFilePermissions.fromString("rw--w----"));
    openSettled().close();
    assertEquals(3, opened.size());
    assertEquals(1, warnings.taken().size());
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(index())));
    Path elsewhere = root.resolve("elsewhere");
    Files.move(index(), elsewhere);
    Files.createSymbolicLink(index(), elsewhere);
    openSettled().close();
    assertEquals(3, opened.size());
    assertTrue(Files.isRegularFile(index(), LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  @DisplayName("N034: an index larger than may be read is not written; that is said once a session")
  void tooLargeToKeep() throws Exception {
    three();
    openSettled().close();
    IndexContent content = new MaildirIndex(files, alice.path()).load();
    assertEquals(Files.size(index()), IndexOutput.octets(content));
    Files.delete(index());
    MaildirIndex bounded = new MaildirIndex(files, alice.path(), IndexOutput.octets(content) - 1);
    bounded.save(content);
    bounded.save(content);
    assertFalse(Files.exists(index()));
    List<String> said = warnings.taken();
    assertEquals(1, said.size(), said::toString);
    new MaildirIndex(files, alice.path(), IndexOutput.octets(content)).save(content);
    assertTrue(Files.exists(index()));
  }

  @Test
  @DisplayName("N034: dot lines' offsets take 8 octets a message and 4 KiB, however many there are")
  void dotOffsetsAreBounded() throws Exception {
    for (int i = 0; i < 200; i++) {
      alice.put("new/17" + (10_000_000 + i) + ".a", ".\n".repeat(16));
    }
    openSettled().close();
    MessageTable table = new MaildirIndex(files, alice.path()).load().table();
    assertTrue(table.dots.length <= 1024 + 2 * 200, "offsets: " + table.dots.length);
    assertEquals(16, table.dotOffsets(0).length);
    assertTrue(table.has(199, MessageTable.MANY_DOTS));
    alice.put("new/1800000000.a", ".\n");
    try (Maildrop maildrop = openSettled();
        MessageBody first = maildrop.open(1);
        MessageBody last = maildrop.open(200)) {
      assertEquals(OptionalInt.of(16), first.dotLines());
      assertEquals(30, first.dotOffset(15));
      assertEquals(OptionalInt.empty(), last.dotLines());
      assertEquals(".\n".repeat(16), text(maildrop, 200));
    }
  }

  @Test
  @DisplayName("N024, N034: forged counts and names with a right checksum are refused")
  void forgedIndex() throws Exception {
    three();
    openSettled().close();
    byte[] good = Files.readAllBytes(index());
    for (int count = 0; count < 8; count++) {
      for (int value : new int[] {Integer.MAX_VALUE, -1, 1 << 24}) {
        byte[] forged = good.clone();
        ByteBuffer.wrap(forged)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(IndexFormat.CHECKED_FROM + count * Integer.BYTES, value);
        refused(forged);
      }
    }
    byte[] path = good.clone();
    path[path.length - 1] = '/';
    refused(path);
    Files.write(index(), good);
    try (FileChannel channel = FileChannel.open(index())) {
      assertThrows(BadIndexException.class, () -> IndexInput.read(channel, good.length - 1));
    }
  }

  private void refused(byte[] forged) throws IOException {
    CRC32C crc = new CRC32C();
    crc.update(forged, IndexFormat.CHECKED_FROM, forged.length - IndexFormat.CHECKED_FROM);
    ByteBuffer.wrap(forged).order(ByteOrder.LITTLE_ENDIAN).putInt(12, (int) crc.getValue());
    Files.write(index(), forged);
    try (FileChannel channel = FileChannel.open(index())) {
      assertThrows(BadIndexException.class, () -> IndexInput.read(channel, 1 << 20));
    }
  }

  @Test
  @DisplayName("N001, N038: where no index can be written the session works all the same")
  void unwritableIndex() throws Exception {
    three();
    files.beforeIndexWrite =
        path -> {
          throw new FileSystemException("x", null, "No space left on device");
        };
    for (int i = 0; i < 2; i++) {
      try (Maildrop maildrop = openSettled()) {
        files.beforeOpen = path -> {};
        assertEquals(List.of("a: b\n\n.c\n", "b\r\n", "c\n"), texts(maildrop));
      }
      List<String> said = warnings.taken();
      assertEquals(1, said.size(), said::toString);
      assertTrue(said.get(0).contains("cannot be written"), said::toString);
    }
    assertFalse(Files.exists(index()));
  }

  @Test
  @DisplayName("sizes counted before an opening failed are not counted again")
  void abortedScanIsKept() throws Exception {
    three();
    files.beforeOpen =
        FaultyFiles.failing(
            "1700000003.c d:2,"::equals, new FileSystemException("x", null, "Too many open files"));
    assertFails(MaildropFailure.TEMPORARY, this::open);
    try (Maildrop maildrop = openSettled()) {
      assertEquals(3, maildrop.count());
      assertTrue(opened.contains("1700000003.c d:2,"));
      assertFalse(opened.contains("1700000001.a"), "new/ was read before the failure");
    }
  }

  @Test
  @DisplayName("N040: a directory that was exchanged has each of its files compared")
  void restoredDirectory() throws Exception {
    three();
    openSettled().close();
    Files.move(alice.path().resolve("cur"), root.resolve("old"));
    Files.createDirectory(alice.path().resolve("cur"));
    Files.setLastModifiedTime(
        alice.put("cur/1700000002.b:2,S", "restored\r\n"), FileTime.fromMillis(1));
    try (Maildrop maildrop = openSettled()) {
      assertEquals(List.of("1700000001.a", "1700000002.b"), ids(maildrop));
      assertEquals(10, maildrop.octets(2));
      assertEquals(List.of("1700000002.b:2,S"), opened);
    }
  }
}

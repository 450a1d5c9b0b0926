// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.fermoposta.pop3.server.maildrop.Deletion;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.maildrop.MessageBody;
import org.fermoposta.pop3.server.maildrop.WireText;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Bad days: files that cannot be read, change, move and vanish; things in the way. */
final class MaildirTroubleTest extends MaildirTestBase {

  private static void fifo(Path path) throws Exception {
    assertEquals(0, new ProcessBuilder("mkfifo", path.toString()).inheritIO().start().waitFor());
  }

  private List<String> listed(String sub) throws IOException {
    try (Stream<Path> entries = Files.list(alice.path().resolve(sub))) {
      return entries.map(path -> String.valueOf(path.getFileName())).sorted().toList();
    }
  }

  @Test
  @DisplayName("N003: an unreadable file is listed, RETR of it is SYS/PERM, the rest is served")
  void unreadableFile() throws Exception {
    alice.put("new/1700000001.a", "a\n");
    Path bad = alice.put("new/1700000002.b", "b\nb\n");
    alice.put("new/1700000003.c", "c\n");
    Files.setPosixFilePermissions(bad, PosixFilePermissions.fromString("---------"));
    files.beforeOpen =
        FaultyFiles.failing("1700000002.b"::equals, new AccessDeniedException("1700000002.b"));
    try (Maildrop maildrop = open()) {
      assertEquals(3, maildrop.count());
      assertEquals(4, maildrop.octets(2));
      assertEquals("1700000002.b", maildrop.uniqueId(2).value());
      assertFails(MaildropFailure.PERMANENT, () -> maildrop.open(2));
      assertEquals("c\n", text(maildrop, 3));
      assertTrue(maildrop.delete(marked(1)).complete());
    }
    assertTrue(Files.exists(bad));
  }

  @Test
  @DisplayName("N003, N007: a file that becomes readable is served only if its size was right")
  void unreadableFileBecomesReadable() throws Exception {
    alice.put("new/1700000001.a", "a\r\n");
    alice.put("new/1700000002.b", "b\n");
    files.beforeOpen = FaultyFiles.failing(name -> true, new AccessDeniedException("all"));
    try (Maildrop maildrop = open()) {
      files.beforeOpen = path -> {};
      assertEquals("a\r\n", text(maildrop, 1));
      assertFails(MaildropFailure.MESSAGE_GONE, () -> maildrop.open(2));
    }
  }

  @Test
  @DisplayName("N033: when no file can be opened for want of descriptors, login is SYS/TEMP")
  void outOfDescriptors() throws Exception {
    alice.put("new/1700000001.a", "a\n");
    files.beforeOpen =
        FaultyFiles.failing(
            name -> true, new FileSystemException("x", null, "Too many open files"));
    assertFails(MaildropFailure.TEMPORARY, this::open);
    files.beforeOpen = path -> {};
    try (Maildrop maildrop = open()) {
      assertEquals(1, maildrop.count(), "the lease was freed");
    }
  }

  @Test
  @DisplayName("A12: when a directory cannot be listed, login fails and the lease is free")
  void unlistableDirectory() throws Exception {
    files.beforeList = FaultyFiles.failing("cur"::equals, new IOException("I/O error"));
    assertFails(MaildropFailure.TEMPORARY, this::open);
    files.beforeList = FaultyFiles.failing("cur"::equals, new AccessDeniedException("cur"));
    assertFails(MaildropFailure.PERMANENT, this::open);
    files.beforeList = path -> {};
    open().close();
  }

  @Test
  @DisplayName("N006: a file cut short while it is read ends in an error, not in a short message")
  void truncatedWhileReading() throws Exception {
    Path file = alice.put("new/1700000001.a", "0123456789\n");
    try (Maildrop maildrop = open();
        MessageBody body = maildrop.open(1)) {
      ByteBuffer buffer = ByteBuffer.allocate(4);
      assertEquals(4, body.read(0, buffer));
      try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
        cut.setLength(6);
      }
      buffer.clear();
      assertFails(MaildropFailure.MESSAGE_GONE, () -> body.read(4, buffer));
    }
  }

  @Test
  @DisplayName("N007: a message that changed since it was listed is refused, a touched one served")
  void changedBehindTheBack() throws Exception {
    alice.put("new/1700000001.grown", "a\n");
    alice.put("new/1700000002.rewritten", "b\nb\n");
    alice.put("new/1700000003.touched", "c\n");
    FileTime later = FileTime.fromMillis(System.currentTimeMillis() + 60_000);
    try (Maildrop maildrop = open()) {
      alice.put("new/1700000001.grown", "a\na\n");
      Files.setLastModifiedTime(alice.put("new/1700000002.rewritten", "bb\r\n"), later);
      Files.setLastModifiedTime(alice.file("new/1700000003.touched"), later);
      assertFails(MaildropFailure.MESSAGE_GONE, () -> maildrop.open(1));
      assertFails(MaildropFailure.MESSAGE_GONE, () -> maildrop.open(2));
      assertEquals("c\n", text(maildrop, 3));
      assertEquals(3, maildrop.octets(1));
    }
  }

  @Test
  @DisplayName("N009: a missing Maildir is made, private to the server, with its three directories")
  void missingMaildirIsMade() throws Exception {
    MaildirStore store = new MaildirStore(MaildropTemplate.parse(root + "/{user}/mail/Maildir"));
    try (Maildrop maildrop =
        store.open(MaildropAddress.of(MaildropName.of("bob")), LeaseHolder.unyielding("test"))) {
      assertEquals(0, maildrop.count());
    }
    for (String made :
        List.of("mail", "mail/Maildir/new", "mail/Maildir/cur", "mail/Maildir/tmp")) {
      Path path = root.resolve("bob").resolve(made);
      assertEquals(
          "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)), made);
    }
  }

  @Test
  @DisplayName("N009: a missing root is SYS/TEMP and is not made")
  void missingRootIsNotMade() {
    Path unmounted = root.resolve("unmounted");
    MaildirStore store = new MaildirStore(MaildropTemplate.parse(unmounted + "/{user}"));
    assertFails(
        MaildropFailure.TEMPORARY,
        () -> store.open(MaildropAddress.of(ALICE), LeaseHolder.unyielding("test")));
    assertFalse(Files.exists(unmounted));
  }

  @Test
  @DisplayName("N010: links and files in place of directories are refused as SYS/PERM")
  void linkedDirectories() throws Exception {
    MaildirStore store = new MaildirStore(MaildropTemplate.parse(root + "/{user}/Maildir"));
    Files.createSymbolicLink(root.resolve("bob"), root.resolve("alice"));
    Files.createDirectory(root.resolve("carol"));
    Files.createSymbolicLink(root.resolve("carol/Maildir"), root.resolve("alice"));
    Files.createDirectories(root.resolve("dave/Maildir/new"));
    Files.createSymbolicLink(root.resolve("dave/Maildir/cur"), alice.path().resolve("cur"));
    Files.createDirectories(root.resolve("erin/Maildir"));
    Files.createFile(root.resolve("erin/Maildir/new"));
    Files.createSymbolicLink(root.resolve("frank"), root.resolve("nowhere"));
    for (String user : List.of("bob", "carol", "dave", "erin", "frank")) {
      assertFails(
          MaildropFailure.PERMANENT,
          () ->
              store.open(
                  MaildropAddress.of(MaildropName.of(user)), LeaseHolder.unyielding("test")));
    }
    assertFalse(Files.exists(root.resolve("nowhere")));
  }

  @Test
  @DisplayName(
      "N011: links, FIFOs and directories are no messages, do not hang and are not removed")
  void specialFiles() throws Exception {
    alice.put("new/1700000001.a", "a\n");
    for (String sub : List.of("new", "cur")) {
      Files.createSymbolicLink(
          alice.file(sub + "/1700000002.link:2,S"), alice.file("new/1700000001.a"));
      Files.createSymbolicLink(alice.file(sub + "/1700000003.dangling"), root.resolve("nowhere"));
      fifo(alice.file(sub + "/1700000004.fifo"));
      Files.createDirectory(alice.file(sub + "/1700000005.directory"));
      alice.put(sub + "/.hidden", "no message\n");
    }
    List<String> before = listed("cur");
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          try (Maildrop maildrop = open()) {
            assertEquals(List.of("a\n"), texts(maildrop));
            assertTrue(maildrop.delete(marked(1)).complete());
          }
        });
    assertEquals(before, listed("cur"));
    assertEquals(before, listed("new"));
  }

  @Test
  @DisplayName("N011: a message replaced by a link, FIFO or directory is gone, and stays unharmed")
  void replacedBySpecialFile() throws Exception {
    for (String name : List.of("1700000001.a", "1700000002.b", "1700000003.c")) {
      alice.put("new/" + name, "text\n");
    }
    Path secret = Files.writeString(root.resolve("secret"), "text\n");
    try (Maildrop maildrop = open()) {
      Files.delete(alice.file("new/1700000001.a"));
      Files.createSymbolicLink(alice.file("new/1700000001.a"), secret);
      Files.delete(alice.file("new/1700000002.b"));
      fifo(alice.file("new/1700000002.b"));
      Files.delete(alice.file("new/1700000003.c"));
      Files.createDirectory(alice.file("new/1700000003.c"));
      assertTimeoutPreemptively(
          Duration.ofSeconds(20),
          () -> {
            for (int n = 1; n <= 3; n++) {
              int number = n;
              assertFails(MaildropFailure.MESSAGE_GONE, () -> maildrop.open(number));
            }
          });
      Deletion deletion = maildrop.delete(marked(1, 2, 3));
      assertEquals(0, deletion.removed());
      assertEquals(3, deletion.vanished());
    }
    assertEquals(3, listed("new").size());
    assertTrue(Files.exists(secret));
  }

  @Test
  @DisplayName("N011: a lock file that is a link or a FIFO is refused without opening it")
  void specialLockFile() throws Exception {
    Path lock = alice.path().resolve(MaildirLease.LOCK_FILE);
    Path victim = Files.writeString(root.resolve("victim"), "x");
    Files.createSymbolicLink(lock, victim);
    assertFails(MaildropFailure.PERMANENT, this::open);
    Files.delete(lock);
    fifo(lock);
    assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> assertFails(MaildropFailure.PERMANENT, this::open));
    Files.delete(lock);
    open().close();
    assertTrue(Files.isRegularFile(lock, LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  @DisplayName("N014, N015: messages moved and flagged during the session are read and removed")
  void movedDuringTheSession() throws Exception {
    alice.put("new/1700000001.a", "a\n");
    alice.put("cur/1700000002.b:2,", "b\n");
    alice.put("new/1700000003.c", "c\n");
    try (Maildrop maildrop = open()) {
      alice.move("new/1700000001.a", "cur/1700000001.a:2,");
      alice.move("cur/1700000002.b:2,", "cur/1700000002.b:2,FRS");
      assertEquals(List.of("a\n", "b\n", "c\n"), texts(maildrop));
      alice.move("cur/1700000001.a:2,", "cur/1700000001.a:2,T");
      alice.move("new/1700000003.c", "cur/1700000003.c:2,");
      Deletion deletion = maildrop.delete(marked(1, 2));
      assertTrue(deletion.complete());
      assertEquals(2, deletion.removed());
      assertEquals("c\n", text(maildrop, 3));
    }
    assertEquals(List.of("1700000003.c:2,"), listed("cur"));
    assertEquals(List.of(), listed("new"));
  }

  @Test
  @DisplayName(
      "N014: a message that moves or vanishes while the maildrop is opened is in it or not")
  void movedWhileOpening() throws Exception {
    alice.put("new/1700000001.a", "a\n");
    alice.put("new/1700000002.b", "b\n");
    alice.put("new/1700000003.c", "c\n");
    files.beforeOpen =
        path -> {
          files.beforeOpen = ignored -> {};
          alice.move("new/1700000001.a", "cur/1700000001.a:2,S");
          Files.delete(alice.file("new/1700000002.b"));
        };
    try (Maildrop maildrop = open()) {
      assertEquals("1700000001.a", maildrop.uniqueId(1).value());
      // Whichever of b and c was opened first decides whether b was still seen.
      assertEquals("c\n", text(maildrop, maildrop.count()));
      assertEquals("a\n", text(maildrop, 1));
    }
  }

  @Test
  @DisplayName(
      "N013: a message moved by link and unlink while the maildrop is opened is one message")
  void linkedWhileOpening() throws Exception {
    alice.put("new/1700000001.a", "a\n");
    Files.createLink(alice.file("cur/1700000001.a:2,"), alice.file("new/1700000001.a"));
    files.beforeOpen =
        path -> {
          if (path.endsWith("1700000001.a:2,")) {
            files.beforeOpen = ignored -> {};
            Files.delete(alice.file("new/1700000001.a"));
          }
        };
    try (Maildrop maildrop = open()) {
      assertEquals(List.of("1700000001.a"), ids(maildrop));
      assertEquals("a\n", text(maildrop, 1));
    }
  }

  @Test
  @DisplayName("U9, N015: a message renamed between looking and removing is still removed")
  void renamedWhileRemoving() throws Exception {
    alice.put("new/1700000001.a", "a\n");
    alice.put("new/1700000002.b", "b\n");
    try (Maildrop maildrop = open()) {
      files.beforeUnlink =
          path -> {
            files.beforeUnlink = ignored -> {};
            alice.move("new/1700000001.a", "cur/1700000001.a:2,S");
          };
      Deletion deletion = maildrop.delete(marked(1));
      assertEquals(1, deletion.removed());
      assertTrue(deletion.complete());
    }
    assertEquals(List.of("1700000002.b"), listed("new"));
    assertEquals(List.of(), listed("cur"));
  }

  @Test
  @DisplayName("N025: when everything was moved, reading all lists the directories once")
  void relocationIsNotQuadratic() throws Exception {
    int count = 500;
    for (int i = 0; i < count; i++) {
      alice.put("new/" + (1700000000 + i) + ".a", i + "\n");
    }
    try (Maildrop maildrop = open()) {
      for (int i = 0; i < count; i++) {
        alice.move("new/" + (1700000000 + i) + ".a", "cur/" + (1700000000 + i) + ".a:2,");
      }
      files.calls.clear();
      for (int i = 0; i < count; i++) {
        assertEquals(i + "\n", text(maildrop, i + 1));
      }
      assertEquals(List.of("list new", "list cur"), files.calls);
    }
  }

  @Test
  @DisplayName("N022, U5: directories are synced after the last removal and before the answer")
  void deletionIsDurable() throws Exception {
    alice.put("new/1700000001.a", "a\n");
    alice.put("cur/1700000002.b:2,S", "b\n");
    alice.put("cur/1700000003.c:2,S", "c\n");
    try (Maildrop maildrop = open()) {
      files.calls.clear();
      assertTrue(maildrop.delete(marked(2, 3)).complete());
      assertEquals(
          List.of("unlink 1700000002.b:2,S", "unlink 1700000003.c:2,S", "sync cur"), files.calls);
      files.calls.clear();
      assertTrue(maildrop.delete(marked(1)).complete());
      assertEquals(List.of("unlink 1700000001.a", "sync new"), files.calls);
    }
  }

  @Test
  @DisplayName("U2, N038: what cannot be removed is reported, the other marked ones are removed")
  void partialFailure() throws Exception {
    for (int i = 1; i <= 4; i++) {
      alice.put("new/170000000" + i + ".a", i + "\n");
    }
    try (Maildrop maildrop = open()) {
      files.beforeUnlink =
          FaultyFiles.failing(
              "1700000002.a"::equals, new FileSystemException("x", null, "Read-only file system"));
      Deletion deletion = maildrop.delete(marked(1, 2, 3));
      assertFalse(deletion.complete());
      assertEquals(2, deletion.removed());
      assertEquals(1, deletion.failed());
      assertEquals(MaildropFailure.TEMPORARY, deletion.cause().orElseThrow().failure());
    }
    assertEquals(List.of("1700000002.a", "1700000004.a"), listed("new"));
    try (Maildrop maildrop = open()) {
      assertEquals(2, maildrop.count());
    }
  }

  @Test
  @DisplayName("U2, N022: a failed sync is a failed UPDATE")
  void failedSync() throws Exception {
    alice.put("new/1700000001.a", "a\n");
    try (Maildrop maildrop = open()) {
      files.beforeSync = FaultyFiles.failing("new"::equals, new IOException("I/O error"));
      Deletion deletion = maildrop.delete(marked(1));
      assertFalse(deletion.complete());
      assertEquals(1, deletion.removed());
    }
  }

  @Test
  @DisplayName("N067: the client's text names neither path nor cause")
  void clientTextIsSafe() throws Exception {
    files.beforeList = FaultyFiles.failing("cur"::equals, new IOException("disk sda1"));
    String text = assertFails(MaildropFailure.TEMPORARY, this::open).clientText();
    assertFalse(text.contains(root.toString()) || text.contains("sda1"), text);
  }

  @Test
  @DisplayName("N030, N031: sizes are right wherever the reading buffer ends")
  void bufferBoundaries() throws Exception {
    Random random = new Random(31);
    String alphabet = "\r\n.a\r\n";
    StringBuilder[] texts = new StringBuilder[6];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = new StringBuilder();
      int length = 65_534 + i + (i % 2) * 65_536;
      for (int j = 0; j < length; j++) {
        texts[i].append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      alice.put("new/170000000" + i + ".a", texts[i].toString());
    }
    try (Maildrop maildrop = open()) {
      for (int i = 0; i < texts.length; i++) {
        byte[] stored = texts[i].toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        assertEquals(WireText.of(stored).length, maildrop.octets(i + 1));
      }
    }
  }

  @Test
  @DisplayName("N026: a message of more than 2 GiB has its size in 64 bits and can be read")
  void hugeMessage() throws Exception {
    long size = (1L << 31) + 1;
    Path file = alice.put("new/1700000001.huge", "\n");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(size);
    }
    try (Maildrop maildrop = open();
        MessageBody body = maildrop.open(1)) {
      // One bare LF at the front, no line end at the end.
      assertEquals(size + 3, maildrop.octets(1));
      assertEquals(size + 3, maildrop.totalOctets());
      ByteBuffer buffer = ByteBuffer.allocate(16);
      assertEquals(2, body.read(size - 2, buffer));
      assertEquals(0, body.read(size, buffer));
    }
  }
}

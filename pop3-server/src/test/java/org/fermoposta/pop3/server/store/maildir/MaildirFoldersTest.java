// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.fermoposta.pop3.server.maildrop.Deletion;
import org.fermoposta.pop3.server.maildrop.FolderName;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Folders of a Maildir++ as maildrops. */
final class MaildirFoldersTest extends MaildirTestBase {

  private Maildrop open(String folder) throws MaildropException {
    return store()
        .open(
            new MaildropAddress(ALICE, Optional.of(FolderName.of(folder)), Optional.empty()),
            LeaseHolder.unyielding("test"));
  }

  @Test
  @DisplayName(
      "a folder of folders and one with letters beyond ASCII are found where IMAP has them")
  void maildirPlusPlus() throws Exception {
    new TestMaildir(alice.path().resolve(".Lists.dev")).put("new/1.a", "dev\n");
    new TestMaildir(alice.path().resolve(".Entw&APw-rfe")).put("cur/1.a:2,S", "draft\n");
    try (Maildrop dev = open("Lists.dev");
        Maildrop drafts = open("Entw\u00fcrfe")) {
      assertEquals(List.of("dev\n"), texts(dev));
      assertEquals(List.of("draft\n"), texts(drafts));
    }
  }

  @Test
  @DisplayName("new/, cur/ and tmp/ that a folder lacks are made, the folder is not")
  void subdirectoriesAreMade() throws Exception {
    Path folder = Files.createDirectory(alice.path().resolve(".Bare"));
    open("Bare").close();
    assertTrue(Files.isDirectory(folder.resolve("cur")));
    assertFails(MaildropFailure.NO_SUCH_FOLDER, () -> open("Missing"));
    assertFalse(Files.exists(alice.path().resolve(".Missing")));
  }

  @Test
  @DisplayName("a link or a file in the place of a folder is refused")
  void notADirectory() throws Exception {
    new TestMaildir(root.resolve("bob")).put("new/1.a", "secret\n");
    Files.createSymbolicLink(alice.path().resolve(".Link"), root.resolve("bob"));
    Files.writeString(alice.path().resolve(".File"), "x");
    assertFails(MaildropFailure.PERMANENT, () -> open("Link"));
    assertFails(MaildropFailure.PERMANENT, () -> open("File"));
  }

  @Test
  @DisplayName("opening a folder puts nothing into the maildrop around it")
  void onlyTheFolderIsTouched() throws Exception {
    new TestMaildir(alice.path().resolve(".Junk")).put("new/1.a", "x\n");
    List<String> before = names(alice.path());
    open("Junk").close();
    assertEquals(before, names(alice.path()));
  }

  @Test
  @DisplayName("moved mail keeps its flags, is old in the folder, and replaces nothing there")
  void moving() throws Exception {
    alice.put("new/1.a", "one\n");
    alice.put("cur/2.a:2,FS", "two\n");
    TestMaildir trash = new TestMaildir(alice.path().resolve(".Trash"));
    trash.put("cur/1.a:2,", "another\n");
    try (Maildrop maildrop = open()) {
      assertEquals(2, maildrop.move(marked(1, 2), FolderName.of("Trash")).removed());
    }
    List<String> names = names(trash.path().resolve("cur"));
    assertEquals(3, names.size());
    assertEquals("another\n", Files.readString(trash.file("cur/1.a:2,")));
    assertTrue(names.contains("2.a:2,FS"), names.toString());
    assertTrue(names.get(0).matches("1\\.a\\.[-0-9a-f]{36}:2,"), names.get(0));
  }

  @Test
  @DisplayName("a folder that moving made is one to Courier and Dovecot too")
  void madeFolder() throws Exception {
    alice.put("new/1.a", "one\n");
    try (Maildrop maildrop = open()) {
      assertTrue(maildrop.move(marked(1), FolderName.of("Trash")).complete());
    }
    assertEquals(
        List.of("cur", "maildirfolder", "new", "tmp"), names(alice.path().resolve(".Trash")));
    assertEquals(List.of("1.a:2,"), names(alice.path().resolve(".Trash/cur")));
  }

  @Test
  @DisplayName("U2: a folder that cannot be made fails the move, and the message stays")
  void movingFails() throws Exception {
    alice.put("new/1.a", "one\n");
    Files.writeString(alice.path().resolve(".Trash"), "x");
    try (Maildrop maildrop = open()) {
      Deletion moved = maildrop.move(marked(1), FolderName.of("Trash"));
      assertEquals(1, moved.failed());
      assertEquals(MaildropFailure.PERMANENT, moved.cause().orElseThrow().failure());
      assertEquals("one\n", text(maildrop, 1));
    }
  }

  @Test
  @DisplayName("delivery is the later of the name's time and the file's, but never in the future")
  void deliveryTimes() throws Exception {
    Files.setLastModifiedTime(alice.put("new/1000.a", "x"), FileTime.from(2000, TimeUnit.SECONDS));
    Files.setLastModifiedTime(alice.put("new/3000.a", "x"), FileTime.from(2000, TimeUnit.SECONDS));
    Files.setLastModifiedTime(
        alice.put("new/99999999999.a", "x"), FileTime.from(2000, TimeUnit.SECONDS));
    try (Maildrop maildrop = open()) {
      assertEquals(Instant.ofEpochSecond(2000), maildrop.delivered(1));
      assertEquals(Instant.ofEpochSecond(3000), maildrop.delivered(2));
      assertEquals(Instant.ofEpochSecond(2000), maildrop.delivered(3));
    }
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> String.valueOf(entry.getFileName())).sorted().toList();
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> String.valueOf(entry.getFileName())).sorted().toList();
    }
  }
}

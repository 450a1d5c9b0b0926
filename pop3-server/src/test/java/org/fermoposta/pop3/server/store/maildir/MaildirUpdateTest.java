// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.fermoposta.pop3.server.maildrop.Deletion;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What QUIT does when the Maildir is not what it was at login. */
final class MaildirUpdateTest extends MaildirTestBase {

  private static List<String> listed(Path directory) throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.map(path -> String.valueOf(path.getFileName())).sorted().toList();
    }
  }

  private static void assertNothingRemoved(Deletion deletion, int failed, String reason) {
    assertFalse(deletion.complete());
    assertEquals(0, deletion.removed());
    assertEquals(failed, deletion.failed());
    assertEquals(MaildropFailure.TEMPORARY, deletion.cause().orElseThrow().failure());
    String said = deletion.cause().orElseThrow().logText();
    assertTrue(said.contains(reason), said);
  }

  @Test
  @DisplayName("N037: a Maildir that was replaced meanwhile is not touched, be the names the same")
  void replaced() throws Exception {
    alice.put("new/1700000001.a", "old a\n");
    alice.put("cur/1700000002.b:2,", "old b\n");
    Path away = root.resolve("away");
    try (Maildrop maildrop = open()) {
      Files.move(alice.path(), away);
      TestMaildir other = new TestMaildir(alice.path());
      other.put("new/1700000001.a", "new a\n");
      assertNothingRemoved(maildrop.delete(marked(1, 2)), 2, "replaced since the session began");
      assertEquals(List.of("1700000001.a"), listed(alice.path().resolve("new")));
      assertEquals(List.of("1700000001.a"), listed(away.resolve("new")));
      assertEquals(List.of("1700000002.b:2,"), listed(away.resolve("cur")));
      // The new user is not kept out by the session of the old one.
      try (Maildrop theirs = open()) {
        assertEquals("new a\n", text(theirs, 1));
        assertTrue(theirs.delete(marked(1)).complete());
      }
    }
    assertEquals(List.of("1700000001.a"), listed(away.resolve("new")));
  }

  @Test
  @DisplayName("N037: when the Maildir is gone, nothing is said to be deleted, and nothing is made")
  void gone() throws Exception {
    alice.put("new/1700000001.a", "a\n");
    Path away = root.resolve("away");
    try (Maildrop maildrop = open()) {
      Files.move(alice.path(), away);
      assertNothingRemoved(maildrop.delete(marked(1)), 1, "cannot be found");
      assertFalse(Files.exists(alice.path()));
      Files.createSymbolicLink(alice.path(), away);
      assertNothingRemoved(maildrop.delete(marked(1)), 1, "replaced since the session began");
    }
    assertEquals(List.of("1700000001.a"), listed(away.resolve("new")));
  }

  @Test
  @DisplayName("N005, N022: where a marked message vanished, its removal is made durable too")
  void vanishedIsSynced() throws Exception {
    alice.put("new/1700000001.a", "a\n");
    alice.put("new/1700000002.b", "b\n");
    try (Maildrop maildrop = open()) {
      Files.delete(alice.file("new/1700000001.a"));
      files.calls.clear();
      Deletion deletion = maildrop.delete(marked(1));
      assertTrue(deletion.complete());
      assertEquals(1, deletion.vanished());
      assertEquals(
          List.of("sync new", "sync cur"),
          files.calls.stream().filter(call -> call.startsWith("sync ")).toList());
    }
    assertEquals(List.of("1700000002.b"), listed(alice.path().resolve("new")));
  }

  @Test
  @DisplayName("U1: what was not marked is neither removed nor renamed nor opened")
  void unmarkedIsUntouched() throws Exception {
    for (int i = 1; i <= 5; i++) {
      alice.put(
          (i % 2 == 0 ? "cur/" : "new/") + "170000000" + i + ".a" + (i % 2 == 0 ? ":2,S" : ""),
          i + "\n");
    }
    try (Maildrop maildrop = open()) {
      files.calls.clear();
      files.beforeOpen =
          path -> {
            throw new IOException("nothing is to be opened");
          };
      assertTrue(maildrop.delete(marked(1, 4)).complete());
      assertEquals(
          List.of("unlink 1700000001.a", "unlink 1700000004.a:2,S", "sync new", "sync cur"),
          files.calls);
    }
    assertEquals(List.of("1700000003.a", "1700000005.a"), listed(alice.path().resolve("new")));
    assertEquals(List.of("1700000002.a:2,S"), listed(alice.path().resolve("cur")));
  }
}

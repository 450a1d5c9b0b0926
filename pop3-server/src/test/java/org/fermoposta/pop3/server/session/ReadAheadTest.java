// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Messages that are fetched in turn are read together; nobody can tell. */
@ExtendWith(LeakExtension.class)
final class ReadAheadTest {
  private static final int COUNT = 12;

  @TempDir private Path directory;
  private FileStore store;

  @BeforeEach
  void deliver() throws Exception {
    store = new FileStore(directory);
    for (int n = 1; n <= COUNT; n++) {
      // About 15 KB each, as CRLF and as LF, with dots and without.
      String text = stored(n);
      store.deliver(Octets.latin1(n % 2 == 0 ? text : text.replace("\r\n", "\n")));
    }
  }

  @AfterEach
  void closed() {
    assertEquals(store.opened.get(), store.closed.get());
  }

  private static String stored(int number) {
    String dotted = number % 3 == 0 ? ".dotted\r\n" : "";
    return "Subject: " + number + "\r\n\r\n" + dotted + ("z".repeat(70) + "\r\n").repeat(200);
  }

  private static String reply(int number) {
    String text = stored(number);
    return "+OK " + text.length() + " octets\r\n" + text.replace("\r\n.", "\r\n..") + ".\r\n";
  }

  private Embedded session() {
    Embedded session = new Embedded(Embedded.settings(), store);
    session.login();
    return session;
  }

  @Test
  @DisplayName("T14: all in turn, one by one, pipelined, and with DELE between: the same replies")
  void inTurn() {
    try (Embedded session = session()) {
      StringBuilder commands = new StringBuilder();
      StringBuilder replies = new StringBuilder();
      for (int n = 1; n <= COUNT; n++) {
        assertEquals(reply(n), session.says("RETR " + n + "\r\n"));
        commands.append("RETR ").append(n).append("\r\nDELE ").append(n).append("\r\n");
        replies.append(reply(n)).append("+OK message marked as deleted\r\n");
      }
      assertEquals(COUNT, store.opened.get(), "each is read once");
      assertEquals(replies.toString(), session.says(commands.toString()));
      assertEquals("-ERR no such message\r\n", session.says("RETR 2\r\n"));
    }
  }

  @Test
  @DisplayName("a client that does not go in turn has nothing read for it")
  void notInTurn() {
    try (Embedded session = session()) {
      for (int n : new int[] {12, 6, 9, 3}) {
        assertEquals(reply(n), session.says("RETR " + n + "\r\n"));
      }
      assertEquals(4, store.opened.get());
      assertTrue(session.says("TOP 4 0\r\n").startsWith("+OK top of message\r\nSubject: 4\r\n"));
      assertEquals(5, store.opened.get());
    }
  }

  @Test
  @DisplayName("what is marked as deleted is not read; what was read is left when the client jumps")
  void jumps() {
    try (Embedded session = session()) {
      session.says("DELE 2\r\n");
      assertEquals(reply(1), session.says("RETR 1\r\n"));
      assertEquals(4, store.opened.get(), "1, 3, 4, 5");
      assertEquals(reply(4), session.says("RETR 4\r\n"));
      assertEquals(reply(3), session.says("RETR 3\r\n"));
      assertEquals(5, store.opened.get(), "3 again");
    }
  }

  @Test
  @DisplayName("what was read is dropped after a few seconds, and with the session")
  void expires() {
    try (Embedded session = session()) {
      assertEquals(reply(1), session.says("RETR 1\r\n"));
      int first = store.opened.get();
      session.pass(Duration.ofSeconds(5));
      assertEquals(reply(2), session.says("RETR 2\r\n"));
      assertTrue(store.opened.get() > first, "read again");
      session.says("QUIT\r\n");
      assertFalse(session.isOpen());
    }
  }

  @Test
  @DisplayName("T16, T45: one that cannot be read keeps nobody from the others, and gets its -ERR")
  void oneIsGone() throws Exception {
    Files.delete(directory.resolve("message-3"));
    Files.write(
        directory.resolve("message-4"),
        stored(4).substring(0, 1000).getBytes(StandardCharsets.ISO_8859_1));
    try (Embedded session = session()) {
      assertEquals(reply(1), session.says("RETR 1\r\n"));
      assertEquals(reply(2), session.says("RETR 2\r\n"));
      assertTrue(session.says("RETR 3\r\n").startsWith("-ERR "));
      assertTrue(session.says("RETR 4\r\n").startsWith("-ERR "));
      assertEquals(reply(5), session.says("RETR 5\r\n"));
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.fermoposta.pop3.server.maildrop.FolderName;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.RawPeer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Logins that name a folder. */
@ExtendWith(LeakExtension.class)
final class FoldersTest {
  private static final String NO_FOLDER = "-ERR [SYS/PERM] There is no such folder";

  private final TroubledStore store = new TroubledStore();

  @BeforeEach
  void mail() {
    deliver(Logins.ALICE, "Junk", "a\r\n");
    deliver(Logins.ALICE, "Lists.dev", "ab\r\n");
    deliver(Logins.ALICE, "Private", "abc\r\n");
    deliver(Logins.BOB, "junk", "abcd\r\n");
    store.deliver(Logins.ALICE, "abcde\r\n");
    store.deliver(Logins.BOB_JUNK, "abcdef\r\n");
  }

  private void deliver(MaildropName user, String folder, String message) {
    store.memory.deliver(
        new MaildropAddress(user, Optional.of(FolderName.of(folder)), Optional.empty()),
        message.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  @DisplayName("user+Folder opens a folder that the policy names, by USER and by AUTH")
  void opens() throws Exception {
    try (ServerUnderTest server = ServerUnderTest.cleartext(store)) {
      assertEquals("+OK 1 messages, 3 octets", pass(server, "alice+Junk", Logins.PASSWORD));
      assertEquals("+OK 1 messages, 4 octets", pass(server, "ALICE+Lists.dev", Logins.PASSWORD));
      assertEquals("+OK 1 messages, 7 octets", pass(server, "alice+INBOX", Logins.PASSWORD));
      assertEquals("+OK 1 messages, 3 octets", plain(server, "\0alice+Junk\0"));
      assertEquals("+OK 1 messages, 3 octets", plain(server, "alice+Junk\0alice\0"));
      assertEquals("+OK 1 messages, 7 octets", plain(server, "alice\0alice\0"));
    }
  }

  @Test
  @DisplayName("a folder that is missing and one that may not be opened get the same answer")
  void refused() throws Exception {
    try (ServerUnderTest server = ServerUnderTest.cleartext(store)) {
      assertEquals(NO_FOLDER, pass(server, "alice+Private", Logins.PASSWORD));
      assertEquals(NO_FOLDER, pass(server, "alice+junk", Logins.PASSWORD));
      assertEquals(NO_FOLDER, pass(server, "alice+Lists.none", Logins.PASSWORD));
    }
  }

  @Test
  @DisplayName("R1: with a wrong password nothing is said about folders")
  void wrongPassword() throws Exception {
    String wrong = "-ERR [AUTH] wrong user name or password";
    try (ServerUnderTest server = ServerUnderTest.cleartext(store)) {
      assertEquals(wrong, pass(server, "alice+Junk", "x"));
      assertEquals(wrong, pass(server, "alice+Nowhere", "x"));
      assertEquals(wrong, pass(server, "nobody+Junk", Logins.PASSWORD));
      assertEquals(wrong, pass(server, "alice+../bob", Logins.PASSWORD));
      assertEquals(wrong, plain(server, "bob+junk\0alice\0"));
    }
  }

  @Test
  @DisplayName("an account with a plus sign in its name hides a folder of that name")
  void accountFirst() throws Exception {
    try (ServerUnderTest server = ServerUnderTest.cleartext(store)) {
      assertEquals("+OK 1 messages, 8 octets", pass(server, "bob+junk", Logins.PASSWORD));
    }
  }

  @Test
  @DisplayName("the log names the folder as part of the user")
  void logged() throws Exception {
    try (LogLines log = new LogLines();
        ServerUnderTest server = ServerUnderTest.cleartext(store)) {
      pass(server, "alice+Junk", Logins.PASSWORD);
      assertTrue(log.await("login: ").startsWith("login: user=\"alice+Junk\" rip="));
    }
  }

  private static String pass(ServerUnderTest server, String name, String password)
      throws IOException {
    try (RawPeer peer = server.plain()) {
      peer.command("USER " + name);
      return answer(peer, peer.command("PASS " + password));
    }
  }

  private static String plain(ServerUnderTest server, String upToPassword) throws IOException {
    byte[] message = (upToPassword + Logins.PASSWORD).getBytes(StandardCharsets.US_ASCII);
    try (RawPeer peer = server.plain()) {
      return answer(
          peer, peer.command("AUTH PLAIN " + Base64.getEncoder().encodeToString(message)));
    }
  }

  private static String answer(RawPeer peer, String answer) throws IOException {
    if (answer.startsWith("+OK")) {
      assertEquals("+OK bye", peer.command("QUIT"));
    }
    return answer;
  }
}

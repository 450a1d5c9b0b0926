// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.fermoposta.pop3.runtime.config.OctetSize;
import org.fermoposta.pop3.server.maildrop.FolderName;
import org.fermoposta.pop3.server.maildrop.LeaseSettings;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.policy.AccessRules;
import org.fermoposta.pop3.server.policy.Expiry;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.RawPeer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What users may do, as clients meet it. */
@ExtendWith(LeakExtension.class)
final class AccessRulesTest {
  private static final String NO_POP3 = "-ERR [AUTH] this account may not use POP3";
  private static final String WRONG = "-ERR [AUTH] wrong user name or password";
  private static final String TOO_MANY =
      "-ERR [IN-USE] This account has too many sessions already; try again later";
  private static final String ENOUGH =
      "-ERR [SYS/TEMP] all that may be retrieved in a day has been; try again later";
  private static final String READ_ONLY = "-ERR messages can be read but not deleted here";

  private TroubledStore store = new TroubledStore();

  private ServerUnderTest server(UnaryOperator<AccessRules> alice) {
    return server(MailPolicy.defaults(), alice);
  }

  private ServerUnderTest server(MailPolicy policy, UnaryOperator<AccessRules> alice) {
    return ServerUnderTest.cleartext(
        store, new Logins(policy.withAccess(alice.apply(AccessRules.defaults()))));
  }

  private void deliver(int count) {
    for (int i = 1; i <= count; i++) {
      store.deliver(Logins.ALICE, "x: y\r\n\r\n" + i + "\r\n");
    }
  }

  private static String pass(RawPeer peer, String name, String password) throws IOException {
    assertEquals("+OK send PASS", peer.command("USER " + name));
    return peer.command("PASS " + password);
  }

  private static String sasl(RawPeer peer, String name, String password) throws IOException {
    byte[] message = ("\0" + name + "\0" + password).getBytes(StandardCharsets.US_ASCII);
    return peer.command("AUTH PLAIN " + Base64.getEncoder().encodeToString(message));
  }

  private static List<String> read(RawPeer peer, String command) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(peer.command(command));
    assertTrue(lines.get(0).startsWith("+OK"), lines.get(0));
    for (String line = peer.readLine(); !line.equals("."); line = peer.readLine()) {
      lines.add(line);
    }
    return lines;
  }

  @Test
  @DisplayName("A9, A10, R3: POP3 off is told with [AUTH] (RFC 3206 §5), after the password only")
  void pop3Off() throws Exception {
    try (ServerUnderTest server = server(rules -> rules.withPop3(false));
        LogLines log = new LogLines();
        RawPeer peer = server.plain();
        RawPeer other = server.plain()) {
      assertEquals(WRONG, pass(peer, "alice", "x"));
      assertEquals(NO_POP3, pass(peer, "alice", Logins.PASSWORD));
      assertEquals(
          "login failed: user=\"alice\" rip=127.0.0.1 method=PASS: POP3 is switched off",
          log.await("login failed"));
      assertEquals(WRONG, sasl(other, "alice", "x"));
      assertEquals(NO_POP3, sasl(other, "alice+Junk", Logins.PASSWORD));
      ServerUnderTest.login(other, "bob");
    }
  }

  @Test
  @DisplayName("a read-only maildrop: DELE is refused without end, QUIT deletes nothing")
  void readOnly() throws Exception {
    deliver(3);
    try (ServerUnderTest server = server(rules -> rules.withReadOnly(true))) {
      try (RawPeer peer = server.alice()) {
        assertEquals("-ERR no such message", peer.command("DELE 4"));
        for (int i = 0; i < 25; i++) {
          assertEquals(READ_ONLY, peer.command("DELE 1"));
        }
        assertEquals("+OK 3 33", peer.command("STAT"));
        read(peer, "RETR 1");
        assertEquals("+OK bye", peer.command("QUIT"));
      }
      try (RawPeer peer = server.alice();
          RawPeer bob = ServerUnderTest.login(server.plain(), "bob")) {
        assertEquals("+OK 3 33", peer.command("STAT"));
        assertEquals("-ERR no such message", bob.command("DELE 1"));
      }
    }
  }

  @Test
  @DisplayName("C10, C15: read only with EXPIRE 0: nothing goes at QUIT, and CAPA says NEVER")
  void readOnlyAndExpireZero() throws Exception {
    deliver(2);
    MailPolicy policy = MailPolicy.defaults().withExpire(new Expiry(0));
    try (ServerUnderTest server = server(policy, rules -> rules.withReadOnly(true))) {
      for (int i = 0; i < 2; i++) {
        try (RawPeer peer = server.alice()) {
          assertTrue(read(peer, "CAPA").contains("EXPIRE NEVER"));
          assertEquals("+OK 2 22", peer.command("STAT"));
          read(peer, "RETR 1");
          assertEquals("+OK bye", peer.command("QUIT"));
        }
      }
    }
  }

  @Test
  @DisplayName("so many sessions of a user at a time, folders counted in, and no more")
  void maxSessions() throws Exception {
    folder("Junk");
    folder("Lists.dev");
    try (ServerUnderTest server = server(rules -> rules.withMaxSessions(2));
        RawPeer first = server.alice();
        RawPeer second = ServerUnderTest.login(server.plain(), "alice+Junk");
        RawPeer third = server.plain();
        RawPeer bob = ServerUnderTest.login(server.plain(), "bob")) {
      assertEquals(WRONG, pass(third, "alice+Lists.dev", "x"));
      assertEquals(TOO_MANY, pass(third, "alice+Lists.dev", Logins.PASSWORD));
      assertEquals("+OK done", bob.command("NOOP"));
      assertEquals("+OK bye", first.command("QUIT"));
      assertTrue(pass(third, "alice+Lists.dev", Logins.PASSWORD).startsWith("+OK "));
      assertEquals("+OK done", second.command("NOOP"));
    }
  }

  @Test
  @DisplayName("K7: who may have one session can take it over from a dead client")
  void takeOver() throws Exception {
    store =
        new TroubledStore(
            new LeaseSettings(
                LeaseSettings.Policy.TAKE_OVER, Duration.ofSeconds(10), Duration.ZERO));
    try (ServerUnderTest server = server(rules -> rules.withMaxSessions(1));
        RawPeer first = server.alice();
        RawPeer second = server.alice()) {
      assertEquals("+OK done", second.command("NOOP"));
      assertTrue(first.isAtEnd());
    }
  }

  private void folder(String name) {
    store.memory.deliver(
        new MaildropAddress(Logins.ALICE, Optional.of(FolderName.of(name)), Optional.empty()),
        "x\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  @DisplayName("a user's logins wait as long as the rules say; a wrong password does not show it")
  void delay() throws Exception {
    Duration delay = Duration.ofMillis(1500);
    try (ServerUnderTest server = server(rules -> rules.withDelay(delay));
        RawPeer peer = server.plain()) {
      assertEquals(WRONG, pass(peer, "alice", "x"));
      long before = System.nanoTime();
      ServerUnderTest.login(peer, "alice");
      assertTrue(System.nanoTime() - before >= delay.toNanos());
    }
  }

  @Test
  @DisplayName("a client that goes while its login waits leaves no lease behind")
  void goneWhileWaiting() throws Exception {
    try (ServerUnderTest server = server(rules -> rules.withDelay(Duration.ofSeconds(2)))) {
      try (RawPeer peer = server.plain()) {
        peer.send("USER alice\r\nPASS " + Logins.PASSWORD + "\r\n");
        assertEquals("+OK send PASS", peer.readLine());
      }
      server.awaitNoSession();
      server.alice().close();
    }
  }

  @Test
  @DisplayName("so many messages a day, over sessions; refused RETRs do not end the session")
  void messagesPerDay() throws Exception {
    deliver(4);
    try (ServerUnderTest server = server(rules -> rules.withMessagesPerDay(3))) {
      try (RawPeer peer = server.alice()) {
        read(peer, "RETR 1");
        read(peer, "TOP 1 0");
        read(peer, "RETR 2");
        assertEquals("-ERR no such message", peer.command("RETR 9"));
        assertEquals("+OK bye", peer.command("QUIT"));
      }
      try (RawPeer peer = server.alice()) {
        read(peer, "RETR 3");
        for (int i = 0; i < 25; i++) {
          assertEquals(ENOUGH, peer.command("RETR 4"));
        }
        assertEquals(ENOUGH, peer.command("TOP 4 1"));
        assertEquals("+OK 4 44", peer.command("STAT"));
        assertEquals("+OK message marked as deleted", peer.command("DELE 1"));
        assertEquals("+OK bye", peer.command("QUIT"));
      }
      try (RawPeer peer = server.alice()) {
        assertEquals("+OK 3 33", peer.command("STAT"));
      }
    }
  }

  @Test
  @DisplayName("so many octets a day: the message that goes over is whole, the next is refused")
  void octetsPerDay() throws Exception {
    deliver(4);
    try (ServerUnderTest server = server(rules -> rules.withOctetsPerDay(new OctetSize(20)));
        RawPeer peer = server.alice();
        RawPeer other = server.plain()) {
      read(peer, "RETR 1");
      assertEquals(List.of("x: y", "", "2"), read(peer, "RETR 2").subList(1, 4));
      peer.send("RETR 3\r\nLIST 3\r\n");
      assertEquals(ENOUGH, peer.readLine());
      assertEquals("+OK 3 11", peer.readLine());
      assertEquals("+OK bye", peer.command("QUIT"));
      ServerUnderTest.login(other, "alice");
      assertEquals(ENOUGH, other.command("RETR 1"));
    }
  }

  @Test
  @DisplayName("I7: what is refused is said in the client's language")
  void otherLanguages() throws Exception {
    try (ServerUnderTest server = server(rules -> rules.withPop3(false));
        RawPeer peer = server.plain()) {
      assertTrue(peer.command("LANG de").startsWith("+OK de "));
      byte[] plain = ("\0alice\0" + Logins.PASSWORD).getBytes(StandardCharsets.US_ASCII);
      assertEquals(
          "-ERR [AUTH] dieses Konto darf POP3 nicht benutzen",
          peer.command("AUTH PLAIN " + Base64.getEncoder().encodeToString(plain)));
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.fermoposta.pop3.server.maildrop.FolderName;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.policy.Expiry;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.RawPeer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** EXPIRE and LOGIN-DELAY as clients meet them. */
@ExtendWith(LeakExtension.class)
final class RetentionTest {
  private final TroubledStore store = new TroubledStore();

  private ServerUnderTest server(MailPolicy alice) {
    return ServerUnderTest.cleartext(store, new Logins(alice));
  }

  private static MailPolicy expire(int days) {
    return MailPolicy.defaults().withExpire(new Expiry(days));
  }

  @Test
  @DisplayName("C5, C10, C15: before login the strictest of all and USER, after it the user's own")
  void capabilities() throws Exception {
    MailPolicy policy = expire(30).withLoginDelay(Duration.ofMinutes(5));
    try (ServerUnderTest server = server(policy);
        RawPeer alice = server.plain();
        RawPeer bob = server.plain()) {
      assertEquals(List.of("LOGIN-DELAY 300 USER", "EXPIRE 30 USER"), retention(alice));
      ServerUnderTest.login(alice, "alice");
      assertEquals(List.of("LOGIN-DELAY 300", "EXPIRE 30"), retention(alice));
      ServerUnderTest.login(bob, "bob");
      assertEquals(List.of("LOGIN-DELAY 0", "EXPIRE NEVER"), retention(bob));
    }
  }

  @Test
  @DisplayName("C10: without any policy mail never expires, and no delay is spoken of")
  void capabilitiesByDefault() throws Exception {
    try (ServerUnderTest server = ServerUnderTest.cleartext(store);
        RawPeer peer = server.plain()) {
      assertEquals(List.of("EXPIRE NEVER"), retention(peer));
      ServerUnderTest.login(peer, "alice");
      assertEquals(List.of("EXPIRE NEVER"), retention(peer));
    }
  }

  @Test
  @DisplayName(
      "T19, T20, T33, U1: EXPIRE 0 removes at QUIT what RETR sent whole; TOP sends all, not counted")
  void expireZero() throws Exception {
    deliverFive();
    try (ServerUnderTest server = server(expire(0))) {
      try (RawPeer peer = server.alice()) {
        assertEquals(List.of("EXPIRE 0"), retention(peer));
        read(peer, "RETR 2");
        assertEquals(List.of("3"), read(peer, "TOP 3 1000").subList(2, 3));
        read(peer, "RETR 4");
        peer.command("DELE 4");
        peer.command("DELE 5");
        peer.command("RSET");
        peer.command("DELE 1");
        assertEquals("+OK 4 36", peer.command("STAT"));
        assertEquals("+OK bye", peer.command("QUIT"));
      }
      try (RawPeer peer = server.alice()) {
        assertEquals("+OK 2 18", peer.command("STAT"));
        assertEquals(List.of("3"), read(peer, "RETR 1").subList(2, 3));
        assertEquals(List.of("5"), read(peer, "RETR 2").subList(2, 3));
      }
    }
  }

  @Test
  @DisplayName("T19, U3: EXPIRE 0 removes nothing when the session ends without QUIT")
  void expireZeroWithoutQuit() throws Exception {
    deliverFive();
    try (ServerUnderTest server = server(expire(0))) {
      try (RawPeer peer = server.alice()) {
        read(peer, "RETR 1");
      }
      store.awaitReleased();
      try (RawPeer peer = server.alice()) {
        assertTrue(peer.command("STAT").startsWith("+OK 5 "));
      }
    }
  }

  @Test
  @DisplayName("T19: with any other EXPIRE, RETR removes nothing")
  void retrievedIsKept() throws Exception {
    deliverFive();
    try (ServerUnderTest server = server(expire(1));
        RawPeer peer = server.alice()) {
      read(peer, "RETR 1");
      assertEquals("+OK bye", peer.command("QUIT"));
      try (RawPeer again = server.alice()) {
        assertTrue(again.command("STAT").startsWith("+OK 5 "));
      }
    }
  }

  @Test
  @DisplayName("nothing expires in a folder")
  void folders() throws Exception {
    store.memory.deliver(
        new MaildropAddress(Logins.ALICE, Optional.of(FolderName.of("Junk")), Optional.empty()),
        "x\r\n".getBytes(StandardCharsets.US_ASCII));
    try (ServerUnderTest server = server(expire(0))) {
      for (int i = 0; i < 2; i++) {
        try (RawPeer peer = ServerUnderTest.login(server.plain(), "alice+Junk")) {
          assertEquals(List.of("EXPIRE NEVER"), retention(peer));
          read(peer, "RETR 1");
          assertEquals("+OK bye", peer.command("QUIT"));
        }
      }
    }
  }

  @Test
  @DisplayName(
      "R2, C15: a login before its time is refused, after PASS and AUTH, never for a guess")
  void loginDelay() throws Exception {
    String tooEarly = "-ERR [LOGIN-DELAY] logins have to be 3600 s apart";
    MailPolicy policy = MailPolicy.defaults().withLoginDelay(Duration.ofHours(1));
    try (ServerUnderTest server = server(policy);
        RawPeer second = server.plain();
        RawPeer third = server.plain()) {
      server.alice().close();
      store.awaitReleased();
      assertEquals("+OK send PASS", second.command("USER alice"));
      assertEquals(tooEarly, second.command("PASS " + Logins.PASSWORD));
      second.command("USER alice");
      assertEquals("-ERR [AUTH] wrong user name or password", second.command("PASS x"));
      byte[] plain = ("\0alice\0" + Logins.PASSWORD).getBytes(StandardCharsets.US_ASCII);
      assertEquals(
          tooEarly, third.command("AUTH PLAIN " + Base64.getEncoder().encodeToString(plain)));
      ServerUnderTest.login(third, "bob");
    }
  }

  private void deliverFive() {
    for (int i = 1; i <= 5; i++) {
      store.deliver(Logins.ALICE, "x: y\r\n" + i + "\r\n");
    }
  }

  private static List<String> retention(RawPeer peer) throws IOException {
    return read(peer, "CAPA").stream()
        .filter(line -> line.startsWith("EXPIRE") || line.startsWith("LOGIN-DELAY"))
        .toList();
  }

  private static List<String> read(RawPeer peer, String command) throws IOException {
    List<String> lines = new java.util.ArrayList<>();
    lines.add(peer.command(command));
    assertTrue(lines.get(0).startsWith("+OK"), lines.get(0));
    for (String line = peer.readLine(); !line.equals("."); line = peer.readLine()) {
      lines.add(line);
    }
    return lines;
  }
}

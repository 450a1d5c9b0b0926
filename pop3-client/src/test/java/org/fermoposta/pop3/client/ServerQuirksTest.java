// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import static org.fermoposta.pop3.client.Servers.capabilities;
import static org.fermoposta.pop3.client.Servers.expect;
import static org.fermoposta.pop3.client.Servers.expectEnd;
import static org.fermoposta.pop3.client.Servers.greet;
import static org.fermoposta.pop3.client.Servers.login;
import static org.fermoposta.pop3.client.Servers.open;
import static org.fermoposta.pop3.client.Servers.plain;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.fermoposta.pop3.protocol.UniqueId;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.fermoposta.pop3.testkit.RawPeer;
import org.fermoposta.pop3.testkit.ScriptedServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What real servers do in their own way: the right result, or a typed error in time. */
@ExtendWith(LeakExtension.class)
class ServerQuirksTest {
  @Test
  @DisplayName("Gmail: PIPELINING told after the login only is used; its kind and delay are known")
  void gmail() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  peer.sendLine("+OK Gpop ready for requests from 192.0.2.1 x12mb3456");
                  capabilities(peer, "USER", "EXPIRE 0", "LOGIN-DELAY 300", "X-GOOGLE-RICO");
                  expect(peer, "USER alice", "+OK send PASS");
                  expect(peer, "PASS open sesame", "+OK Welcome.");
                  capabilities(peer, "USER", "EXPIRE 0", "LOGIN-DELAY 300", "UIDL", "PIPELINING");
                  expect(peer, "NOOP");
                  expect(peer, "STAT", "+OK\r\n+OK 0 0");
                });
        BlockingPop3Session session =
            Pop3Client.open(plain(server).serverMemory(ServerMemory.create()).build())) {
      assertEquals(
          Set.of(Quirk.SHOWS_MAIL_IN_PARTS, Quirk.HIDES_WHAT_WAS_RETRIEVED),
          session.async().quirks());
      assertEquals(300, session.capabilities().loginDelaySeconds().orElseThrow());
      CompletableFuture<?> noop = session.async().noop();
      assertEquals(0, session.stat().messages());
      noop.join();
    }
  }

  @Test
  @DisplayName("Exchange: no first message with AUTH, of any mechanism")
  void exchangeTwoSteps() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  peer.sendLine("+OK The Microsoft Exchange POP3 service is ready. [QQBCAA==]");
                  capabilities(peer, "TOP", "UIDL", "SASL PLAIN NTLM", "STLS");
                  expect(peer, "AUTH PLAIN", "+");
                  expect(peer, "AGFsaWNlAG9wZW4gc2VzYW1l", "+OK User successfully logged on.");
                  capabilities(peer, "TOP", "UIDL");
                });
        BlockingPop3Session session = open(server)) {
      assertTrue(session.async().quirks().contains(Quirk.CLOSES_WHEN_IDLE));
    }
  }

  @Test
  @DisplayName("Exchange: an empty line for an answer is a protocol failure, not a wait")
  void exchangeEmptyAnswer() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "DELE 1", "");
                  expectEnd(peer);
                });
        BlockingPop3Session session = open(server)) {
      assertThrows(Pop3ProtocolFailureException.class, () -> session.delete(1));
    }
  }

  @Test
  @DisplayName("Exchange 2000: no line end before the final dot is a timeout, and no message")
  void noLineEndBeforeTheDot() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              login(peer);
              expect(peer, "RETR 1", "+OK\r\nthe last line.");
              expectEnd(peer);
            })) {
      Duration patience = Servers.PATIENCE;
      Pop3ClientConfig config =
          plain(server)
              .timeouts(
                  new Pop3Timeouts(patience, patience, patience, Duration.ofMillis(200), patience))
              .build();
      try (BlockingPop3Session session = Pop3Client.open(config)) {
        assertEquals(
            Phase.BODY,
            assertThrows(
                    Pop3TimeoutException.class,
                    () -> session.retrieve(1, MessageSinks.toByteArray(100)))
                .phase());
      }
    }
  }

  @Test
  @DisplayName("CAPA answered by +OK and nothing more: once more without it, after a short while")
  void bareCapa() throws Exception {
    ScriptedServer.Script silent =
        peer -> {
          peer.sendLine("+OK");
          expect(peer, "CAPA", "+OK");
          expectEnd(peer);
        };
    try (ScriptedServer server = ScriptedServer.start(silent, ServerQuirksTest::loginWithoutCapa)) {
      Duration patience = Servers.PATIENCE;
      Pop3ClientConfig config =
          plain(server)
              .timeouts(
                  new Pop3Timeouts(patience, patience, Duration.ofMillis(500), patience, patience))
              .build();
      try (BlockingPop3Session session = Pop3Client.open(config)) {
        assertEquals(CommitResult.CONFIRMED, session.quit());
      }
    }
  }

  @Test
  @DisplayName("C4: CAPA that closes the connection: once more without it")
  void capaCloses() throws Exception {
    ScriptedServer.Script closing =
        peer -> {
          peer.sendLine("+OK");
          expect(peer, "CAPA");
        };
    try (ScriptedServer server =
        ScriptedServer.start(closing, ServerQuirksTest::loginWithoutCapa)) {
      try (BlockingPop3Session session = open(server)) {
        assertEquals(CommitResult.CONFIRMED, session.quit());
      }
    }
  }

  @Test
  @DisplayName("CL12: cut off at CAPA and no way without it: told as what it was, nothing in clear")
  void cutOffAtCapa() throws Exception {
    ScriptedServer.Script closing =
        peer -> {
          peer.sendLine("+OK");
          expect(peer, "CAPA");
        };
    try (ScriptedServer server =
        ScriptedServer.start(
            closing,
            peer -> {
              peer.sendLine("+OK");
              expectEnd(peer);
            })) {
      Pop3ConnectionLostException lost =
          assertThrows(
              Pop3ConnectionLostException.class,
              () -> Pop3Client.open(plain(server).allowClearPassword(false).build()));
      assertEquals(Phase.CAPABILITIES, lost.phase());
    }
  }

  @Test
  @DisplayName("CAPA with blank lines, dotted lines and unknown tags: what is known is taken")
  void strangeCapa() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  peer.sendLine("+OK");
                  expect(peer, "CAPA", "+OK\r\n\r\n..\r\n USER \r\nX..Y\r\nuidl  now\r\n.");
                  expect(peer, "USER alice", "+OK");
                  expect(peer, "PASS open sesame", "+OK");
                  expect(peer, "CAPA", "-ERR not now");
                });
        BlockingPop3Session session = open(server)) {
      assertTrue(session.capabilities().has("UIDL"));
    }
  }

  @Test
  @DisplayName("AOL: the connection is dropped with the refusal, or instead of one")
  void dropsAtRefusal() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              greet(peer);
              expect(peer, "USER alice", "+OK");
              expect(peer, "PASS open sesame", "-ERR [AUTH] (#MBR1212) Incorrect");
            },
            peer -> {
              greet(peer);
              expect(peer, "USER alice", "+OK");
              expect(peer, "PASS open sesame");
            })) {
      assertEquals(
          Pop3LoginException.Reason.CREDENTIALS,
          assertThrows(Pop3LoginException.class, () -> open(server)).reason());
      assertEquals(
          Phase.LOGIN, assertThrows(Pop3ConnectionLostException.class, () -> open(server)).phase());
    }
  }

  @Test
  @DisplayName("Dovecot: two octets more than LIST tells, and an expunged message, do no harm")
  void dovecot() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  peer.sendLine("+OK Dovecot (Debian) ready.");
                  capabilities(peer, "USER", "UIDL");
                  expect(peer, "USER alice", "+OK");
                  expect(peer, "PASS open sesame", "+OK Logged in.");
                  capabilities(peer, "USER", "UIDL");
                  expect(peer, "LIST", "+OK 2 messages:\r\n1 3\r\n2 9\r\n.");
                  expect(peer, "RETR 1", "+OK 3 octets\r\nabc\r\n.");
                  expect(peer, "RETR 2", "-ERR Message 2 expunged.");
                  expect(peer, "NOOP", "+OK");
                });
        BlockingPop3Session session = open(server)) {
      session.sizes();
      assertEquals("abc\r\n", Octets.latin1(session.retrieve(1, MessageSinks.toByteArray(100))));
      assertThrows(
          Pop3CommandException.class, () -> session.retrieve(2, MessageSinks.toByteArray(100)));
      session.noop();
      assertEquals(Set.of(Quirk.TELLS_WRONG_SIZES), session.async().quirks());
    }
  }

  @Test
  @DisplayName("Dovecot: an APOP timestamp with plus, slash and equals sign is a msg-id")
  void dovecotTimestamp() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.sendLine("+OK Dovecot ready. <1.8.66f.Zm9v+/YQ==@mail.example.org>");
              capabilities(peer, "USER");
              assertTrue(peer.readLine().startsWith("APOP alice "));
              peer.sendLine("+OK");
              capabilities(peer);
            })) {
      Pop3Client.open(plain(server).apop(true).build()).close();
    }
  }

  @Test
  @DisplayName("qmail-pop3d: no CAPA, an empty line more, and a QUIT that is answered twice")
  void qmail() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.sendLine("+OK <4711.1700000000@mail.example.org>");
              expect(peer, "CAPA", "-ERR unimplemented");
              expect(peer, "USER alice", "+OK ");
              expect(peer, "PASS open sesame", "+OK ");
              expect(peer, "RETR 1", "+OK \r\nSubject: x\r\n\r\ntext\r\n\r\n.");
              expect(peer, "DELE 1", "+OK ");
              expect(peer, "QUIT", "-ERR unable to unlink all deleted messages\r\n+OK ");
            })) {
      try (BlockingPop3Session session = open(server)) {
        assertTrue(session.async().quirks().contains(Quirk.ANSWERS_QUIT_REPEATEDLY));
        assertEquals(
            "Subject: x\r\n\r\ntext\r\n\r\n",
            Octets.latin1(session.retrieve(1, MessageSinks.toByteArray(100))));
        session.delete(1);
        assertEquals(CommitResult.REFUSED, session.quit());
      }
    }
  }

  @Test
  @DisplayName("Courier: listings behind DELE that number from 1 again are put right")
  void courierRenumbers() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  peer.sendLine("+OK Hello there.");
                  capabilities(peer, "UIDL", "USER", "IMPLEMENTATION Courier Mail Server");
                  expect(peer, "USER alice", "+OK Password required.");
                  expect(peer, "PASS open sesame", "+OK logged in.");
                  capabilities(peer, "UIDL", "IMPLEMENTATION Courier Mail Server");
                  expect(peer, "LIST", "+OK\r\n1 10\r\n2 20\r\n3 30\r\n4 40\r\n.");
                  expect(peer, "DELE 1", "+OK");
                  expect(peer, "DELE 3", "+OK");
                  expect(peer, "LIST", "+OK\r\n1 20\r\n2 40\r\n.");
                  expect(peer, "UIDL", "+OK\r\n1 UID2-1\r\n2 ENOMEM-4\r\n.");
                  expect(peer, "RSET", "+OK");
                  expect(peer, "LIST", "+OK\r\n1 10\r\n2 20\r\n3 30\r\n4 40\r\n.");
                });
        BlockingPop3Session session = open(server)) {
      assertEquals(
          Set.of(Quirk.RENUMBERS_AFTER_DELETE, Quirk.TELLS_ERRORS_AS_UNIQUE_IDS),
          session.async().quirks());
      session.sizes();
      session.delete(1);
      session.delete(3);
      MailListing left = session.list();
      assertEquals(2, left.count());
      assertEquals(20, left.octets(left.indexOf(2)));
      assertEquals(40, left.octets(left.indexOf(4)));
      assertEquals(-1, left.indexOf(1));
      assertEquals("UID2-1", left.uniqueId(left.indexOf(2)).map(UniqueId::value).orElseThrow());
      assertEquals("ENOMEM-4", left.uniqueId(left.indexOf(4)).map(UniqueId::value).orElseThrow());
      session.reset();
      assertEquals(4, session.sizes().count());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1 10\r\n2 20\r\n3 30\r\n", "1 10\r\n3 30\r\n", "3 30\r\n"})
  @DisplayName("T7: a listing that holds what was deleted, and not by renumbering, is no listing")
  void listsTheDeleted(String lines) throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "LIST", "+OK\r\n1 10\r\n2 20\r\n3 30\r\n4 40\r\n.");
                  expect(peer, "DELE 3", "+OK");
                  expect(peer, "DELE 1", "+OK");
                  expect(peer, "LIST", "+OK\r\n" + lines + ".");
                  expectEnd(peer);
                });
        BlockingPop3Session session = open(server)) {
      session.sizes();
      session.delete(3);
      session.delete(1);
      assertThrows(Pop3ProtocolFailureException.class, session::sizes);
    }
  }

  @Test
  @DisplayName("the last messages deleted: the rest has the same numbers either way")
  void deletedAtTheEnd() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "LIST", "+OK\r\n1 10\r\n2 20\r\n3 30\r\n.");
                  expect(peer, "DELE 3", "+OK");
                  expect(peer, "LIST", "+OK\r\n1 10\r\n2 20\r\n.");
                });
        BlockingPop3Session session = open(server)) {
      session.sizes();
      session.delete(3);
      assertEquals(2, session.sizes().count());
    }
  }

  @Test
  @DisplayName("UIDL with three blanks, with +OK in each line, with gaps, long and 8-bit ones")
  void strangeUniqueIds() throws Exception {
    String id = "i".repeat(300);
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(
                      peer,
                      "UIDL",
                      "+OK\r\n1   a\r\n+OK 3 c\r\n7 " + id + "\r\n9 \u00e9\u00ff\r\n.");
                });
        BlockingPop3Session session = open(server)) {
      MailListing ids = session.uniqueIds();
      assertEquals(
          List.of("a", "c", id, "\u00e9\u00ff"),
          IntStream.range(0, ids.count())
              .mapToObj(i -> ids.uniqueId(i).orElseThrow().value())
              .toList());
      assertEquals(7, ids.messageNumber(2));
    }
  }

  @Test
  @DisplayName("Maillennium: a TOP that is cut is what came, and the session goes on")
  void cutTop() throws Exception {
    String cut = "x".repeat(65_000);
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  peer.sendLine("+OK Maillennium POP3/PROXY server #3");
                  capabilities(peer, "TOP");
                  expect(peer, "USER alice", "+OK");
                  expect(peer, "PASS open sesame", "+OK");
                  capabilities(peer, "TOP");
                  expect(peer, "TOP 1 99999999", "+OK\r\n" + cut + "\r\n.");
                  expect(peer, "NOOP", "+OK");
                });
        BlockingPop3Session session = open(server)) {
      assertEquals(
          cut + "\r\n",
          Octets.latin1(session.top(1, 99_999_999, MessageSinks.toByteArray(100_000))));
      assertEquals(Set.of(Quirk.CUTS_TOP), session.async().quirks());
      session.noop();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-ERR login allowed only every 15 minutes", "-ERR Download exceed the limit"})
  @DisplayName("CL7: free text is shown, and nothing is read into it")
  void freeText(String refusal) throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "STAT", refusal);
                  expect(peer, "NOOP", "+OK");
                });
        BlockingPop3Session session = open(server)) {
      Pop3CommandException refused = assertThrows(Pop3CommandException.class, session::stat);
      assertEquals(refusal.substring("-ERR ".length()), refused.serverText());
      assertTrue(refused.code().isEmpty());
      assertTrue(!refused.isTransient());
      session.noop();
    }
  }

  @Test
  @DisplayName("CL13: a server whose greeting ends in a bare LF is one of bare LFs")
  void bareLineFeeds() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.send("+OK\n");
              lf(peer, "CAPA", "-ERR\n");
              lf(peer, "USER alice", "+OK\n");
              lf(peer, "PASS open sesame", "+OK\n");
              lf(peer, "LIST", "+OK\n1 5\n.\n");
              lf(peer, "RETR 1", "+OK\na\n..b\n.\n");
              lf(peer, "QUIT", "+OK\n");
            })) {
      try (BlockingPop3Session session = open(server)) {
        assertEquals(1, session.sizes().count());
        assertEquals("a\n.b\n", Octets.latin1(session.retrieve(1, MessageSinks.toByteArray(100))));
        assertEquals(CommitResult.CONFIRMED, session.quit());
      }
    }
  }

  @Test
  @DisplayName("CL1: a server whose greeting ends in CRLF ends no message by a bare LF later")
  void strictLater() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "RETR 1", "+OK\r\na\n.\n+OK\r\n.");
                });
        BlockingPop3Session session = open(server)) {
      assertEquals(
          "a\n.\n+OK\r\n", Octets.latin1(session.retrieve(1, MessageSinks.toByteArray(100))));
    }
  }

  private static void lf(RawPeer peer, String command, String answer) throws IOException {
    assertEquals(command, peer.readLine());
    peer.send(answer);
  }

  private static void loginWithoutCapa(RawPeer peer) throws IOException {
    peer.sendLine("+OK");
    expect(peer, "USER alice", "+OK");
    expect(peer, "PASS open sesame", "+OK");
    expect(peer, "QUIT", "+OK");
  }
}

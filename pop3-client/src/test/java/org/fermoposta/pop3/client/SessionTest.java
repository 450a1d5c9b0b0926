// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import static org.fermoposta.pop3.client.Servers.expect;
import static org.fermoposta.pop3.client.Servers.expectEnd;
import static org.fermoposta.pop3.client.Servers.login;
import static org.fermoposta.pop3.client.Servers.open;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.fermoposta.pop3.protocol.ResponseCode;
import org.fermoposta.pop3.protocol.UniqueId;
import org.fermoposta.pop3.testkit.Fragmenter;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.fermoposta.pop3.testkit.RawPeer;
import org.fermoposta.pop3.testkit.ScriptedServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A session with a server that behaves. */
@ExtendWith(LeakExtension.class)
class SessionTest {
  private static final String WIRE =
      "Subject: dots\r\n\r\n..\r\n...x\r\n.\ry\r\n\r\n..end\r\n.\r\n";
  private static final String MAIL = "Subject: dots\r\n\r\n.\r\n..x\r\n\ry\r\n\r\n.end\r\n";

  @Test
  @DisplayName("every command is sent as it should be and its reply understood")
  void everyCommand() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "STAT", "+OK 3 5000000000 text behind");
                  expect(peer, "LIST", "+OK\r\n1 120\r\n2 4999999000 exactly\r\n4 880\r\n.");
                  expect(peer, "UIDL", "+OK\r\n1 a\r\n2   b\r\n4 c~d\r\n.");
                  expect(peer, "RETR 1", "+OK\r\n" + WIRE.substring(0, WIRE.length() - 2));
                  expect(peer, "TOP 2 5", "+OK\r\nSubject: x\r\n\r\n.");
                  expect(peer, "DELE 4", "+OK gone");
                  expect(peer, "NOOP", "+OK");
                  expect(peer, "RSET", "+OK");
                  expect(peer, "QUIT", "+OK bye");
                  expectEnd(peer);
                });
        BlockingPop3Session session = open(server)) {
      assertEquals(new MaildropStatus(3, 5_000_000_000L), session.stat());
      MailListing listing = session.list();
      assertEquals(3, listing.count());
      assertEquals(4, listing.messageNumber(2));
      assertEquals(4_999_999_000L, listing.octets(1));
      assertEquals(new UniqueId("b"), listing.uniqueId(1).orElseThrow());
      assertEquals(new UniqueId("c~d"), listing.uniqueId(2).orElseThrow());
      assertEquals(MAIL, Octets.latin1(session.retrieve(1, MessageSinks.toByteArray(1000))));
      assertEquals(
          "Subject: x\r\n\r\n", Octets.latin1(session.top(2, 5, MessageSinks.toByteArray(1000))));
      session.delete(4);
      session.noop();
      session.reset();
      assertEquals(CommitResult.CONFIRMED, session.quit());
      assertThrows(Pop3SessionClosedException.class, session::noop);
    }
  }

  @Test
  @DisplayName("CL1: a message comes out the same wherever the network cuts it")
  void everyCut() throws Exception {
    List<Fragmenter.Fragments> ways = Fragmenter.everyWay("+OK it follows\r\n" + WIRE);
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  for (Fragmenter.Fragments way : ways) {
                    expect(peer, "RETR 1");
                    peer.send(way);
                  }
                  expect(peer, "QUIT", "+OK");
                });
        BlockingPop3Session session = open(server)) {
      for (Fragmenter.Fragments way : ways) {
        byte[] mail = session.retrieve(1, MessageSinks.toByteArray(1000));
        assertEquals(MAIL, Octets.latin1(mail), way.name());
      }
      assertEquals(CommitResult.CONFIRMED, session.quit());
    }
  }

  @Test
  @DisplayName("a whole session is understood wherever the network cuts the server's octets")
  void everyCutOfASession() throws Exception {
    String[][] dialogue = {
      {"", "+OK ready\r\n"},
      {"CAPA", "+OK\r\nUSER\r\nUIDL\r\n.\r\n"},
      {"USER alice", "+OK\r\n"},
      {"PASS open sesame", "+OK in\r\n"},
      {"CAPA", "-ERR not now\r\n"},
      {"STAT", "+OK 2 30\r\n"},
      {"LIST", "+OK\r\n1 10\r\n2 20\r\n.\r\n"},
      {"UIDL", "+OK\r\n1 a\r\n2 b\r\n.\r\n"},
      {"RETR 2", "+OK\r\n" + WIRE},
      {"DELE 2", "+OK\r\n"},
      {"QUIT", "-ERR\r\n"}
    };
    int longest = 80;
    try (ScriptedServer server =
        ScriptedServer.start(
            IntStream.rangeClosed(1, longest)
                .<ScriptedServer.Script>mapToObj(size -> peer -> play(peer, dialogue, size))
                .toArray(ScriptedServer.Script[]::new))) {
      for (int size = 1; size <= longest; size++) {
        try (BlockingPop3Session session = open(server)) {
          assertEquals(new MaildropStatus(2, 30), session.stat());
          MailListing listing = session.list();
          assertEquals("b", listing.uniqueId(1).orElseThrow().value());
          assertEquals(MAIL, Octets.latin1(session.retrieve(2, MessageSinks.toByteArray(1000))));
          session.delete(2);
          assertEquals(CommitResult.REFUSED, session.quit());
        }
      }
    }
  }

  /** Pieces of one size: size 1 is octet by octet, the others cut at every point of some line. */
  private static void play(RawPeer peer, String[][] dialogue, int size) throws IOException {
    for (String[] turn : dialogue) {
      if (!turn[0].isEmpty()) {
        expect(peer, turn[0]);
      }
      peer.send(Fragmenter.everyNth(Octets.latin1(turn[1]), size));
    }
  }

  @Test
  @DisplayName("N096: -ERR to one command is told by its code, and the session goes on")
  void refusal() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "RETR 7", "-ERR [SYS/TEMP] disk \u001b[31m trouble");
                  expect(peer, "DELE 7", "-ERR no such message");
                  expect(peer, "NOOP", "+OK");
                });
        BlockingPop3Session session = open(server)) {
      Pop3CommandException refused =
          assertThrows(
              Pop3CommandException.class, () -> session.retrieve(7, MessageSinks.toByteArray(10)));
      assertEquals(ResponseCode.SYS_TEMP, refused.code().orElseThrow());
      assertEquals("RETR", refused.command());
      assertTrue(refused.isTransient());
      assertFalse(String.valueOf(refused.getMessage()).contains("\u001b"), "text is escaped");
      Pop3CommandException plain =
          assertThrows(Pop3CommandException.class, () -> session.delete(7));
      assertFalse(plain.isTransient());
      session.noop();
    }
  }

  @Test
  @DisplayName("commands may be issued at once; they are answered in order")
  void inOrder() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              login(peer);
              for (int n = 1; n <= 50; n++) {
                expect(peer, "RETR " + n, "+OK\r\n" + n + "\r\n.");
              }
              expect(peer, "QUIT", "+OK");
            })) {
      Pop3Session session =
          Pop3Client.connect(Servers.plain(server).build()).get(20, TimeUnit.SECONDS);
      List<CompletableFuture<byte[]>> mails = new ArrayList<>();
      for (int n = 1; n <= 50; n++) {
        mails.add(session.retrieve(n, MessageSinks.toByteArray(100)));
      }
      CompletableFuture<CommitResult> quit = session.quit();
      for (int n = 1; n <= 50; n++) {
        assertEquals(n + "\r\n", Octets.latin1(mails.get(n - 1).get(20, TimeUnit.SECONDS)));
      }
      assertEquals(CommitResult.CONFIRMED, quit.get(20, TimeUnit.SECONDS));
    }
  }

  @Test
  @DisplayName("CL5: without UIDL a listing has sizes only")
  void noUidl() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "LIST", "+OK\r\n1 10\r\n.");
                  expect(peer, "UIDL", "-ERR unknown command");
                });
        BlockingPop3Session session = open(server)) {
      MailListing listing = session.list();
      assertEquals(1, listing.count());
      assertFalse(listing.hasUniqueIds());
      assertTrue(listing.uniqueId(0).isEmpty());
    }
  }

  @Test
  @DisplayName("CL3: QUIT without a clear yes is told as what it is")
  void quit() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              login(peer);
              expect(peer, "QUIT", "-ERR some deleted messages not removed\r\n-ERR\r\n+OK");
            },
            peer -> {
              login(peer);
              expect(peer, "QUIT");
            },
            peer -> {
              login(peer);
              expectEnd(peer);
            })) {
      try (BlockingPop3Session refused = open(server)) {
        assertEquals(CommitResult.REFUSED, refused.quit());
      }
      try (BlockingPop3Session uncertain = open(server)) {
        assertEquals(CommitResult.UNCERTAIN, uncertain.quit());
      }
      BlockingPop3Session closed = open(server);
      closed.close();
      assertThrows(Pop3SessionClosedException.class, closed::quit);
    }
  }

  @Test
  @DisplayName("close commits nothing: no QUIT is sent, what is outstanding fails")
  void close() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              login(peer);
              expect(peer, "DELE 1", "+OK");
              expect(peer, "STAT");
              asked.countDown();
              expectEnd(peer);
            })) {
      Pop3Session session =
          Pop3Client.connect(Servers.plain(server).build()).get(20, TimeUnit.SECONDS);
      session.delete(1).get(20, TimeUnit.SECONDS);
      CompletableFuture<MaildropStatus> stat = session.stat();
      CompletableFuture<?> waiting = session.noop();
      assertTrue(asked.await(20, TimeUnit.SECONDS));
      session.close();
      for (CompletableFuture<?> outstanding : List.of(stat, waiting)) {
        ExecutionException failure =
            assertThrows(ExecutionException.class, () -> outstanding.get(20, TimeUnit.SECONDS));
        assertEquals(
            Pop3SessionClosedException.class,
            Objects.requireNonNull(failure.getCause()).getClass());
      }
    }
  }

  @Test
  @DisplayName("a cancelled command that was not sent is never sent; the others go on")
  void cancel() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              login(peer);
              expect(peer, "STAT");
              assertTrue(cancelled.await(20, TimeUnit.SECONDS));
              peer.sendLine("+OK 1 2");
              expect(peer, "NOOP", "+OK");
            })) {
      Pop3Session session =
          Pop3Client.connect(Servers.plain(server).build()).get(20, TimeUnit.SECONDS);
      CompletableFuture<MaildropStatus> stat = session.stat();
      CompletableFuture<?> delete = session.delete(1);
      CompletableFuture<?> noop = session.noop();
      assertTrue(delete.cancel(true));
      cancelled.countDown();
      assertEquals(new MaildropStatus(1, 2), stat.get(20, TimeUnit.SECONDS));
      noop.get(20, TimeUnit.SECONDS);
      session.close();
    }
  }

  @Test
  @DisplayName("an interrupt ends a blocking call, and the session goes on")
  void interrupt() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    Thread caller = Thread.currentThread();
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "RETR 1", "+OK\r\nhalf of it");
                  caller.interrupt();
                  assertTrue(interrupted.await(20, TimeUnit.SECONDS));
                  peer.send("\r\n.\r\n");
                  expect(peer, "STAT", "+OK 1 2");
                });
        BlockingPop3Session session = open(server)) {
      assertThrows(
          InterruptedException.class, () -> session.retrieve(1, MessageSinks.toByteArray(100)));
      interrupted.countDown();
      assertEquals(new MaildropStatus(1, 2), session.stat());
    }
  }
}

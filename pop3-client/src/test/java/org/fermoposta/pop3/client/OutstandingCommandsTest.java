// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import static org.fermoposta.pop3.client.Servers.expect;
import static org.fermoposta.pop3.client.Servers.loginPipelining;
import static org.fermoposta.pop3.client.Servers.plain;
import static org.fermoposta.pop3.client.Servers.staysSilent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.fermoposta.pop3.testkit.ScriptedServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** P9: several commands without a reply, if the server says that it can take them. */
@ExtendWith(LeakExtension.class)
class OutstandingCommandsTest {
  private static final String BODY = "Subject: x\r\n\r\n..dot\r\n";
  private static final String MAIL = "Subject: x\r\n\r\n.dot\r\n";

  @Test
  @DisplayName(
      "with PIPELINING all commands arrive before the first reply, and replies find theirs")
  void commandsDoNotWait() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  loginPipelining(peer);
                  expect(peer, "STAT");
                  expect(peer, "RETR 1");
                  expect(peer, "RETR 2");
                  expect(peer, "DELE 3");
                  expect(peer, "NOOP");
                  peer.send(
                      Octets.latin1(
                          "+OK 3 60\r\n+OK\r\n"
                              + BODY
                              + ".\r\n-ERR gone\r\n+OK deleted\r\n+OK\r\n"));
                  expect(peer, "QUIT", "+OK");
                });
        Pop3Session session = session(server)) {
      CompletableFuture<MaildropStatus> stat = session.stat();
      CompletableFuture<byte[]> first = session.retrieve(1, MessageSinks.toByteArray(1000));
      CompletableFuture<byte[]> second = session.retrieve(2, MessageSinks.toByteArray(1000));
      CompletableFuture<?> dele = session.delete(3);
      CompletableFuture<?> noop = session.noop();
      assertEquals(new MaildropStatus(3, 60), stat.join());
      assertEquals(MAIL, Octets.latin1(first.join()));
      assertInstanceOf(
          Pop3CommandException.class,
          assertThrows(CompletionException.class, second::join).getCause());
      dele.join();
      noop.join();
      assertEquals(CommitResult.CONFIRMED, session.quit().join());
    }
  }

  @Test
  @DisplayName("P9: without PIPELINING one command waits for the other")
  void oneAtATime() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  Servers.login(peer);
                  expect(peer, "NOOP");
                  assertTrue(staysSilent(peer), "a second command");
                  peer.sendLine("+OK");
                  expect(peer, "STAT", "+OK 0 0");
                });
        Pop3Session session = session(server)) {
      CompletableFuture<?> noop = session.noop();
      CompletableFuture<?> stat = session.stat();
      noop.join();
      stat.join();
    }
  }

  @Test
  @DisplayName(
      "QUIT waits for every reply, so that whoever sees a message fail can still not commit")
  void quitWaits() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  loginPipelining(peer);
                  expect(peer, "DELE 1");
                  assertTrue(staysSilent(peer), "QUIT too early");
                  peer.sendLine("-ERR no");
                  expect(peer, "QUIT", "+OK");
                });
        Pop3Session session = session(server)) {
      CompletableFuture<?> dele = session.delete(1);
      CompletableFuture<CommitResult> quit = session.quit();
      assertThrows(CompletionException.class, dele::join);
      assertEquals(CommitResult.CONFIRMED, quit.join());
    }
  }

  @Test
  @DisplayName("credit in commands: the next goes out when one is answered")
  void windowOfCommands() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  loginPipelining(peer);
                  expect(peer, "DELE 1");
                  expect(peer, "DELE 2");
                  assertTrue(staysSilent(peer), "a third command");
                  peer.sendLine("+OK");
                  expect(peer, "DELE 3");
                  assertTrue(staysSilent(peer), "a fourth command");
                  peer.sendLine("+OK\r\n+OK");
                  expect(peer, "DELE 4", "+OK");
                });
        Pop3Session session = open(plain(server).pipelining(2, 1 << 20))) {
      List<CompletableFuture<?>> all = new ArrayList<>();
      for (int number = 1; number <= 4; number++) {
        all.add(session.delete(number));
      }
      all.forEach(CompletableFuture::join);
    }
  }

  @Test
  @DisplayName("credit in octets: by the sizes that LIST told, and one message always goes")
  void windowOfOctets() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  loginPipelining(peer);
                  expect(peer, "LIST", "+OK\r\n1 5000\r\n2 400\r\n3 400\r\n4 400\r\n.");
                  expect(peer, "RETR 1");
                  assertTrue(staysSilent(peer), "behind a large message");
                  peer.send(Octets.latin1("+OK\r\n" + BODY + ".\r\n"));
                  expect(peer, "RETR 2");
                  expect(peer, "RETR 3");
                  assertTrue(staysSilent(peer), "1,200 octets");
                  peer.send(Octets.latin1("+OK\r\n" + BODY + ".\r\n"));
                  expect(peer, "RETR 4");
                  peer.send(Octets.latin1(("+OK\r\n" + BODY + ".\r\n").repeat(2)));
                });
        Pop3Session session = open(plain(server).pipelining(10, 1000))) {
      session.sizes().join();
      List<CompletableFuture<byte[]>> all = new ArrayList<>();
      for (int number = 1; number <= 4; number++) {
        all.add(session.retrieve(number, MessageSinks.toByteArray(1000)));
      }
      for (CompletableFuture<byte[]> each : all) {
        assertEquals(MAIL, Octets.latin1(each.join()));
      }
    }
  }

  @Test
  @DisplayName("sinks that do not store what they got bound what is asked for and what is read")
  void slowSinks() throws Exception {
    int messages = 200;
    String large = "x".repeat(70) + "\r\n";
    String body = large.repeat(1000);
    AtomicInteger sent = new AtomicInteger();
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  loginPipelining(peer);
                  for (int number = 1; number <= messages; number++) {
                    expect(peer, "RETR " + number);
                    peer.send(Octets.latin1("+OK\r\n" + body + ".\r\n"));
                    sent.incrementAndGet();
                  }
                });
        Pop3Session session = open(plain(server).pipelining(8, 10L << 20))) {
      ConcurrentLinkedQueue<Stored> stored = new ConcurrentLinkedQueue<>();
      List<CompletableFuture<Integer>> all = new ArrayList<>();
      CountDownLatch eight = new CountDownLatch(8);
      for (int number = 1; number <= messages; number++) {
        all.add(session.retrieve(number, new Stored(stored, eight)));
      }
      eight.await();
      assertEquals(8, stored.size());
      assertTrue(sent.get() <= 8, sent + " messages were asked for");
      Thread storing =
          new Thread(
              () -> {
                while (!all.get(messages - 1).isDone()) {
                  Stored next = stored.poll();
                  if (next == null) {
                    Thread.onSpinWait();
                  } else {
                    next.done.complete(next.octets);
                  }
                }
              });
      storing.start();
      for (CompletableFuture<Integer> each : all) {
        assertEquals(body.length(), each.join());
      }
      storing.join();
    }
  }

  @Test
  @DisplayName(
      "a message whose sink is busy stops reading, and the one behind it comes all the same")
  void busySinkAmongOthers() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  loginPipelining(peer);
                  expect(peer, "RETR 1");
                  expect(peer, "RETR 2");
                  peer.send(
                      Octets.latin1(
                          "+OK\r\n" + BODY + ".\r\n+OK\r\n" + BODY.repeat(20_000) + ".\r\n"));
                });
        Pop3Session session = session(server)) {
      CompletableFuture<Runnable> resume = new CompletableFuture<>();
      MessageSink<Integer> busy =
          new Stored(new ConcurrentLinkedQueue<>(), new CountDownLatch(1)) {
            @Override
            public void onBegin(Runnable again) {
              resume.complete(again);
            }

            @Override
            public boolean onOctets(ByteBuffer piece) {
              super.onOctets(piece);
              return false;
            }

            @Override
            public CompletionStage<Integer> onComplete() {
              return CompletableFuture.completedFuture(octets);
            }
          };
      CompletableFuture<Integer> first = session.retrieve(1, busy);
      CompletableFuture<byte[]> second = session.retrieve(2, MessageSinks.toByteArray(1 << 20));
      resume.join().run();
      assertEquals(MAIL.length(), first.join());
      assertEquals(MAIL.length() * 20_000, second.join().length);
    }
  }

  @Test
  @DisplayName("P9: a server that loses pipelined commands gets one at a time the next time")
  void falsePromise() throws Exception {
    ServerMemory memory = ServerMemory.create();
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              loginPipelining(peer);
              expect(peer, "NOOP");
              peer.sendLine("+OK");
              assertEquals("STAT\r\nNOOP\r\n", Octets.latin1(peer.readToEnd()));
            },
            peer -> {
              loginPipelining(peer);
              expect(peer, "NOOP");
              assertTrue(staysSilent(peer), "a second command");
              peer.sendLine("+OK");
              expect(peer, "STAT", "+OK 0 0");
            })) {
      Pop3ClientConfig.Builder config =
          plain(server)
              .serverMemory(memory)
              .timeouts(
                  new Pop3Timeouts(
                      Servers.PATIENCE,
                      Servers.PATIENCE,
                      Duration.ofMillis(500),
                      Servers.PATIENCE,
                      Servers.PATIENCE));
      try (Pop3Session session = open(config)) {
        CompletableFuture<?> noop = session.noop();
        CompletableFuture<?> stat = session.stat();
        CompletableFuture<?> third = session.noop();
        noop.join();
        assertInstanceOf(
            Pop3TimeoutException.class,
            assertThrows(CompletionException.class, stat::join).getCause());
        assertThrows(CompletionException.class, third::join);
      }
      assertTrue(memory.knows(config.build().endpoint(), ServerMemory.Trait.PIPELINES_FALSELY));
      try (Pop3Session session = open(plain(server).serverMemory(memory))) {
        CompletableFuture<?> noop = session.noop();
        CompletableFuture<?> stat = session.stat();
        noop.join();
        stat.join();
      }
    }
  }

  @Test
  @DisplayName(
      "the connection ends within a message: it and all behind it fail, those before do not")
  void lostInTheMiddle() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  loginPipelining(peer);
                  expect(peer, "RETR 1");
                  expect(peer, "RETR 2");
                  expect(peer, "RETR 3");
                  peer.send(Octets.latin1("+OK\r\n" + BODY + ".\r\n+OK\r\nSubject: half"));
                });
        Pop3Session session = session(server)) {
      CompletableFuture<byte[]> first = session.retrieve(1, MessageSinks.toByteArray(1000));
      CompletableFuture<byte[]> second = session.retrieve(2, MessageSinks.toByteArray(1000));
      CompletableFuture<byte[]> third = session.retrieve(3, MessageSinks.toByteArray(1000));
      assertEquals(MAIL, Octets.latin1(first.join()));
      for (CompletableFuture<byte[]> lost : List.of(second, third)) {
        assertInstanceOf(
            Pop3ConnectionLostException.class,
            assertThrows(CompletionException.class, lost::join).getCause());
      }
    }
  }

  private static Pop3Session session(ScriptedServer server) {
    return open(plain(server).serverMemory(ServerMemory.create()));
  }

  private static Pop3Session open(Pop3ClientConfig.Builder config) {
    return Pop3Client.connect(config.build()).join();
  }

  /** Counts octets and keeps its message until somebody lets go of it. */
  private static class Stored implements MessageSink<Integer> {
    final CompletableFuture<Integer> done = new CompletableFuture<>();
    private final ConcurrentLinkedQueue<Stored> waiting;
    private final CountDownLatch arrived;
    int octets;

    Stored(ConcurrentLinkedQueue<Stored> waiting, CountDownLatch arrived) {
      this.waiting = waiting;
      this.arrived = arrived;
    }

    @Override
    public boolean onOctets(ByteBuffer piece) {
      octets += piece.remaining();
      return true;
    }

    @Override
    public CompletionStage<Integer> onComplete() {
      waiting.add(this);
      arrived.countDown();
      return done;
    }

    @Override
    public void onAbort(Throwable cause) {
      done.completeExceptionally(cause);
    }
  }
}

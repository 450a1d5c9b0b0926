// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import static org.fermoposta.pop3.client.Servers.expect;
import static org.fermoposta.pop3.client.Servers.login;
import static org.fermoposta.pop3.client.Servers.open;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.fermoposta.pop3.testkit.ScriptedServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A message as a Flow.Publisher, by the rules of Reactive Streams. */
@ExtendWith(LeakExtension.class)
class BodyStreamTest {
  private static final String REPLY = "+OK\r\nSubject: x\r\n\r\n..dot\r\nend\r\n.\r\n";
  private static final String MAIL = "Subject: x\r\n\r\n.dot\r\nend\r\n";

  @Test
  @DisplayName("CL1: a message comes unstuffed and whole, cut at any point; its end is onComplete")
  void whole() throws Exception {
    for (int cut = 0; cut < REPLY.length(); cut++) {
      String first = REPLY.substring(0, cut);
      String second = REPLY.substring(cut);
      try (ScriptedServer server =
              ScriptedServer.start(
                  peer -> {
                    login(peer);
                    expect(peer, "RETR 1");
                    peer.send(first);
                    staysSilentBriefly();
                    peer.send(second);
                  });
          BlockingPop3Session session = open(server)) {
        RecordingSubscriber<ByteBuffer> subscriber = new RecordingSubscriber<>(Long.MAX_VALUE);
        session.async().body(1).subscribe(subscriber);
        assertEquals(MAIL, text(subscriber.awaitComplete()), "cut at " + cut);
      }
    }
  }

  @Test
  @DisplayName("nothing is asked of the server before there is demand")
  void lazy() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  // Not behind an RETR without demand.
                  expect(peer, "NOOP", "+OK");
                  expect(peer, "RETR 1");
                  peer.send(REPLY);
                });
        BlockingPop3Session session = open(server)) {
      RecordingSubscriber<ByteBuffer> subscriber = new RecordingSubscriber<>(0);
      session.async().body(1).subscribe(subscriber);
      session.noop();
      subscriber.request(100);
      assertEquals(MAIL, text(subscriber.awaitComplete()));
    }
  }

  @Test
  @DisplayName("a subscriber that takes one buffer at a time gets them all, without recursion")
  void oneAtATime() throws Exception {
    String mail = "line\r\n".repeat(400_000);
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "RETR 1");
                  peer.send("+OK\r\n" + mail + ".\r\n");
                });
        BlockingPop3Session session = open(server)) {
      RecordingSubscriber<ByteBuffer> subscriber =
          new RecordingSubscriber<>(1) {
            @Override
            void took(ByteBuffer element) {
              request(1);
            }
          };
      session.async().body(1).subscribe(subscriber);
      assertEquals(mail, text(subscriber.awaitComplete()));
    }
  }

  @Test
  @DisplayName("without demand reading stops: what was not asked for stays in the network")
  void backPressure() throws Exception {
    String large = "x".repeat(998) + "\r\n";
    String block = large.repeat(1000);
    int blocks = 64;
    AtomicLong sent = new AtomicLong();
    CountDownLatch blocked = new CountDownLatch(1);
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "RETR 1", "+OK");
                  for (int i = 0; i < blocks; i++) {
                    peer.send(block);
                    sent.addAndGet(block.length());
                  }
                  peer.sendLine(".");
                  blocked.countDown();
                });
        BlockingPop3Session session = open(server)) {
      RecordingSubscriber<ByteBuffer> subscriber = new RecordingSubscriber<>(1);
      session.async().body(1).subscribe(subscriber);
      subscriber.await(1);
      assertFalse(blocked.await(300, TimeUnit.MILLISECONDS), "all was read");
      assertTrue(sent.get() < 32_000_000, "read without demand: " + sent);
      subscriber.request(Long.MAX_VALUE);
      long octets = 0;
      for (ByteBuffer piece : subscriber.awaitComplete()) {
        octets += piece.remaining();
      }
      assertEquals((long) blocks * block.length(), octets);
    }
  }

  @Test
  @DisplayName(
      "cancelled within the message: no more signals, the rest is dropped, the session goes on")
  void cancelled() throws Exception {
    String block = ("x".repeat(998) + "\r\n").repeat(1000);
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "RETR 1", "+OK");
                  for (int i = 0; i < 10; i++) {
                    peer.send(block);
                  }
                  peer.sendLine(".");
                  expect(peer, "DELE 2", "+OK");
                });
        BlockingPop3Session session = open(server)) {
      RecordingSubscriber<ByteBuffer> subscriber =
          new RecordingSubscriber<>(2) {
            @Override
            void took(ByteBuffer element) {
              cancel();
            }
          };
      session.async().body(1).subscribe(subscriber);
      subscriber.await(1);
      subscriber.request(10);
      session.delete(2);
      assertEquals(1, subscriber.elements().size());
      assertFalse(subscriber.hasEnded());
    }
  }

  @Test
  @DisplayName("cancelled while reading stands still: the rest is dropped, the session goes on")
  void cancelledWhilePaused() throws Exception {
    String block = ("x".repeat(998) + "\r\n").repeat(1000);
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "RETR 1", "+OK");
                  for (int i = 0; i < 10; i++) {
                    peer.send(block);
                  }
                  peer.sendLine(".");
                  expect(peer, "NOOP", "+OK");
                });
        BlockingPop3Session session = open(server)) {
      RecordingSubscriber<ByteBuffer> subscriber = new RecordingSubscriber<>(1);
      session.async().body(1).subscribe(subscriber);
      subscriber.await(1);
      subscriber.cancel();
      subscriber.cancel();
      session.noop();
      assertEquals(1, subscriber.elements().size());
      assertFalse(subscriber.hasEnded());
    }
  }

  @Test
  @DisplayName("cancelled before any demand: no command is sent")
  void cancelledAtOnce() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "NOOP", "+OK");
                });
        BlockingPop3Session session = open(server)) {
      RecordingSubscriber<ByteBuffer> subscriber = new RecordingSubscriber<>(0);
      session.async().body(1).subscribe(subscriber);
      subscriber.cancel();
      subscriber.request(1);
      session.noop();
      assertFalse(subscriber.hasEnded());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  @DisplayName("a demand of none or less is an error for the subscriber, not for the session")
  void senselessDemand(long demand) throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "NOOP", "+OK");
                });
        BlockingPop3Session session = open(server)) {
      RecordingSubscriber<ByteBuffer> subscriber = new RecordingSubscriber<>(0);
      session.async().body(1).subscribe(subscriber);
      subscriber.request(demand);
      subscriber.awaitError(IllegalArgumentException.class);
      session.noop();
    }
  }

  @Test
  @DisplayName("a subscriber that is null is refused")
  @SuppressWarnings("NullAway") // that is the test
  void noSubscriber() throws Exception {
    try (ScriptedServer server = ScriptedServer.start(Servers::login);
        BlockingPop3Session session = open(server)) {
      Flow.Publisher<ByteBuffer> body = session.async().body(1);
      assertThrows(NullPointerException.class, () -> body.subscribe(null));
    }
  }

  @Test
  @DisplayName("each subscriber fetches the message anew")
  void twoSubscribers() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  for (int i = 0; i < 2; i++) {
                    expect(peer, "RETR 7");
                    peer.send(REPLY);
                  }
                });
        BlockingPop3Session session = open(server)) {
      Flow.Publisher<ByteBuffer> body = session.async().body(7);
      for (int i = 0; i < 2; i++) {
        RecordingSubscriber<ByteBuffer> subscriber = new RecordingSubscriber<>(Long.MAX_VALUE);
        body.subscribe(subscriber);
        assertEquals(MAIL, text(subscriber.awaitComplete()));
      }
    }
  }

  @Test
  @DisplayName("N096: a message that the server refuses is onError, and the session goes on")
  void refused() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "RETR 1", "-ERR [SYS/PERM] unreadable");
                  expect(peer, "NOOP", "+OK");
                });
        BlockingPop3Session session = open(server)) {
      RecordingSubscriber<ByteBuffer> subscriber = new RecordingSubscriber<>(1);
      session.async().body(1).subscribe(subscriber);
      assertEquals(
          "SYS/PERM",
          subscriber.awaitError(Pop3CommandException.class).code().orElseThrow().name());
      session.noop();
    }
  }

  @Test
  @DisplayName("N093 CL2: a message that is cut before its final dot never completes")
  void cut() throws Exception {
    for (int length = "+OK\r\n".length(); length < REPLY.length() - 1; length += 5) {
      String part = REPLY.substring(0, length);
      try (ScriptedServer server =
              ScriptedServer.start(
                  peer -> {
                    login(peer);
                    expect(peer, "RETR 1");
                    peer.send(part);
                  });
          BlockingPop3Session session = open(server)) {
        RecordingSubscriber<ByteBuffer> subscriber = new RecordingSubscriber<>(Long.MAX_VALUE);
        session.async().body(1).subscribe(subscriber);
        subscriber.awaitError(Pop3ConnectionLostException.class);
      }
    }
  }

  @Test
  @DisplayName("a session that was closed is onError")
  void closed() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              login(peer);
              peer.readToEnd();
            })) {
      BlockingPop3Session session = open(server);
      session.close();
      RecordingSubscriber<ByteBuffer> subscriber = new RecordingSubscriber<>(1);
      session.async().body(1).subscribe(subscriber);
      subscriber.awaitError(Pop3SessionClosedException.class);
    }
  }

  @Test
  @DisplayName("a subscriber that throws gets no more; its failure is told to the thread's handler")
  void throwingSubscriber() throws Exception {
    IllegalStateException failure = new IllegalStateException("on purpose");
    CompletableFuture<Throwable> told = new CompletableFuture<>();
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "RETR 1");
                  peer.send(REPLY);
                  expect(peer, "NOOP", "+OK");
                });
        BlockingPop3Session session = open(server)) {
      RecordingSubscriber<ByteBuffer> subscriber =
          new RecordingSubscriber<>(10) {
            @Override
            void took(ByteBuffer element) {
              Thread.currentThread().setUncaughtExceptionHandler((t, e) -> told.complete(e));
              throw failure;
            }
          };
      session.async().body(1).subscribe(subscriber);
      assertSame(failure, told.join());
      session.noop();
      assertFalse(subscriber.hasEnded());
    }
  }

  /** So that the two pieces are mostly read apart; the test holds either way. */
  private static void staysSilentBriefly() {
    LockSupport.parkNanos(2_000_000);
  }

  private static String text(List<ByteBuffer> pieces) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (ByteBuffer piece : pieces) {
      byte[] octets = new byte[piece.remaining()];
      piece.duplicate().get(octets);
      all.writeBytes(octets);
    }
    return Octets.latin1(all.toByteArray());
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import static org.fermoposta.pop3.client.Servers.expect;
import static org.fermoposta.pop3.client.Servers.login;
import static org.fermoposta.pop3.client.Servers.loginPipelining;
import static org.fermoposta.pop3.client.Servers.plain;
import static org.fermoposta.pop3.client.Servers.staysSilent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.fermoposta.pop3.protocol.UniqueId;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.fermoposta.pop3.testkit.RawPeer;
import org.fermoposta.pop3.testkit.ScriptedServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many messages as a Flow.Publisher whose demand bounds what is asked of the server. */
@ExtendWith(LeakExtension.class)
class FetchStreamTest {
  private static final String LIST = "+OK\r\n1 10\r\n2 20\r\n4 40\r\n5 50\r\n.";
  private static final String UIDL = "+OK\r\n1 a\r\n2 b\r\n4 d\r\n5 b\r\n.";

  @Test
  @DisplayName("P9: the demand is how many commands are without a reply")
  void demandSizesTheWindow() throws Exception {
    CountDownLatch more = new CountDownLatch(1);
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  loginPipelining(peer);
                  expect(peer, "RETR 1");
                  expect(peer, "RETR 2");
                  assertTrue(staysSilent(peer), "beyond a demand of 2");
                  mail(peer, "one");
                  assertTrue(staysSilent(peer), "beyond a demand of 2");
                  more.countDown();
                  expect(peer, "RETR 3");
                  expect(peer, "RETR 4");
                  mail(peer, "two");
                  mail(peer, "three");
                  mail(peer, "four");
                });
        Pop3Session session = session(server, 100)) {
      RecordingSubscriber<FetchedMessage<byte[]>> subscriber = new RecordingSubscriber<>(2);
      session
          .fetch(MessageSelection.numbers(1, 2, 3, 4), FetchStreamTest::memory)
          .subscribe(subscriber);
      more.await();
      assertTrue(staysQuiet(subscriber, 1));
      subscriber.request(2);
      assertEquals(List.of("one", "two", "three", "four"), texts(subscriber.awaitComplete()));
    }
  }

  @Test
  @DisplayName("a demand without bounds is bounded by the credit of the configuration")
  void creditBoundsDemand() throws Exception {
    List<Integer> made = new ArrayList<>();
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  loginPipelining(peer);
                  expect(peer, "RETR 1");
                  expect(peer, "RETR 2");
                  assertTrue(staysSilent(peer), "beyond the credit of 2 commands");
                  synchronized (made) {
                    assertEquals(List.of(1, 2), made, "sinks");
                  }
                  mail(peer, "x");
                  for (int n = 3; n <= 50; n++) {
                    expect(peer, "RETR " + n);
                    mail(peer, "x");
                  }
                  mail(peer, "x");
                });
        Pop3Session session = session(server, 2)) {
      int[] numbers = new int[50];
      Arrays.setAll(numbers, i -> i + 1);
      RecordingSubscriber<FetchedMessage<byte[]>> subscriber =
          new RecordingSubscriber<>(Long.MAX_VALUE);
      session
          .fetch(
              MessageSelection.numbers(numbers),
              entry -> {
                synchronized (made) {
                  made.add(entry.messageNumber());
                }
                return memory(entry);
              })
          .subscribe(subscriber);
      assertEquals(50, subscriber.awaitComplete().size());
    }
  }

  @Test
  @DisplayName("selected by unique-id: every message that has one of them, with what LIST told")
  void byUniqueId() throws Exception {
    assertEquals(
        List.of(
            new MailEntry(2, 20, id("b")),
            new MailEntry(4, 40, id("d")),
            new MailEntry(5, 50, id("b"))),
        entries(
            MessageSelection.uniqueIds(
                List.of(new UniqueId("b"), new UniqueId("d"), new UniqueId("z"))),
            true,
            2,
            4,
            5));
  }

  @Test
  @DisplayName("selected by a test of size and unique-id, backwards, and no more than so many")
  void byTest() throws Exception {
    MessageSelection large = MessageSelection.where(e -> e.octets() >= 20);
    assertEquals(
        List.of(new MailEntry(5, 50, id("b")), new MailEntry(4, 40, id("d"))),
        entries(large.reversed().limit(2), true, 5, 4));
    assertEquals(List.of(new MailEntry(2, 20, id("b"))), entries(large.limit(1), true, 2));
  }

  @Test
  @DisplayName("selected by range: what the server lists of it")
  void byRange() throws Exception {
    assertEquals(
        List.of(new MailEntry(2, 20, Optional.empty()), new MailEntry(4, 40, Optional.empty())),
        entries(MessageSelection.range(2, 4), false, 2, 4));
  }

  @Test
  @DisplayName("selections that make no sense are refused")
  void senselessSelections() {
    assertThrows(IllegalArgumentException.class, () -> MessageSelection.numbers(1, 0));
    assertThrows(IllegalArgumentException.class, () -> MessageSelection.numbers(3, 3));
    assertThrows(IllegalArgumentException.class, () -> MessageSelection.range(0, 4));
    assertThrows(IllegalArgumentException.class, () -> MessageSelection.range(5, 4));
    assertThrows(IllegalArgumentException.class, () -> MessageSelection.all().limit(-1));
  }

  @Test
  @DisplayName("an empty maildrop completes at once")
  void nothing() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "LIST", "+OK\r\n.");
                });
        Pop3Session session = session(server, 100)) {
      RecordingSubscriber<FetchedMessage<byte[]>> subscriber = new RecordingSubscriber<>(1);
      session.fetch(MessageSelection.all(), FetchStreamTest::memory).subscribe(subscriber);
      assertEquals(List.of(), subscriber.awaitComplete());
    }
  }

  @Test
  @DisplayName("unique-ids of a server without UIDL: an error, not an empty stream")
  void noUniqueIds() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "LIST", LIST);
                  expect(peer, "UIDL", "-ERR what");
                });
        Pop3Session session = session(server, 100)) {
      RecordingSubscriber<FetchedMessage<byte[]>> subscriber = new RecordingSubscriber<>(1);
      session
          .fetch(MessageSelection.uniqueIds(List.of(new UniqueId("a"))), FetchStreamTest::memory)
          .subscribe(subscriber);
      assertEquals("UIDL", subscriber.awaitError(Pop3CommandException.class).command());
    }
  }

  @Test
  @DisplayName("N096 CL17: a message refused, or whose sink fails, does not stop the others")
  void oneFailure() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  loginPipelining(peer);
                  expect(peer, "RETR 1", "-ERR [SYS/PERM] unreadable");
                  expect(peer, "RETR 2");
                  mail(peer, "far too long");
                  expect(peer, "RETR 4");
                  mail(peer, "four");
                });
        Pop3Session session = session(server, 100)) {
      RecordingSubscriber<FetchedMessage<byte[]>> subscriber = new RecordingSubscriber<>(10);
      session
          .fetch(
              MessageSelection.numbers(1, 2, 3, 4),
              entry -> {
                if (entry.messageNumber() == 3) {
                  throw new IllegalStateException("no sink for this one");
                }
                return MessageSinks.toByteArray(8);
              })
          .subscribe(subscriber);
      List<FetchedMessage<byte[]>> all = new ArrayList<>(subscriber.awaitComplete());
      all.sort(Comparator.comparingInt(FetchedMessage::messageNumber));
      assertInstanceOf(Pop3CommandException.class, all.get(0).failure().orElseThrow());
      assertThrows(Pop3CommandException.class, () -> all.get(0).result());
      assertInstanceOf(Pop3SinkException.class, all.get(1).failure().orElseThrow());
      assertInstanceOf(Pop3SinkException.class, all.get(2).failure().orElseThrow());
      assertEquals("four\r\n", Octets.latin1(all.get(3).result()));
    }
  }

  @Test
  @DisplayName("N093: the connection's end is the stream's; what came whole before stays")
  void lost() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  loginPipelining(peer);
                  expect(peer, "RETR 1");
                  expect(peer, "RETR 2");
                  expect(peer, "RETR 3");
                  mail(peer, "one");
                  peer.send("+OK\r\nha");
                });
        Pop3Session session = session(server, 100)) {
      RecordingSubscriber<FetchedMessage<byte[]>> subscriber = new RecordingSubscriber<>(10);
      session
          .fetch(MessageSelection.numbers(1, 2, 3), FetchStreamTest::memory)
          .subscribe(subscriber);
      subscriber.awaitError(Pop3ConnectionLostException.class);
      assertEquals(List.of("one"), texts(subscriber.elements()));
    }
  }

  @Test
  @DisplayName("a message over the connection's limit ends session and stream")
  void overTheLimit() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "RETR 1", "+OK\r\n" + "x".repeat(200));
                  peer.readToEnd();
                });
        Pop3Session session =
            Pop3Client.connect(plain(server).maxMessageOctets(100).build()).join()) {
      RecordingSubscriber<FetchedMessage<byte[]>> subscriber = new RecordingSubscriber<>(10);
      session
          .fetch(MessageSelection.numbers(1, 2, 3), FetchStreamTest::memory)
          .subscribe(subscriber);
      subscriber.awaitError(Pop3SinkException.class);
      assertEquals(List.of(), subscriber.elements());
    }
  }

  @Test
  @DisplayName(
      "cancelled: what was not sent is withdrawn, what was is dropped, the session goes on")
  void cancelled() throws Exception {
    ConcurrentLinkedQueue<Integer> aborted = new ConcurrentLinkedQueue<>();
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "RETR 1");
                  mail(peer, "one");
                  expect(peer, "RETR 2");
                  mail(peer, "two");
                  expect(peer, "NOOP", "+OK");
                });
        Pop3Session session = session(server, 100)) {
      RecordingSubscriber<FetchedMessage<byte[]>> subscriber =
          new RecordingSubscriber<>(5) {
            @Override
            void took(FetchedMessage<byte[]> element) {
              cancel();
            }
          };
      session
          .fetch(
              MessageSelection.numbers(1, 2, 3, 4, 5),
              entry -> new Aborting(entry.messageNumber(), aborted))
          .subscribe(subscriber);
      subscriber.await(1);
      session.noop().join();
      assertEquals(1, subscriber.elements().size());
      assertFalse(subscriber.hasEnded());
      List<Integer> numbers = new ArrayList<>(aborted);
      Collections.sort(numbers);
      assertEquals(List.of(2, 3, 4, 5), numbers);
    }
  }

  @Test
  @DisplayName("a subscriber may delete what it got, within the signal")
  void deletion() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "LIST", "+OK\r\n1 5\r\n2 5\r\n.");
                  expect(peer, "RETR 1");
                  mail(peer, "one");
                  expect(peer, "DELE 1", "+OK");
                  expect(peer, "RETR 2");
                  mail(peer, "two");
                  expect(peer, "DELE 2", "+OK");
                  expect(peer, "QUIT", "+OK");
                });
        Pop3Session session = session(server, 100)) {
      RecordingSubscriber<FetchedMessage<byte[]>> subscriber =
          new RecordingSubscriber<>(1) {
            @Override
            void took(FetchedMessage<byte[]> element) {
              session.delete(element.messageNumber());
              request(1);
            }
          };
      session.fetch(MessageSelection.all(), FetchStreamTest::memory).subscribe(subscriber);
      subscriber.awaitComplete();
      assertEquals(CommitResult.CONFIRMED, session.quit().join());
    }
  }

  private static List<MailEntry> entries(
      MessageSelection selection, boolean uniqueIds, int... expected) throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "LIST", LIST);
                  if (uniqueIds) {
                    expect(peer, "UIDL", UIDL);
                  }
                  for (int number : expected) {
                    expect(peer, "RETR " + number);
                    mail(peer, "x");
                  }
                });
        Pop3Session session = session(server, 100)) {
      RecordingSubscriber<FetchedMessage<byte[]>> subscriber = new RecordingSubscriber<>(10);
      session.fetch(selection, FetchStreamTest::memory).subscribe(subscriber);
      return subscriber.awaitComplete().stream().map(FetchedMessage::entry).toList();
    }
  }

  private static boolean staysQuiet(RecordingSubscriber<?> subscriber, int elements) {
    return subscriber.elements().size() == elements && !subscriber.hasEnded();
  }

  private static void mail(RawPeer peer, String text) throws IOException {
    peer.send("+OK\r\n" + text + "\r\n.\r\n");
  }

  private static Pop3Session session(ScriptedServer server, int commands) {
    return Pop3Client.connect(
            plain(server).serverMemory(ServerMemory.create()).pipelining(commands, 1 << 20).build())
        .join();
  }

  private static MessageSink<byte[]> memory(MailEntry entry) {
    return MessageSinks.toByteArray(1000);
  }

  private static Optional<UniqueId> id(String value) {
    return Optional.of(new UniqueId(value));
  }

  private static List<String> texts(List<FetchedMessage<byte[]>> messages) {
    return messages.stream().map(m -> Octets.latin1(m.result()).strip()).toList();
  }

  /** Notes that its message was given up. */
  private static final class Aborting implements MessageSink<byte[]> {
    private final MessageSink<byte[]> memory = MessageSinks.toByteArray(1000);
    private final int number;
    private final ConcurrentLinkedQueue<Integer> aborted;

    Aborting(int number, ConcurrentLinkedQueue<Integer> aborted) {
      this.number = number;
      this.aborted = aborted;
    }

    @Override
    public boolean onOctets(ByteBuffer octets) throws IOException {
      return memory.onOctets(octets);
    }

    @Override
    public CompletionStage<byte[]> onComplete() throws IOException {
      return memory.onComplete();
    }

    @Override
    public void onAbort(Throwable cause) {
      aborted.add(number);
    }
  }
}

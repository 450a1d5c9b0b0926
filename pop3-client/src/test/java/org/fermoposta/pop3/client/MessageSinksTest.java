// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import static org.fermoposta.pop3.client.Servers.expect;
import static org.fermoposta.pop3.client.Servers.login;
import static org.fermoposta.pop3.client.Servers.open;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.fermoposta.pop3.testkit.RawPeer;
import org.fermoposta.pop3.testkit.ScriptedServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Where messages go. */
@ExtendWith(LeakExtension.class)
class MessageSinksTest {
  @Test
  @DisplayName("a large message with all octets and many dots comes into a file byte for byte")
  void file(@TempDir Path directory) throws Exception {
    byte[] mail = mail(3_000_000);
    Path file = directory.resolve("mail.eml");
    Files.writeString(file, "what was there before");
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "RETR 1", "+OK");
                  peer.send(stuffed(mail));
                });
        BlockingPop3Session session = open(server)) {
      assertEquals(file, session.retrieve(1, MessageSinks.toFile(file)));
      assertArrayEquals(mail, Files.readAllBytes(file));
      try (Stream<Path> files = Files.list(directory)) {
        assertEquals(1, files.count(), "only the message");
      }
    }
  }

  @Test
  @DisplayName("an empty message is an empty file")
  void emptyFile(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("mail.eml");
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "RETR 1", "+OK\r\n.");
                });
        BlockingPop3Session session = open(server)) {
      session.retrieve(1, MessageSinks.toFile(file));
      assertEquals(0, Files.size(file));
    }
  }

  @Test
  @DisplayName("a file that cannot be written fails its message, and the session goes on")
  void noDirectory(@TempDir Path directory) throws Exception {
    byte[] mail = mail(2_000_000);
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "RETR 1", "+OK");
                  peer.send(stuffed(mail));
                  expect(peer, "NOOP", "+OK");
                });
        BlockingPop3Session session = open(server)) {
      Path missing = directory.resolve("missing").resolve("mail.eml");
      Pop3SinkException failure =
          assertThrows(
              Pop3SinkException.class, () -> session.retrieve(1, MessageSinks.toFile(missing)));
      assertInstanceOf(IOException.class, failure.getCause());
      session.noop();
    }
  }

  @Test
  @DisplayName("a message over the array's limit fails, and the session goes on")
  void arrayLimit() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "RETR 1", "+OK\r\n12345678\r\n.");
                  expect(peer, "RETR 1", "+OK\r\n12345678\r\n.");
                });
        BlockingPop3Session session = open(server)) {
      assertThrows(Pop3SinkException.class, () -> session.retrieve(1, MessageSinks.toByteArray(9)));
      assertEquals(
          "12345678\r\n", Octets.latin1(session.retrieve(1, MessageSinks.toByteArray(10))));
    }
  }

  @Test
  @DisplayName("a channel that is slow gets all octets in order; memory stays bounded meanwhile")
  void slowChannel() throws Exception {
    byte[] mail = mail(20_000_000);
    CountDownLatch open = new CountDownLatch(1);
    AtomicLong sent = new AtomicLong();
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    WritableByteChannel channel =
        new WritableByteChannel() {
          @Override
          public int write(ByteBuffer octets) throws IOException {
            await(open);
            int count = octets.remaining();
            byte[] copy = new byte[count];
            octets.get(copy);
            received.writeBytes(copy);
            return count;
          }

          @Override
          public boolean isOpen() {
            return true;
          }

          @Override
          public void close() {}
        };
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              login(peer);
              expect(peer, "RETR 1", "+OK");
              sendCounting(peer, stuffed(mail), sent);
            })) {
      Pop3Session session =
          Pop3Client.connect(Servers.plain(server).build()).get(20, TimeUnit.SECONDS);
      CompletableFuture<Long> octets = session.retrieve(1, MessageSinks.toChannel(channel));
      long stalledAt = awaitStall(sent);
      // What is under way is in the sockets' buffers, some MiB each; the rest is not sent.
      assertTrue(stalledAt < mail.length, "the server was stopped at " + stalledAt);
      open.countDown();
      assertEquals(mail.length, octets.get(60, TimeUnit.SECONDS));
      assertArrayEquals(mail, received.toByteArray());
      session.close();
    }
  }

  @Test
  @DisplayName("a sink that throws sees abort once and nothing after it")
  void throwingSink() throws Exception {
    AtomicInteger aborts = new AtomicInteger();
    AtomicInteger pieces = new AtomicInteger();
    MessageSink<String> sink =
        new MessageSink<>() {
          @Override
          public boolean onOctets(ByteBuffer octets) throws IOException {
            pieces.incrementAndGet();
            throw new IOException("no room");
          }

          @Override
          public CompletionStage<String> onComplete() {
            throw new AssertionError("complete after a failure");
          }

          @Override
          public void onAbort(Throwable cause) {
            aborts.incrementAndGet();
          }
        };
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "RETR 1", "+OK\r\na");
                  peer.send("b\r\n.\r\n");
                  expect(peer, "NOOP", "+OK");
                });
        BlockingPop3Session session = open(server)) {
      assertThrows(Pop3SinkException.class, () -> session.retrieve(1, sink));
      session.noop();
    }
    assertEquals(1, aborts.get());
    assertEquals(1, pieces.get());
  }

  @Test
  @DisplayName("the sink of a refused message sees abort only")
  void refusedMessage() throws Exception {
    CompletableFuture<Throwable> aborted = new CompletableFuture<>();
    MessageSink<String> sink =
        new MessageSink<>() {
          @Override
          public boolean onOctets(ByteBuffer octets) {
            throw new AssertionError("octets of a refused message");
          }

          @Override
          public CompletionStage<String> onComplete() {
            throw new AssertionError("a refused message is complete");
          }

          @Override
          public void onAbort(Throwable cause) {
            aborted.complete(cause);
          }
        };
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "RETR 1", "-ERR gone");
                });
        BlockingPop3Session session = open(server)) {
      assertThrows(Pop3CommandException.class, () -> session.retrieve(1, sink));
    }
    assertFalse(aborted.isCompletedExceptionally());
    assertInstanceOf(Pop3CommandException.class, aborted.get(20, TimeUnit.SECONDS));
  }

  /** Lines of all octets but CR and LF; every third begins with dots. */
  private static byte[] mail(int octets) {
    Random random = new Random(17);
    ByteArrayOutputStream mail = new ByteArrayOutputStream(octets + 100);
    byte[] line = new byte[70];
    while (mail.size() < octets) {
      random.nextBytes(line);
      for (int i = 0; i < line.length; i++) {
        if (line[i] == '\r' || line[i] == '\n') {
          line[i] = ' ';
        }
      }
      if (random.nextInt(3) == 0) {
        line[0] = '.';
        line[1] = '.';
      }
      mail.write(line, 0, random.nextInt(line.length + 1));
      mail.write('\r');
      mail.write('\n');
    }
    return mail.toByteArray();
  }

  /** The naive way, to compare with. */
  private static byte[] stuffed(byte[] mail) {
    ByteArrayOutputStream wire = new ByteArrayOutputStream(mail.length + 100);
    boolean lineStart = true;
    for (byte octet : mail) {
      if (lineStart && octet == '.') {
        wire.write('.');
      }
      wire.write(octet);
      lineStart = octet == '\n';
    }
    wire.writeBytes(Octets.latin1(".\r\n"));
    return wire.toByteArray();
  }

  private static void sendCounting(RawPeer peer, byte[] octets, AtomicLong sent)
      throws IOException {
    int step = 64 * 1024;
    for (int at = 0; at < octets.length; at += step) {
      peer.send(Arrays.copyOfRange(octets, at, Math.min(octets.length, at + step)));
      sent.addAndGet(step);
    }
  }

  /** Waits until nothing has been sent for a while; returns how much was. */
  private static long awaitStall(AtomicLong sent) {
    long before = -1;
    long since = System.nanoTime();
    while (sent.get() == 0 || System.nanoTime() - since < TimeUnit.MILLISECONDS.toNanos(300)) {
      if (sent.get() != before) {
        before = sent.get();
        since = System.nanoTime();
      }
      Thread.onSpinWait();
    }
    return before;
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(60, TimeUnit.SECONDS)) {
        throw new IOException("the test took too long");
      }
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    }
  }
}

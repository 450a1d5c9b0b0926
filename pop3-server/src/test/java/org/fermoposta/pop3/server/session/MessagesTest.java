// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.WireText;
import org.fermoposta.pop3.server.store.maildir.DemoMaildir;
import org.fermoposta.pop3.server.store.maildir.MaildirStore;
import org.fermoposta.pop3.server.store.maildir.MaildropTemplate;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.fermoposta.pop3.testkit.RawPeer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** RETR and TOP on good days and bad ones; UPDATE. */
@ExtendWith(LeakExtension.class)
final class MessagesTest {
  private static final String BIG =
      "Subject: big\r\n\r\n" + "0123456789".repeat(7).concat("\r\n").repeat(70_000);

  private final TroubledStore store = new TroubledStore();

  private static MaildropException broken() {
    return new MaildropException(MaildropFailure.TEMPORARY, "/srv/mail/x: Input/output error");
  }

  @Test
  @DisplayName("T12, T14: every demo message in a Maildir arrives as it is stored, with its size")
  void demoMessages(@TempDir Path root) throws Exception {
    MaildropTemplate template = MaildropTemplate.parse(root + "/{user}");
    new DemoMaildir(template, Clock.systemUTC()).fill(Logins.ALICE);
    List<Path> files;
    try (Stream<Path> found = Files.list(root.resolve("alice/new"))) {
      files = found.sorted().toList();
    }
    try (ServerUnderTest server = ServerUnderTest.cleartext(new MaildirStore(template))) {
      for (RawPeer peer : List.of(server.plain(), server.tls())) {
        ServerUnderTest.login(peer, "alice");
        List<String> sizes = peer.commandLines("LIST");
        assertEquals(files.size() + 1, sizes.size());
        for (int n = 1; n <= files.size(); n++) {
          byte[] wire = WireText.of(Files.readAllBytes(files.get(n - 1)));
          assertEquals(n + " " + wire.length, sizes.get(n));
          assertEquals("+OK " + wire.length + " octets", peer.command("RETR " + n));
          assertArrayEquals(wire, peer.readBody(), "message " + n);
        }
        assertEquals("+OK message marked as deleted", peer.command("DELE 1"));
        peer.command("RSET");
        assertEquals("+OK bye", peer.command("QUIT"));
        assertTrue(peer.isAtEnd());
        peer.close();
      }
      try (RawPeer peer = server.alice()) {
        // N004, N005, T45: it vanishes behind the session's back.
        Files.delete(files.get(0));
        assertTrue(peer.command("RETR 1").startsWith("-ERR "));
        assertEquals("+OK message marked as deleted", peer.command("DELE 1"));
        assertEquals("+OK message marked as deleted", peer.command("DELE 2"));
        assertEquals("+OK bye", peer.command("QUIT"));
      }
      assertFalse(Files.exists(files.get(1)));
      assertTrue(Files.exists(files.get(2)), "U1: unmarked messages stay");
      try (RawPeer peer = server.alice()) {
        assertEquals(files.size() - 1, peer.commandLines("UIDL").size());
      }
    }
  }

  @Test
  @DisplayName("a message of 5 MB arrives whole, in clear and over TLS")
  void big() throws Exception {
    store.deliver(Logins.ALICE, BIG);
    try (ServerUnderTest server = ServerUnderTest.cleartext(store)) {
      for (RawPeer peer : List.of(server.plain(), server.tls())) {
        ServerUnderTest.login(peer, "alice");
        assertEquals("+OK " + BIG.length() + " octets", peer.command("RETR 1"));
        assertArrayEquals(Octets.latin1(BIG), peer.readBody());
        assertEquals("+OK bye", peer.command("QUIT"));
        peer.close();
      }
    }
  }

  @Test
  @DisplayName("T16, R4, N067: a store that fails before the first octet: -ERR, and on it goes")
  void failsAtOnce() throws Exception {
    store.deliver(Logins.ALICE, "Subject: x\r\n");
    try (ServerUnderTest server = ServerUnderTest.cleartext(store);
        RawPeer peer = server.alice()) {
      String temporary = "-ERR [SYS/TEMP] The mail store has a problem; try again later";
      store.beforeMessage =
          () -> {
            throw broken();
          };
      assertEquals(temporary, peer.command("RETR 1"));
      store.beforeMessage =
          () -> {
            throw new IllegalStateException("/srv/mail/x: a defect");
          };
      assertEquals(temporary, peer.command("TOP 1 0"));
      store.beforeMessage = () -> {};
      store.beforeRead =
          position -> {
            throw broken();
          };
      assertEquals(temporary, peer.command("RETR 1"));
      store.beforeRead = position -> {};
      store.beforeMessage =
          () -> {
            throw new MaildropException(MaildropFailure.PERMANENT, "/srv/mail/x: mode 000");
          };
      assertEquals(
          "-ERR [SYS/PERM] The mail store has a problem; ask the postmaster",
          peer.command("RETR 1"));
      store.beforeMessage = () -> {};
      assertEquals(List.of("+OK 12 octets", "Subject: x"), peer.commandLines("RETR 1"));
      assertEquals("+OK bye", peer.command("QUIT"));
      assertEquals(0, store.openBodies.get());
    }
  }

  @Test
  @DisplayName("T16, N006, N008: a store that fails in the middle: closed, and no final dot")
  void failsInTheMiddle() throws Exception {
    store.deliver(Logins.ALICE, BIG);
    Runnable[] failures = {
      () -> {},
      () -> {
        throw new IllegalStateException("a defect");
      },
      () -> {
        throw new OutOfMemoryError("as if");
      }
    };
    try (ServerUnderTest server = ServerUnderTest.cleartext(store)) {
      for (Runnable failure : failures) {
        store.beforeRead =
            position -> {
              if (position > 1_000_000) {
                failure.run();
                throw broken();
              }
            };
        try (RawPeer peer = server.alice()) {
          peer.sendLine("DELE 1\r\nRSET\r\nRETR 1");
          String heard = Octets.latin1(peer.readToEnd());
          assertTrue(heard.contains("+OK " + BIG.length() + " octets\r\nSubject: big\r\n"));
          assertFalse(heard.endsWith("\r\n.\r\n"));
          assertTrue(heard.length() < BIG.length());
        }
        store.awaitReleased();
      }
      assertEquals(0, store.deletions.availablePermits());
      assertEquals(0, store.openBodies.get());
    }
  }

  @Test
  @DisplayName("N034: a session that runs out of memory ends without UPDATE, and the others go on")
  void outOfMemory() throws Exception {
    store.deliver(Logins.ALICE, BIG);
    store.deliver(Logins.ALICE, "Subject: x\r\n");
    store.deliver(Logins.BOB, "Subject: y\r\n");
    store.beforeRead =
        position -> {
          if (position > 1_000_000) {
            throw new OutOfMemoryError("as if");
          }
        };
    try (ServerUnderTest server = ServerUnderTest.cleartext(store);
        RawPeer other = ServerUnderTest.login(server.plain(), "bob")) {
      try (RawPeer peer = server.alice()) {
        peer.sendLine("DELE 2\r\nRETR 1\r\nQUIT");
        assertFalse(Octets.latin1(peer.readToEnd()).endsWith("\r\n.\r\n"));
      }
      store.awaitReleased();
      assertEquals(0, store.deletions.availablePermits());
      assertEquals(List.of("+OK 12 octets", "Subject: y"), other.commandLines("RETR 1"));
      try (RawPeer again = server.alice()) {
        assertEquals(List.of("+OK 12 octets", "Subject: x"), again.commandLines("RETR 2"));
      }
    }
  }

  @Test
  @DisplayName("P5, K7, N043: a reader that stalls in 5 MB is closed; bounded memory, lease free")
  void stalledReader() throws Exception {
    store.deliver(Logins.ALICE, BIG);
    try (ServerUnderTest server = ServerUnderTest.impatient(store);
        RawPeer peer = ServerUnderTest.login(server.slow(), "alice")) {
      io.netty.channel.Channel channel = server.channels.take();
      peer.sendLine("RETR 1");
      store.awaitReleased();
      assertTrue(channel.closeFuture().await(10_000));
      assertTrue(peer.readToEnd().length < BIG.length());
    }
    assertEquals(0, store.openBodies.get());
  }

  @Test
  @DisplayName("a reset in the middle of RETR, and while the store is being read, frees everything")
  void resetInRetr() throws Exception {
    store.deliver(Logins.ALICE, BIG);
    Semaphore reading = new Semaphore(0);
    Semaphore go = new Semaphore(0);
    try (ServerUnderTest server = ServerUnderTest.cleartext(store)) {
      RawPeer peer = server.alice();
      peer.sendLine("RETR 1");
      peer.readExactly(100_000);
      peer.reset();
      store.awaitReleased();
      store.beforeRead =
          position -> {
            reading.release();
            go.acquireUninterruptibly();
          };
      server.channels.clear();
      peer = server.alice();
      peer.sendLine("RETR 1");
      reading.acquire();
      peer.reset();
      server.channels.take().closeFuture().await();
      go.release(1000);
      store.awaitReleased();
    }
    assertEquals(0, store.openBodies.get());
  }

  @Test
  @DisplayName("U11: the client is gone before the answer to QUIT; what it promised is done")
  void goneInQuit() throws Exception {
    store.deliver(Logins.ALICE, "Subject: x\r\n");
    Semaphore deleting = new Semaphore(0);
    Semaphore go = new Semaphore(0);
    store.beforeDelete =
        () -> {
          deleting.release();
          go.acquireUninterruptibly();
        };
    try (ServerUnderTest server = ServerUnderTest.cleartext(store)) {
      RawPeer peer = server.alice();
      peer.send("DELE 1\r\nQUIT\r\n");
      deleting.acquire();
      peer.reset();
      server.channels.take().closeFuture().await();
      go.release();
      store.awaitReleased();
      try (RawPeer next = server.alice()) {
        assertEquals("+OK 0 0", next.command("STAT"));
      }
    }
  }

  @Test
  @DisplayName("U2, U4, N002: an UPDATE that fails: -ERR, closed, lease free, nothing else gone")
  void updateFails() throws Exception {
    store.deliver(Logins.ALICE, "Subject: x\r\n");
    try (ServerUnderTest server = ServerUnderTest.cleartext(store)) {
      for (int i = 0; i < 2; i++) {
        boolean defect = i == 1;
        store.beforeDelete =
            () -> {
              if (defect) {
                throw new IllegalStateException("a defect");
              }
              throw broken();
            };
        try (RawPeer peer = server.alice()) {
          assertEquals("+OK message marked as deleted", peer.command("DELE 1"));
          assertEquals("-ERR [SYS/TEMP] some messages were not deleted", peer.command("QUIT"));
          assertTrue(peer.isAtEnd());
        }
      }
      try (RawPeer peer = server.alice()) {
        assertEquals("+OK 1 12", peer.command("STAT"));
      }
    }
  }

  @Test
  @DisplayName("T4, T44, N020: mail that arrives meanwhile is seen by the next session only")
  void snapshot() throws Exception {
    store.deliver(Logins.ALICE, "Subject: x\r\n");
    try (ServerUnderTest server = ServerUnderTest.cleartext(store)) {
      try (RawPeer peer = server.alice()) {
        store.deliver(Logins.ALICE, "Subject: later\r\n");
        assertEquals("+OK 1 12", peer.command("STAT"));
        assertEquals("-ERR no such message", peer.command("RETR 2"));
        peer.command("DELE 1");
        assertEquals("+OK bye", peer.command("QUIT"));
      }
      try (RawPeer peer = server.alice()) {
        assertEquals(List.of("+OK listing follows", "1 memory.2"), peer.commandLines("UIDL"));
      }
    }
  }

  @Test
  @DisplayName("N025: a listing of 20,000 messages, with some deleted, to a slow reader")
  void longListing() throws Exception {
    for (int n = 0; n < 20_000; n++) {
      store.deliver(Logins.ALICE, "x");
    }
    try (ServerUnderTest server = ServerUnderTest.cleartext(store);
        RawPeer peer = ServerUnderTest.login(server.slow(), "alice")) {
      peer.command("DELE 10000");
      peer.send("LIST\r\nUIDL\r\n");
      assertEquals("+OK listing follows", peer.readLine());
      List<String> sizes = peer.readUntilDot();
      assertEquals("+OK listing follows", peer.readLine());
      List<String> ids = peer.readUntilDot();
      assertEquals(19_999, sizes.size());
      assertEquals(19_999, ids.size());
      assertEquals("10001 3", sizes.get(9999));
      assertEquals("20000 memory.20000", ids.get(19_998));
    }
  }

  @Test
  @DisplayName("O5, N054, U3: at a stop what is busy finishes, what is idle closes, no UPDATE")
  void drain() throws Exception {
    store.deliver(Logins.ALICE, "Subject: x\r\n");
    store.deliver(Logins.BOB, "Subject: y\r\n");
    Semaphore deleting = new Semaphore(0);
    Semaphore go = new Semaphore(0);
    store.beforeDelete =
        () -> {
          deleting.release();
          go.acquireUninterruptibly();
        };
    try (ServerUnderTest server = ServerUnderTest.cleartext(store);
        RawPeer quitting = server.alice();
        RawPeer idle = ServerUnderTest.login(server.plain(), "bob");
        RawPeer new1 = server.plain()) {
      quitting.send("DELE 1\r\nQUIT\r\n");
      idle.command("DELE 1");
      deleting.acquire();
      Thread stop = Thread.ofVirtual().start(() -> server.drain(java.time.Duration.ofSeconds(10)));
      assertTrue(idle.isAtEnd());
      assertTrue(new1.isAtEnd());
      go.release();
      assertEquals("+OK message marked as deleted", quitting.readLine());
      assertEquals("+OK bye", quitting.readLine());
      assertTrue(quitting.isAtEnd());
      assertTrue(stop.join(java.time.Duration.ofSeconds(10)));
      assertEquals(1, store.deletions.availablePermits());
      assertEquals(0, server.sessions.count());
    }
  }

  @Test
  @DisplayName("O5: a stop lets a message that is under way come to its end")
  void drainInRetr() throws Exception {
    store.deliver(Logins.ALICE, BIG);
    try (ServerUnderTest server = ServerUnderTest.cleartext(store);
        RawPeer peer = ServerUnderTest.login(server.slow(), "alice");
        RawPeer idle = server.plain()) {
      peer.send("RETR 1\r\nNOOP\r\n");
      assertEquals("+OK " + BIG.length() + " octets", peer.readLine());
      Thread stop = Thread.ofVirtual().start(() -> server.drain(java.time.Duration.ofMinutes(1)));
      assertTrue(idle.isAtEnd(), "the stop has begun");
      String rest = Octets.latin1(peer.deadline(java.time.Duration.ofSeconds(50)).readToEnd());
      assertEquals(BIG.length() + 3, rest.length(), "the message, its dot, and no answer to NOOP");
      assertTrue(rest.endsWith("\r\n.\r\n"));
      assertTrue(stop.join(java.time.Duration.ofSeconds(10)));
    }
  }
}

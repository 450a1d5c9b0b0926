// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Deadlines, in a time that moves only when told. */
@ExtendWith(LeakExtension.class)
final class TimersTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final TroubledStore store = new TroubledStore();

  @BeforeEach
  void deliver() {
    store.deliver(Logins.ALICE, "Subject: a\r\n\r\n" + "x".repeat(70).concat("\r\n").repeat(4000));
    store.deliver(Logins.ALICE, "Subject: b\r\n\r\nshort\r\n");
  }

  private Embedded session() {
    return new Embedded(Embedded.settings(), store);
  }

  @Test
  @DisplayName(
      "O1, O2, U10, N053: idle for 9:59 it still answers; at 10:00 it closes, without UPDATE")
  void idle() throws Exception {
    try (Embedded session = session()) {
      session.login();
      session.says("DELE 1\r\n");
      session.pass(Duration.ofMinutes(10).minus(SECOND));
      assertEquals("+OK done\r\n", session.says("NOOP\r\n"));
      session.pass(Duration.ofMinutes(10).minus(SECOND));
      assertTrue(session.isOpen());
      session.pass(SECOND);
      assertFalse(session.isOpen());
      assertEquals("", session.heard());
      store.awaitReleased();
      assertEquals(0, store.deletions.availablePermits(), "U10: autologout is not QUIT");
    }
  }

  @Test
  @DisplayName("N042, O3: octets that are no finished command do not keep a session open")
  void trickle() {
    try (Embedded session = session()) {
      session.login();
      for (int minute = 1; minute < 10; minute++) {
        session.pass(Duration.ofMinutes(1));
        session.says("N");
        assertTrue(session.isOpen());
      }
      session.pass(Duration.ofMinutes(1));
      assertFalse(session.isOpen());
    }
  }

  @Test
  @DisplayName("N041: the time to log in runs from the connection on, whatever the client sends")
  void login() {
    try (Embedded session = session()) {
      for (int i = 0; i < 11; i++) {
        session.pass(Duration.ofSeconds(10));
        assertTrue(session.says("CAPA\r\nUSER alice\r\n").endsWith("+OK send PASS\r\n"));
      }
      session.pass(Duration.ofSeconds(10));
      assertFalse(session.isOpen());
    }
  }

  @Test
  @DisplayName("N041: a reader that stalls before login gains no time by it")
  void stalledBeforeLogin() {
    try (Embedded session = session()) {
      session.heard();
      session.stall();
      session.says("CAPA\r\n".repeat(2000));
      session.pass(Duration.ofMinutes(1));
      session.unstall();
      session.pass(Duration.ofMinutes(1));
      assertFalse(session.isOpen());
    }
  }

  @Test
  @DisplayName("A15: each refused login is answered later than the one before")
  void delay() {
    try (Embedded session = session()) {
      session.heard();
      assertEquals("+OK send PASS\r\n", session.says("USER alice\r\nPASS x\r\n"));
      session.pass(Duration.ofMillis(999));
      assertEquals("", session.heard());
      session.pass(Duration.ofMillis(1));
      assertEquals("-ERR [AUTH] wrong user name or password\r\n", session.heard());
      assertEquals("+OK send PASS\r\n", session.says("USER alice\r\nPASS x\r\n"));
      session.pass(Duration.ofMillis(1999));
      assertEquals("", session.heard());
      session.pass(Duration.ofMillis(1));
      assertEquals("-ERR [AUTH] wrong user name or password\r\n", session.heard());
    }
  }

  @Test
  @DisplayName("N043, N045: a reader that stalls in a message is closed after the write timeout")
  void stalledInMessage() throws Exception {
    try (Embedded session = session()) {
      session.login();
      session.stall();
      session.says("RETR 1\r\n");
      assertTrue(session.outbound() < 256 * 1024, "P5: bounded: " + session.outbound());
      session.pass(Duration.ofMinutes(5).minus(SECOND));
      assertTrue(session.isOpen());
      session.pass(SECOND);
      assertFalse(session.isOpen());
      store.awaitReleased();
      assertEquals(0, store.openBodies.get());
    }
  }

  @Test
  @DisplayName("N044: a slow reader that takes what is buffered in time stays")
  void slowInMessage() {
    try (Embedded session = session()) {
      session.login();
      session.stall();
      int heard = session.says("RETR 1\r\n").length();
      for (int round = 0; round < 2; round++) {
        session.pass(Duration.ofMinutes(4));
        assertTrue(session.isOpen(), "round " + round + " after " + heard);
        session.takeBuffered();
        heard += session.heard().length();
        assertTrue(heard < 288_000, "the last octets are still to come");
      }
      session.unstall();
      heard += session.heard().length();
      assertEquals("+OK 288014 octets\r\n".length() + 288_014 + 3, heard);
    }
  }

  @Test
  @DisplayName("O1: after a reply that was slow, refused or stalled, ten minutes are ten minutes")
  void idleAfterReplies() {
    store.beforeMessage =
        () -> {
          throw new MaildropException(MaildropFailure.TEMPORARY, "no");
        };
    try (Embedded session = session()) {
      session.login();
      assertTrue(session.says("RETR 2\r\n").startsWith("-ERR [SYS/TEMP] "));
      session.pass(Duration.ofMinutes(10).minus(SECOND));
      assertTrue(session.isOpen(), "after a refused message");
      session.stall();
      session.says("CAPA\r\n".repeat(2000));
      session.pass(Duration.ofMinutes(4));
      session.unstall();
      session.heard();
      session.pass(Duration.ofMinutes(10).minus(SECOND));
      assertTrue(session.isOpen(), "after a stall");
      session.pass(SECOND);
      assertFalse(session.isOpen());
    }
  }

  @Test
  @DisplayName("K7: a client that does not take the answer to QUIT is not waited for without end")
  void stalledAtQuit() throws Exception {
    try (Embedded session = session()) {
      session.login();
      session.stall();
      assertEquals("", session.says("DELE 1\r\nQUIT\r\n"));
      store.awaitReleased();
      assertEquals(1, store.deletions.availablePermits());
      assertTrue(session.isOpen());
      session.pass(Duration.ofMinutes(5));
      assertFalse(session.isOpen());
    }
  }

  @Test
  @DisplayName("an UPDATE may take its time")
  void slowUpdate() {
    java.util.ArrayDeque<Runnable> tasks = new java.util.ArrayDeque<>();
    boolean[] hold = {false};
    try (Embedded session =
        new Embedded(
            Embedded.settings(),
            store,
            task -> {
              if (hold[0]) {
                tasks.add(task);
              } else {
                task.run();
              }
            })) {
      session.login();
      hold[0] = true;
      assertEquals("", session.says("QUIT\r\n"));
      session.pass(Duration.ofHours(1));
      assertTrue(session.isOpen());
      hold[0] = false;
      tasks.remove().run();
      session.channel.runPendingTasks();
      assertEquals("+OK bye\r\n", session.heard());
      assertFalse(session.isOpen());
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.LeaseSettings;
import org.fermoposta.pop3.server.maildrop.LeaseSettings.Policy;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What only a second process shows: the kernel's lock, and another locale. */
final class MaildirProcessesTest extends MaildirTestBase {

  private MaildropProbe probe(Map<String, String> environment) throws Exception {
    return MaildropProbe.start(root + "/{user}", "alice", environment);
  }

  @Test
  @DisplayName(
      "N039, N019: the lease holds between processes and ends with its holder, kill -9 too")
  void leaseAcrossProcesses() throws Exception {
    alice.put("new/1700000001.a", "a\n");
    try (MaildropProbe other = probe(Map.of())) {
      other.linesUntil("holding");
      assertFails(MaildropFailure.IN_USE, this::open);
      assertFails(MaildropFailure.IN_USE, this::open);
      other.release();
      other.linesUntil("closed");
    }
    open().close();
    try (MaildropProbe other = probe(Map.of())) {
      other.linesUntil("holding");
      assertFails(MaildropFailure.IN_USE, this::open);
      other.kill();
      try (Maildrop mine = open()) {
        assertEquals(1, mine.count());
        // A refused attempt by this process must not have dropped the kernel's lock (POSIX locks
        // go with any close): another process is still refused.
        assertFails(MaildropFailure.IN_USE, this::open);
        try (MaildropProbe third = probe(Map.of())) {
          assertEquals(1, third.exitCode(), "a third process got the lease");
        }
      }
    }
  }

  @Test
  @DisplayName(
      "K1: the log names the holder in another process; garbage in the lock file is harmless")
  void holderInAnotherProcessIsNamed() throws Exception {
    Path lock = alice.path().resolve(MaildirLease.LOCK_FILE);
    try (MaildropProbe other = probe(Map.of())) {
      other.linesUntil("holding");
      String said = assertFails(MaildropFailure.IN_USE, this::open).logText();
      assertTrue(
          said.matches(".*: in use by \"probe\" for \\d+ s in another process, pid \\d+"), said);
      for (String garbage :
          List.of("", "\0\0", "fermoposta lease since=1 pid=", "x".repeat(5000), "\r\n\u001b[m")) {
        // Written into, not replaced: closing one of our descriptors drops no lock of theirs.
        Files.writeString(lock, garbage);
        said = assertFails(MaildropFailure.IN_USE, this::open).logText();
        assertTrue(said.endsWith(": in use by another process"), said);
      }
      Files.writeString(lock, "fermoposta lease since=1 pid=2 by=a\u001b\nb\n");
      said = assertFails(MaildropFailure.IN_USE, this::open).logText();
      assertTrue(said.contains(" in use by \"a\\u001b\\u000ab\" for "), said);
      other.kill();
    }
    open().close();
    String note = Files.readString(lock);
    assertTrue(note.matches("fermoposta lease since=\\d+ pid=\\d+ by=test\n"), note);
    Files.writeString(lock, "Subject: mail that somebody linked to this name\n\n");
    open().close();
    assertEquals("Subject: mail that somebody linked to this name\n\n", Files.readString(lock));
  }

  @Test
  @DisplayName("K6, N039: a login waits for another process too, and gets the lease when that ends")
  void waitsForAnotherProcess() throws Exception {
    MaildirStore patient =
        store(new LeaseSettings(Policy.WAIT, Duration.ofSeconds(30), Duration.ZERO));
    MaildirStore brief =
        store(new LeaseSettings(Policy.WAIT, Duration.ofMillis(200), Duration.ZERO));
    MaildirStore bold =
        store(new LeaseSettings(Policy.TAKE_OVER, Duration.ofSeconds(30), Duration.ZERO));
    try (MaildropProbe other = probe(Map.of());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      other.linesUntil("holding");
      assertFails(
          MaildropFailure.IN_USE,
          () -> brief.open(MaildropAddress.of(ALICE), LeaseHolder.unyielding("brief")));
      assertFails(
          MaildropFailure.IN_USE,
          () -> bold.open(MaildropAddress.of(ALICE), LeaseHolder.unyielding("bold")));
      Future<Maildrop> waiting =
          threads.submit(
              () -> patient.open(MaildropAddress.of(ALICE), LeaseHolder.unyielding("patient")));
      assertThrows(TimeoutException.class, () -> waiting.get(300, TimeUnit.MILLISECONDS));
      other.kill();
      waiting.get(20, TimeUnit.SECONDS).close();
    }
  }

  @Test
  @DisplayName("N012: in the C locale names that are not ASCII are served alike, with the same ids")
  void otherLocale() throws Exception {
    List<String> expected = new ArrayList<>();
    for (String name : MaildirNamesTest.STRANGE) {
      alice.put("cur/" + name, "in " + name + "\n");
    }
    alice.put("new/1700000009.plain", "plain\n");
    try (Maildrop maildrop = open()) {
      for (int n = 1; n <= maildrop.count(); n++) {
        int stored = text(maildrop, n).length();
        expected.add(maildrop.uniqueId(n) + " " + maildrop.octets(n) + " " + stored);
      }
    }
    expected.add("holding ANSI_X3.4-1968");
    try (MaildropProbe other = probe(Map.of("LC_ALL", "C", "LANG", "C"))) {
      assertEquals(expected, other.linesUntil("holding"));
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fermoposta.pop3.server.maildrop.Maildrop;
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

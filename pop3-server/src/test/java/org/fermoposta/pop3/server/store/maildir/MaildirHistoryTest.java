// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fermoposta.pop3.server.maildrop.DeviceName;
import org.fermoposta.pop3.server.maildrop.LeaseSettings;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.SessionSummary;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What sessions leave behind for whoever asks later. */
final class MaildirHistoryTest extends MaildirTestBase {

  private static final SessionSummary SUMMARY =
      new SessionSummary("10.0.0.7", DeviceName.parse("phone"), 2, 1);

  private Path file() {
    return alice.path().resolve(MaildirHistory.FILE);
  }

  private HistoryEntry session() throws Exception {
    try (Maildrop maildrop = open()) {
      maildrop.note(SUMMARY);
    }
    List<HistoryEntry> entries = new MaildirHistory(files, alice.path()).entries();
    return entries.get(entries.size() - 1);
  }

  @Test
  @DisplayName("each session tells how many messages came and went since the one before")
  void counts() throws Exception {
    alice.put("new/1700000001.a", "a\n");
    alice.put("new/1700000002.b", "b\n");
    HistoryEntry first = session();
    assertEquals("10.0.0.7 phone 2 -1 -1 2 1 0 index-none", shown(first));
    HistoryEntry second = session();
    assertEquals("10.0.0.7 phone 2 0 0 2 1 0 ", shown(second));
    assertEquals(first.names(), second.names());
    alice.put("new/1700000003.c", "c\n");
    alice.move("new/1700000001.a", "cur/1700000001.a:2,S");
    Files.delete(alice.file("new/1700000002.b"));
    HistoryEntry third = session();
    assertEquals("10.0.0.7 phone 2 1 1 2 1 0 ", shown(third));
    assertFalse(first.names().equals(third.names()));
    Files.write(alice.path().resolve(MaildirIndex.FILE), new byte[50]);
    assertEquals("10.0.0.7 phone 2 -1 -1 2 1 0 index-bad", shown(session()));
  }

  private static String shown(HistoryEntry entry) {
    return String.join(
        " ",
        entry.peer(),
        entry.device(),
        "" + entry.messages(),
        "" + entry.arrived(),
        "" + entry.gone(),
        "" + entry.retrieved(),
        "" + entry.deleted(),
        entry.passport(),
        entry.note());
  }

  @Test
  @DisplayName("N013: files of one name are neither new nor gone each time something else changes")
  void twins() throws Exception {
    alice.put("new/1700000001.a", "a\n");
    alice.put("cur/1700000001.a:2,S", "other\n");
    session();
    alice.put("new/1700000002.b", "b\n");
    HistoryEntry entry = session();
    assertEquals(3, entry.messages());
    assertEquals(1, entry.arrived());
    assertEquals(0, entry.gone());
  }

  @Test
  @DisplayName("a passport that is written is an event, and shows in the sessions after it")
  void passport() throws Exception {
    alice.put("new/1700000001.a", "a\n");
    assertEquals("0", session().passport());
    Passport.Builder passport = Passport.builder("dovecot", "any");
    passport.add(
        "1700000001.a".getBytes(StandardCharsets.US_ASCII),
        new org.fermoposta.pop3.protocol.UniqueId("1"));
    try (MaildirAtRest maildir =
        MaildirAtRest.take(
                MaildropTemplate.parse(root + "/{user}"), MaildropAddress.of(ALICE), "test", files)
            .orElseThrow()) {
      maildir.issue(passport.build());
      HistoryEntry event = maildir.entries().get(1);
      assertEquals(HistoryEntry.PASSPORT, event.event());
      assertEquals("dovecot", event.note());
      assertEquals(1, event.messages());
    }
    assertFalse(session().passport().equals("0"));
  }

  @Test
  @DisplayName("N025: it stays below two files of 256 KiB and a line, and keeps the newest lines")
  void bounded() throws Exception {
    MaildirHistory history = new MaildirHistory(files, alice.path());
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    for (int i = 0; i < 20_000; i++) {
      history.add(HistoryEntry.event(start.plusSeconds(i), "event", i, "", "x".repeat(50)));
    }
    long octets = Files.size(file()) + Files.size(alice.path().resolve(MaildirHistory.OLDER));
    assertTrue(octets < 2 * (MaildirHistory.MAX_OCTETS + 1000), octets + " octets");
    List<HistoryEntry> entries = history.entries();
    assertTrue(entries.size() > 1000, entries.size() + " entries");
    assertEquals(19_999, entries.get(entries.size() - 1).messages());
    for (int i = 1; i < entries.size(); i++) {
      assertEquals(entries.get(i - 1).messages() + 1, entries.get(i).messages());
    }
  }

  @Test
  @DisplayName("N064: what a client names itself cannot forge a line or a field")
  void noForging() {
    HistoryEntry entry =
        new HistoryEntry(
            Instant.EPOCH, "session", "a\n2026 x", "d e=f \u001b[2J", 1, 2, 3, 4, 5, "n", "p", "");
    String line = entry.line();
    assertEquals(
        "1970-01-01T00:00:00Z session peer=a_2026_x device=d_e=f__[2J messages=1 new=2 gone=3"
            + " retrieved=4 deleted=5 names=n passport=p",
        line);
    assertEquals(Optional.of(line), HistoryEntry.parse(line).map(HistoryEntry::line));
    for (int length = 0; length < line.length(); length++) {
      // Never an exception, whatever a crash left.
      Optional<HistoryEntry> half = HistoryEntry.parse(line.substring(0, length));
      assertTrue(half.isEmpty() || half.get().at().equals(Instant.EPOCH));
    }
  }

  @ParameterizedTest
  @EnumSource(FailingFiles.Fault.class)
  @DisplayName(
      "N001, N008, N038: a history that cannot be written costs its line, and nothing else")
  void failures(FailingFiles.Fault fault) throws Exception {
    alice.put("new/1700000001.a", "a\n");
    for (int k = 1; k < 6; k++) {
      FailingFiles failing = new FailingFiles();
      Maildrop maildrop =
          new MaildirStore(
                  MaildropTemplate.parse(root + "/{user}"), LeaseSettings.defaults(), failing)
              .open(
                  MaildropAddress.of(ALICE),
                  org.fermoposta.pop3.server.maildrop.LeaseHolder.unyielding("test"));
      failing.arm(k, fault, true);
      maildrop.note(SUMMARY);
      failing.disarm();
      maildrop.close();
      try (Maildrop again = open()) {
        assertEquals(1, again.count());
      }
    }
  }

  @Test
  @DisplayName("N011: a FIFO or a directory in its place holds up nothing")
  void inTheWay() throws Exception {
    alice.put("new/1700000001.a", "a\n");
    assertEquals(0, new ProcessBuilder("mkfifo", file().toString()).start().waitFor());
    try (Maildrop maildrop = open()) {
      maildrop.note(SUMMARY);
    }
    Files.delete(file());
    Files.createDirectory(file());
    try (Maildrop maildrop = open()) {
      maildrop.note(SUMMARY);
      assertEquals(1, maildrop.count());
    }
  }

  @Test
  @DisplayName("switched off it leaves nothing")
  void off() throws IOException, org.fermoposta.pop3.server.maildrop.MaildropException {
    MaildirStore store =
        new MaildirStore(MaildropTemplate.parse(root + "/{user}"), LeaseSettings.defaults(), false);
    try (Maildrop maildrop =
        store.open(
            MaildropAddress.of(ALICE),
            org.fermoposta.pop3.server.maildrop.LeaseHolder.unyielding("test"))) {
      maildrop.note(SUMMARY);
    }
    assertFalse(Files.exists(file()));
  }
}

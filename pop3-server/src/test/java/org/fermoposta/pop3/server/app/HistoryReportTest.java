// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.fermoposta.pop3.server.store.maildir.HistoryEntry;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is said of sessions, and what not. */
final class HistoryReportTest {
  private final List<HistoryEntry> entries = new ArrayList<>();
  private Instant now = Instant.parse("2026-11-19T09:00:00Z");

  private void session(
      String peer, int messages, int arrived, int gone, int retrieved, String passport) {
    session(peer, messages, arrived, gone, retrieved, passport, "");
  }

  private void session(
      String peer,
      int messages,
      int arrived,
      int gone,
      int retrieved,
      String passport,
      String note) {
    entries.add(
        new HistoryEntry(
            now,
            HistoryEntry.SESSION,
            peer,
            "",
            messages,
            arrived,
            gone,
            retrieved,
            0,
            "n" + messages,
            passport,
            note));
    now = now.plusSeconds(3600);
  }

  private void says(String expected) {
    assertEquals(
        expected, String.join("\n", new HistoryReport(ZoneOffset.UTC).lines(entries)) + "\n");
  }

  @Test
  @DisplayName("a client that retrieves all again although no id changed is said to have forgotten")
  void clientForgot() {
    session("10.0.0.7", 4200, -1, -1, 4200, "0", "index-none");
    session("10.0.0.7", 4212, 12, 0, 12, "0");
    session("10.0.0.7", 4212, 0, 0, 4212, "0");
    session("10.0.0.9", 4212, 0, 0, 4212, "0");
    says(
        """
        2026-11-19 09:00 from 10.0.0.7: 4200 messages; retrieved 4200
        2026-11-19 10:00 from 10.0.0.7: 4212 messages, 12 new; retrieved 12
        2026-11-19 11:00 from 10.0.0.7: 4212 messages; retrieved 4212
            at least 4212 of them had been retrieved before, and their unique-ids are the same as on\
         2026-11-19 10:00: the client forgot
        2026-11-19 12:00 from 10.0.0.9: 4212 messages; retrieved 4212
            at least 4212 of them had been retrieved before, and their unique-ids are the same as on\
         2026-11-19 11:00: a client that was not here before, or that forgot
        """);
  }

  @Test
  @DisplayName("ids of an old server that changed are named as the cause")
  void idsChanged() {
    session("10.0.0.7", 10, 0, 0, 10, "abc");
    entries.add(
        new HistoryEntry(
            now, HistoryEntry.PASSPORT, "", "", 10, -1, -1, -1, -1, "", "", "dovecot"));
    session("10.0.0.7", 10, 0, 0, 10, "def");
    says(
        """
        2026-11-19 09:00 from 10.0.0.7: 10 messages; retrieved 10
        2026-11-19 10:00 the unique-ids that dovecot gave to 10 messages were written down
        2026-11-19 10:00 from 10.0.0.7: 10 messages; retrieved 10
            unique-ids of the old server changed since 2026-11-19 09:00
            at least 10 of them had been retrieved before: clients took them for new ones
        """);
  }

  @Test
  @DisplayName("mail that was left for later, or is new, is not said to be retrieved again")
  void nothingAgain() {
    session("10.0.0.7", 10, 0, 0, 3, "0");
    session("10.0.0.7", 12, 2, 0, 9, "0");
    session("10.0.0.7", 12, -1, -1, 0, "0", "index-bad");
    session("10.0.0.7", 13, -1, -1, 13, "0", "index-none");
    session("10.0.0.7", 20, 20, 13, 20, "0");
    says(
        """
        2026-11-19 09:00 from 10.0.0.7: 10 messages; retrieved 3
        2026-11-19 10:00 from 10.0.0.7: 12 messages, 2 new; retrieved 9
        2026-11-19 11:00 from 10.0.0.7: 12 messages; retrieved 0
            the index was damaged and built anew, which changes no unique-id
        2026-11-19 12:00 from 10.0.0.7: 13 messages; retrieved 13
            the index was lost and built anew, which changes no unique-id
        2026-11-19 13:00 from 10.0.0.7: 20 messages, 20 new, 13 gone since; retrieved 20
            every message is new: the Maildir was exchanged, or all its files were renamed
        """);
  }
}

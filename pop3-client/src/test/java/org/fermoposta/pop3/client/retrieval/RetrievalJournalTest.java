// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.retrieval;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.fermoposta.pop3.client.retrieval.JournalException.Reason;
import org.fermoposta.pop3.protocol.UniqueId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class RetrievalJournalTest {
  private static final String ACCOUNT = "älice@pop.example.org";

  @TempDir Path directory;
  private Path file;
  private Instant now = Instant.parse("2026-11-25T10:00:00Z");

  @BeforeEach
  void name() {
    file = directory.resolve("state").resolve("journal");
  }

  @Test
  @DisplayName("CL4: each state of a message is there again when the journal is opened again")
  void remembers() throws IOException {
    try (RetrievalJournal journal = open()) {
      journal.seen(key("seen"));
      journal.delivering(key("doubt"), "new/a b%\n");
      journal.delivered(key("done"), 5_000_000_000L, -42);
      journal.failed(key("bad"), "no\nwäy");
      journal.failed(key("bad"), "no\nwäy");
      journal.delivered(key("confirmed"), 1, 1);
      assertTrue(journal.confirm(key("confirmed")));
      assertFalse(journal.confirm(key("unknown")));
      assertFalse(journal.confirm(key("seen")));
      journal.delivered(key("gone"), 1, 1);
      journal.deleted(key("gone"));
      journal.loggedIn(Duration.ofSeconds(90));
    }
    for (int round = 0; round < 2; round++) {
      try (RetrievalJournal journal = open()) {
        assertEquals(6, journal.size());
        assertEquals(MessageState.SEEN, entry(journal, "seen").state());
        assertEquals("new/a b%\n", journal.in(MessageState.DELIVERING).get(0).note());
        assertEquals(MessageState.DELIVERED, entry(journal, "done").state());
        assertEquals((int) 5_000_000_000L, entry(journal, "done").octets());
        assertEquals(-42, entry(journal, "done").digest());
        assertEquals(now, entry(journal, "done").since());
        assertEquals(2, entry(journal, "bad").attempts());
        assertEquals("no\nwäy", entry(journal, "bad").note());
        assertEquals(MessageState.CONFIRMED, entry(journal, "confirmed").state());
        assertEquals(MessageState.DELETED, entry(journal, "gone").state());
        assertEquals(Optional.of(now.plusSeconds(90)), journal.loginAllowedAt());
        assertArrayEquals(new long[] {-42, 1, 1}, journal.deliveredDigests());
        journal.compact();
      }
    }
  }

  @Test
  @DisplayName("cut off after any octet, all lines before that are there and it goes on")
  void tornAtEachOctet() throws IOException {
    List<Integer> ends = new ArrayList<>();
    try (RetrievalJournal journal = open()) {
      ends.add((int) Files.size(file));
      for (int n = 0; n < 5; n++) {
        journal.delivered(key("m" + n), n, n);
        ends.add((int) Files.size(file));
      }
    }
    byte[] whole = Files.readAllBytes(file);
    for (int cut = ends.get(0); cut <= whole.length; cut++) {
      int written = cut;
      Files.write(file, Arrays.copyOf(whole, cut));
      int expected = (int) ends.stream().filter(end -> end <= written).count() - 1;
      try (RetrievalJournal journal = open()) {
        assertEquals(expected, journal.size(), "cut at " + cut);
        assertEquals(cut - ends.get(expected), journal.droppedOctets());
        journal.delivered(key("next"), 9, 9);
      }
      try (RetrievalJournal journal = open()) {
        assertEquals(expected + 1, journal.size(), "cut at " + cut + ", then appended to");
      }
    }
  }

  @Test
  @DisplayName("an end of zeros or of anything, as power failures leave it, is cut off")
  void garbageAtTheEnd() throws IOException {
    try (RetrievalJournal journal = open()) {
      journal.delivered(key("a"), 1, 1);
    }
    byte[] whole = Files.readAllBytes(file);
    byte[] padded = Arrays.copyOf(whole, whole.length + 10_000);
    Arrays.fill(padded, whole.length + 5000, padded.length, (byte) '\n');
    Files.write(file, padded);
    try (RetrievalJournal journal = open()) {
      assertEquals(1, journal.size());
      assertEquals(10_000, journal.droppedOctets());
    }
    assertEquals(whole.length, Files.size(file));
  }

  @Test
  @DisplayName(
      "N106: damaged before its end it is refused, in clear words; salvaging is the way out")
  void damaged() throws IOException {
    try (RetrievalJournal journal = open()) {
      for (int n = 0; n < 5; n++) {
        journal.delivered(key("m" + n), n, n);
      }
    }
    byte[] whole = Files.readAllBytes(file);
    int second = new String(whole, ISO_8859_1).indexOf('\n') + 1;
    int last = new String(whole, ISO_8859_1).lastIndexOf('\n', whole.length - 2) + 1;
    // But the LF before the last line: without it that is one line, the last.
    for (int at = second; at < last - 1; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= 1;
      Files.write(file, changed);
      JournalException why = assertThrows(JournalException.class, this::open, "octet " + at);
      assertEquals(Reason.CORRUPT, why.reason());
      assertTrue(String.valueOf(why.getMessage()).contains("salvage"), why.getMessage());
      assertArrayEquals(changed, Files.readAllBytes(file), "left as it was");
    }
    assertEquals(1, RetrievalJournal.salvage(file, ACCOUNT));
    try (RetrievalJournal journal = open()) {
      assertEquals(4, journal.size());
    }
  }

  @Test
  @DisplayName("N106: empty, or without its beginning, it is refused and not begun anew")
  void emptied() throws IOException {
    open().close();
    byte[] header = Files.readAllBytes(file);
    for (int length = 0; length < header.length; length++) {
      Files.write(file, Arrays.copyOf(header, length));
      JournalException why = assertThrows(JournalException.class, this::open);
      assertEquals(Reason.CORRUPT, why.reason());
    }
    Files.writeString(file, "something else\n");
    assertThrows(JournalException.class, this::open);
    assertThrows(JournalException.class, () -> RetrievalJournal.salvage(file, ACCOUNT));
  }

  @Test
  @DisplayName("one at a time, and for its account only")
  void exclusive() throws IOException {
    try (RetrievalJournal journal = open()) {
      assertEquals(0, journal.size());
      JournalException why = assertThrows(JournalException.class, this::open);
      assertEquals(Reason.IN_USE, why.reason());
    }
    JournalException why =
        assertThrows(JournalException.class, () -> RetrievalJournal.open(file, "bob@example.org"));
    assertEquals(Reason.OTHER_ACCOUNT, why.reason());
    open().close();
  }

  @Test
  @DisplayName("CL4: an empty or shrunken listing forgets nothing; long absence does")
  void listings() throws IOException {
    try (RetrievalJournal journal = open()) {
      for (String id : List.of("a", "b", "c")) {
        journal.delivered(key(id), 1, 1);
      }
      journal.delivering(key("doubt"), "t");
      assertEquals(0, journal.reconcile(keys()), "empty");
      assertEquals(3, journal.reconcile(keys("a")));
      assertEquals(0, journal.forget(Duration.ofDays(30)));
      now = now.plus(Duration.ofDays(29));
      assertEquals(0, journal.reconcile(keys("a", "b")), "b is there again");
      assertEquals(0, journal.forget(Duration.ofDays(30)));
      now = now.plus(Duration.ofDays(2));
      assertEquals(1, journal.reconcile(keys("a")));
      assertEquals(4, journal.size());
      assertEquals(1, journal.forget(Duration.ofDays(30)));
    }
    try (RetrievalJournal journal = open()) {
      assertEquals(3, journal.size(), "c is forgotten, doubt is not");
      assertTrue(entry(journal, "b").absentSince().isPresent());
    }
  }

  @Test
  @DisplayName("a file that has grown far beyond its messages is written anew")
  void compaction() throws IOException {
    long before;
    try (RetrievalJournal journal = open()) {
      for (int n = 0; n < 11_000; n++) {
        journal.failed(key("a"), "again");
      }
      before = Files.size(file);
    }
    assertTrue(Files.size(file) < before / 1000, Files.size(file) + " octets");
    try (RetrievalJournal journal = open()) {
      assertEquals(255, entry(journal, "a").attempts());
    }
  }

  @Test
  @DisplayName("hundred thousand messages are found again, and take 64 octets each at most")
  void many() throws IOException {
    JournalTable table = new JournalTable();
    IntStream.range(0, 100_000).forEach(n -> table.put(MessageKey.of(new UniqueId("id" + n)), now));
    assertEquals(100_000, table.count());
    assertTrue(
        IntStream.range(0, 100_000)
            .allMatch(n -> table.find(MessageKey.of(new UniqueId("id" + n))) >= 0));
    assertEquals(-1, table.find(MessageKey.of(new UniqueId("id100000"))));
    assertTrue(table.slots() * 34L <= 64L * table.count(), table.slots() + " slots");
  }

  private RetrievalJournal open() throws IOException {
    return RetrievalJournal.open(file, ACCOUNT, () -> now);
  }

  private static MessageKey key(String id) {
    return MessageKey.of(new UniqueId(id));
  }

  private static Iterator<MessageKey> keys(String... ids) {
    return ids.length == 0
        ? Collections.emptyIterator()
        : Arrays.stream(ids).map(RetrievalJournalTest::key).iterator();
  }

  private static JournalEntry entry(RetrievalJournal journal, String id) {
    return journal.find(key(id)).orElseThrow();
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.retrieval;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fermoposta.pop3.client.retrieval.JournalException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What became of each message of one account: a file that is appended to, one line for each change,
 * the last one counts. Changes are in the kernel's hands when a method returns, so they survive the
 * end of this process; {@link #sync} makes them survive a crash of the machine. About 60 octets of
 * memory for each message.
 *
 * <p>A line that was written in part, at the end of the file, is dropped when the journal is
 * opened. A journal that is damaged elsewhere is refused, since to go on without it would be to
 * fetch everything again: put a copy of it back, or {@link #salvage} it.
 *
 * <p>Thread-safe. After a failed write every further change fails, with {@link JournalException}.
 */
public final class RetrievalJournal implements AutoCloseable {
  private static final int COMPACTION_LINES = 10_000;

  private final JournalFile file;
  private final String account;
  private final InstantSource clock;
  private JournalTable table = new JournalTable();
  private @Nullable Instant loggedIn;
  private Duration loginDelay = Duration.ZERO;
  private long lines;
  private long droppedOctets;
  private long damagedLines;

  private RetrievalJournal(JournalFile file, String account, InstantSource clock) {
    this.file = file;
    this.account = account;
    this.clock = clock;
  }

  /**
   * Opens a journal, which is made if it does not exist; so is its directory. A second file beside
   * it, with {@code .lock} behind its name, is locked until {@link #close}.
   *
   * @param account whose messages, in any form that stays the same, such as {@code user@host}
   * @throws JournalException if it is in use, damaged, or another account's
   */
  public static RetrievalJournal open(Path file, String account) throws IOException {
    return open(file, account, InstantSource.system());
  }

  /** As {@link #open(Path, String)}, with a clock. */
  public static RetrievalJournal open(Path file, String account, InstantSource clock)
      throws IOException {
    return open(file, account, clock, /* salvage= */ false);
  }

  /**
   * Makes a damaged journal usable: whole lines are kept, the others dropped. What they said is
   * forgotten, so that some messages may be retrieved once more.
   *
   * @return how many lines were dropped
   * @throws JournalException if it is in use, another account's, or has no beginning
   */
  public static long salvage(Path file, String account) throws IOException {
    try (RetrievalJournal journal = open(file, account, InstantSource.system(), true)) {
      journal.compact();
      return journal.damagedLines;
    }
  }

  private static RetrievalJournal open(
      Path path, String account, InstantSource clock, boolean salvage) throws IOException {
    JournalFile file = JournalFile.lock(path);
    RetrievalJournal journal = new RetrievalJournal(file, account, clock);
    try {
      if (file.exists()) {
        journal.load(salvage);
      } else if (salvage) {
        throw new JournalException(Reason.CORRUPT, path, "no such file");
      } else {
        file.replace(Stream.of(JournalLine.header(account)));
      }
      return journal;
    } catch (IOException | RuntimeException unusable) {
      file.close();
      throw unusable;
    }
  }

  /** Returns whose messages. */
  public String account() {
    return account;
  }

  /** Returns how many messages are known. */
  public synchronized int size() {
    return table.count();
  }

  /** Returns how many octets at the end of the file were dropped, as they were written in part. */
  public synchronized long droppedOctets() {
    return droppedOctets;
  }

  /** Returns what is known of a message. */
  public synchronized Optional<JournalEntry> find(MessageKey key) {
    int slot = table.find(key);
    return slot < 0 ? Optional.empty() : Optional.of(table.entry(slot));
  }

  /** Returns all messages in such a state; not meant for states that millions have. */
  public synchronized List<JournalEntry> in(MessageState state) {
    List<JournalEntry> entries = new ArrayList<>();
    for (int slot = 0; slot < table.slots(); slot++) {
      if (table.isTaken(slot) && table.state(slot) == state) {
        entries.add(table.entry(slot));
      }
    }
    return entries;
  }

  /** Returns the digests of all that was delivered, as far as they are known, in order. */
  synchronized long[] deliveredDigests() {
    return IntStream.range(0, table.slots())
        .filter(slot -> table.isTaken(slot) && table.state(slot).isDelivered())
        .mapToLong(table::digest)
        .filter(digest -> digest != 0)
        .sorted()
        .toArray();
  }

  /** The message is known from now on: nothing is to be done with it, and it is never deleted. */
  public synchronized void seen(MessageKey key) throws IOException {
    change(key, MessageState.SEEN, "");
  }

  /**
   * The message is about to be put where it goes.
   *
   * @param token what the target asks for to learn whether it was, at most 400 characters
   */
  public synchronized void delivering(MessageKey key, String token) throws IOException {
    if (token.length() > JournalLine.MAX_NOTE) {
      throw new IllegalArgumentException(
          "token: " + token.length() + " characters (expected: <= " + JournalLine.MAX_NOTE + ")");
    }
    change(key, MessageState.DELIVERING, token);
  }

  /**
   * The message is where it goes.
   *
   * @param octets as the server counts them
   * @param digest the first 64 bits of the SHA-256 of the content; 0 if unknown
   */
  public synchronized void delivered(MessageKey key, long octets, long digest) throws IOException {
    table.content(table.put(key, clock.instant()), (int) octets, digest);
    change(key, MessageState.DELIVERED, "");
  }

  /** The message failed once more. */
  public synchronized void failed(MessageKey key, String why) throws IOException {
    int slot = table.put(key, clock.instant());
    table.attempts(slot, table.entry(slot).attempts() + 1);
    change(key, MessageState.FAILED, why);
  }

  /** The message turned out not to be where it was to go. */
  public synchronized void notDelivered(MessageKey key) throws IOException {
    change(key, MessageState.FAILED, "");
  }

  /**
   * The application is done with a message: it may be deleted from the server. Without effect
   * unless the message is {@link MessageState#DELIVERED}.
   *
   * @return whether it had an effect
   */
  public synchronized boolean confirm(MessageKey key) throws IOException {
    int slot = table.find(key);
    if (slot < 0 || table.state(slot) != MessageState.DELIVERED) {
      return false;
    }
    change(key, MessageState.CONFIRMED, "");
    return true;
  }

  /** The server said that it deleted the message. */
  public synchronized void deleted(MessageKey key) throws IOException {
    change(key, MessageState.DELETED, "");
  }

  /**
   * Compares with a complete listing: notes which messages it is without, and which are there
   * again. An empty listing changes nothing, as it says more about the server than about the mail.
   *
   * @return how many messages were thought to be there and are not
   */
  public synchronized int reconcile(Iterator<MessageKey> listed) throws IOException {
    if (!listed.hasNext()) {
      return 0;
    }
    BitSet there = new BitSet(table.slots());
    while (listed.hasNext()) {
      int slot = table.find(listed.next());
      if (slot >= 0) {
        there.set(slot);
      }
    }
    Instant now = clock.instant();
    int[] changed =
        IntStream.range(0, table.slots())
            .filter(slot -> table.isTaken(slot) && table.isAbsent(slot) == there.get(slot))
            .toArray();
    int gone = 0;
    for (int slot : changed) {
      boolean absent = !there.get(slot);
      table.absent(slot, absent ? Optional.of(now) : Optional.empty());
      gone += absent ? 1 : 0;
    }
    file.append(IntStream.of(changed).mapToObj(table::entry).map(JournalLine::entry));
    lines += changed.length;
    return gone;
  }

  /**
   * Forgets messages that listings have been without for so long. Those in doubt are kept.
   *
   * @return how many
   */
  public synchronized int forget(Duration absentFor) throws IOException {
    Instant until = clock.instant().minus(absentFor);
    JournalTable kept = new JournalTable();
    for (int slot = 0; slot < table.slots(); slot++) {
      if (table.isTaken(slot) && !isForgettable(table.entry(slot), until)) {
        kept.restore(table.entry(slot));
      }
    }
    int forgotten = table.count() - kept.count();
    if (forgotten > 0) {
      table = kept;
      compact();
    }
    return forgotten;
  }

  /** Notes a login, and how long the server wants to have until the next (RFC 2449, 6.5). */
  public synchronized void loggedIn(Duration delay) throws IOException {
    loggedIn = clock.instant();
    loginDelay = delay;
    file.append(Stream.of(loginLine(loggedIn)));
    lines++;
  }

  /** Returns when the server lets the account log in again; empty if at any time. */
  public synchronized Optional<Instant> loginAllowedAt() {
    return Optional.ofNullable(loggedIn)
        .filter(last -> loginDelay.compareTo(Duration.ZERO) > 0)
        .map(last -> last.plus(loginDelay));
  }

  /** Makes all changes so far survive a crash of the machine. */
  public synchronized void sync() throws IOException {
    file.force();
  }

  /** Writes the file anew, with one line for each message. */
  public synchronized void compact() throws IOException {
    Stream<String> entries =
        IntStream.range(0, table.slots())
            .filter(table::isTaken)
            .mapToObj(table::entry)
            .map(JournalLine::entry);
    Stream<String> login = Optional.ofNullable(loggedIn).map(this::loginLine).stream();
    file.replace(
        Stream.concat(Stream.concat(Stream.of(JournalLine.header(account)), login), entries));
    lines = table.count();
  }

  /** Syncs, compacts if that is worth it, and lets others open the journal. */
  @Override
  public synchronized void close() throws IOException {
    try (JournalFile closed = file) {
      closed.force();
      if (lines > 2L * table.count() + COMPACTION_LINES) {
        compact();
      }
    }
  }

  @Override
  public String toString() {
    return "RetrievalJournal[" + file.path() + ", " + account + "]";
  }

  private void change(MessageKey key, MessageState to, String note) throws IOException {
    int slot = table.put(key, clock.instant());
    table.set(slot, to, clock.instant(), note);
    file.append(Stream.of(JournalLine.entry(table.entry(slot))));
    lines++;
  }

  private String loginLine(Instant when) {
    return "L " + when.getEpochSecond() + " " + loginDelay.toSeconds();
  }

  private void load(boolean salvage) throws IOException {
    Path path = file.path();
    Loader loader = new Loader();
    JournalScan scan;
    try {
      scan = JournalScan.read(path, loader::line);
    } catch (IllegalArgumentException unknown) {
      throw new JournalException(
          Reason.CORRUPT, path, "a line of another version: " + unknown.getMessage());
    }
    String header = loader.header;
    if (header == null || !header.startsWith(JournalLine.MAGIC + " ")) {
      throw new JournalException(
          Reason.CORRUPT,
          path,
          "no journal, or its beginning is lost. Put a copy of it back, or move it away and mark"
              + " what is on the server as seen; otherwise everything is retrieved again");
    }
    String owner = JournalLine.unescape(header.substring(JournalLine.MAGIC.length() + 1));
    if (!owner.equals(account)) {
      throw new JournalException(
          Reason.OTHER_ACCOUNT, path, "of account " + owner + " (expected: " + account + ")");
    }
    if (scan.damagedLines() > 0 && !salvage) {
      throw new JournalException(
          Reason.CORRUPT,
          path,
          scan.damagedLines()
              + " of "
              + (scan.lines() + scan.damagedLines())
              + " lines are damaged. Put a copy of it back, or salvage it: then the messages that"
              + " those lines were about may be retrieved once more");
    }
    lines = scan.lines();
    damagedLines = scan.damagedLines();
    droppedOctets = scan.tornOctets();
    file.open(scan.wholeOctets());
  }

  private static boolean isForgettable(JournalEntry entry, Instant until) {
    return entry.state() != MessageState.DELIVERING
        && entry.absentSince().map(since -> since.isBefore(until)).orElse(false);
  }

  /** Takes lines in. */
  private final class Loader {
    private @Nullable String header;

    void line(String text) {
      if (header == null) {
        header = text;
      } else if (text.startsWith("L ")) {
        String[] words = text.split(" ", -1);
        loggedIn = JournalLine.instant(words[1]);
        loginDelay = Duration.ofSeconds(Long.parseLong(words[2]));
      } else {
        table.restore(JournalLine.parse(text));
      }
    }
  }
}

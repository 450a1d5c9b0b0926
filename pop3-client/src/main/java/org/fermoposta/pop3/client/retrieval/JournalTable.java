// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.retrieval;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

// Design note. Open addressing with linear probing over parallel arrays, since a mailbox can have
// millions of messages: 34 octets a slot, at most three quarters of which are taken, so 45 to 64
// octets a message. A slot whose time is 0 is free. Keys are hashes already, so the first 64 bits
// choose the slot. Nothing is removed one by one; forgetting builds a new table.

/** The entries of a journal by key. Not thread-safe. */
final class JournalTable {
  private static final int FIRST_SLOTS = 64;
  private static final long SECONDS_A_MINUTE = 60;

  private long[] high = new long[FIRST_SLOTS];
  private int[] low = new int[FIRST_SLOTS];
  private long[] digest = new long[FIRST_SLOTS];
  private int[] octets = new int[FIRST_SLOTS];
  private int[] sinceMinute = new int[FIRST_SLOTS];
  private int[] absentMinute = new int[FIRST_SLOTS];
  private byte[] state = new byte[FIRST_SLOTS];
  private byte[] attempts = new byte[FIRST_SLOTS];
  private final Map<MessageKey, String> notes = new HashMap<>();
  private int count;

  int count() {
    return count;
  }

  int slots() {
    return high.length;
  }

  /** Returns the slot of a key, or -1. */
  int find(MessageKey key) {
    int slot = slot(key.high(), key.low());
    return isTaken(slot) ? slot : -1;
  }

  /** Returns the slot of a key, which is made if need be: in state FAILED without attempts. */
  int put(MessageKey key, Instant now) {
    int slot = slot(key.high(), key.low());
    if (!isTaken(slot)) {
      if (count + 1 > high.length / 4 * 3) {
        grow();
        slot = slot(key.high(), key.low());
      }
      high[slot] = key.high();
      low[slot] = key.low();
      state[slot] = (byte) MessageState.FAILED.letter();
      sinceMinute[slot] = minute(now);
      count++;
    }
    return slot;
  }

  boolean isTaken(int slot) {
    return sinceMinute[slot] != 0;
  }

  MessageKey key(int slot) {
    return new MessageKey(high[slot], low[slot]);
  }

  MessageState state(int slot) {
    return MessageState.of((char) state[slot]);
  }

  long digest(int slot) {
    return digest[slot];
  }

  boolean isAbsent(int slot) {
    return absentMinute[slot] != 0;
  }

  void set(int slot, MessageState to, Instant when, String note) {
    state[slot] = (byte) to.letter();
    sinceMinute[slot] = minute(when);
    if (note.isEmpty()) {
      notes.remove(key(slot));
    } else {
      notes.put(key(slot), note);
    }
  }

  void content(int slot, int messageOctets, long contentDigest) {
    octets[slot] = messageOctets;
    digest[slot] = contentDigest;
  }

  void attempts(int slot, int number) {
    attempts[slot] = (byte) Math.min(number, 255);
  }

  void absent(int slot, Optional<Instant> since) {
    absentMinute[slot] = since.map(JournalTable::minute).orElse(0);
  }

  JournalEntry entry(int slot) {
    MessageKey key = key(slot);
    return new JournalEntry(
        key,
        state(slot),
        instant(sinceMinute[slot]),
        octets[slot],
        digest[slot],
        attempts[slot] & 0xff,
        isAbsent(slot) ? Optional.of(instant(absentMinute[slot])) : Optional.empty(),
        notes.getOrDefault(key, ""));
  }

  void restore(JournalEntry entry) {
    int slot = put(entry.key(), entry.since());
    set(slot, entry.state(), entry.since(), entry.note());
    content(slot, entry.octets(), entry.digest());
    attempts(slot, entry.attempts());
    absent(slot, entry.absentSince());
  }

  /** Returns the slot that has the key, or the free one where it would go. */
  private int slot(long keyHigh, int keyLow) {
    int slot = (int) Long.remainderUnsigned(keyHigh, high.length);
    while (isTaken(slot) && (high[slot] != keyHigh || low[slot] != keyLow)) {
      slot = slot + 1 == high.length ? 0 : slot + 1;
    }
    return slot;
  }

  private void grow() {
    JournalTable old = new JournalTable();
    old.high = high;
    old.low = low;
    old.digest = digest;
    old.octets = octets;
    old.sinceMinute = sinceMinute;
    old.absentMinute = absentMinute;
    old.state = state;
    old.attempts = attempts;
    int slots = Math.toIntExact(old.high.length + old.high.length / 5L * 2 + 8);
    high = new long[slots];
    low = new int[slots];
    digest = new long[slots];
    octets = new int[slots];
    sinceMinute = new int[slots];
    absentMinute = new int[slots];
    state = new byte[slots];
    attempts = new byte[slots];
    for (int from = 0; from < old.high.length; from++) {
      if (old.isTaken(from)) {
        int to = slot(old.high[from], old.low[from]);
        high[to] = old.high[from];
        low[to] = old.low[from];
        digest[to] = old.digest[from];
        octets[to] = old.octets[from];
        sinceMinute[to] = old.sinceMinute[from];
        absentMinute[to] = old.absentMinute[from];
        state[to] = old.state[from];
        attempts[to] = old.attempts[from];
      }
    }
  }

  /** At least 1, as 0 says that there is none. */
  private static int minute(Instant when) {
    return (int) Math.max(1, when.getEpochSecond() / SECONDS_A_MINUTE);
  }

  private static Instant instant(int minute) {
    return Instant.ofEpochSecond(Integer.toUnsignedLong(minute) * SECONDS_A_MINUTE);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A line of a maildrop's history: a session that ended, or an event. Fields that a line does not
 * have are empty or -1. Immutable.
 *
 * @param at when it was written, to the second
 * @param event what happened, such as {@code session} or {@code passport}
 * @param peer the client's address
 * @param device the device it logged in as
 * @param messages how many messages there were at login
 * @param arrived how many of them the login before had not seen; -1 if that is not known
 * @param gone how many messages that the login before had seen were there no more; -1 likewise
 * @param retrieved how many messages were taken whole
 * @param deleted how many were removed
 * @param names changes when the set of messages does
 * @param passport changes when unique-ids of an old server do; {@code 0} without any
 * @param note what is to be said of an event, or of the index
 */
public record HistoryEntry(
    Instant at,
    String event,
    String peer,
    String device,
    int messages,
    int arrived,
    int gone,
    int retrieved,
    int deleted,
    String names,
    String passport,
    String note) {

  /** What a session is called. */
  public static final String SESSION = "session";

  /** What it is called when unique-ids of an old server were written. */
  public static final String PASSPORT = "passport";

  private static final int MAX_VALUE_CHARS = 200;

  /** An event that is no session. */
  static HistoryEntry event(Instant at, String event, int messages, String passport, String note) {
    return new HistoryEntry(at, event, "", "", messages, -1, -1, -1, -1, "", passport, note);
  }

  /** The line, without its end. Blanks and controls in values become underscores. */
  String line() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("peer", peer);
    fields.put("device", device);
    fields.put("messages", number(messages));
    fields.put("new", number(arrived));
    fields.put("gone", number(gone));
    fields.put("retrieved", number(retrieved));
    fields.put("deleted", number(deleted));
    fields.put("names", names);
    fields.put("passport", passport);
    fields.put("note", note);
    StringBuilder line = new StringBuilder(160);
    line.append(at.truncatedTo(ChronoUnit.SECONDS)).append(' ').append(event);
    fields.forEach(
        (key, value) -> {
          if (!value.isEmpty()) {
            line.append(' ').append(key).append('=').append(value(value));
          }
        });
    return line.toString();
  }

  /** Reads a line; empty if it is none, such as one that a crash cut short. */
  static Optional<HistoryEntry> parse(String line) {
    String[] words = line.split(" ");
    if (words.length < 2) {
      return Optional.empty();
    }
    Map<String, String> fields = new HashMap<>();
    for (int i = 2; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      if (equals > 0) {
        fields.put(words[i].substring(0, equals), words[i].substring(equals + 1));
      }
    }
    try {
      return Optional.of(
          new HistoryEntry(
              Instant.parse(words[0]),
              words[1],
              fields.getOrDefault("peer", ""),
              fields.getOrDefault("device", ""),
              number(fields, "messages"),
              number(fields, "new"),
              number(fields, "gone"),
              number(fields, "retrieved"),
              number(fields, "deleted"),
              fields.getOrDefault("names", ""),
              fields.getOrDefault("passport", ""),
              fields.getOrDefault("note", "")));
    } catch (DateTimeException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String number(int value) {
    return value < 0 ? "" : Integer.toString(value);
  }

  private static int number(Map<String, String> fields, String key) {
    String value = fields.get(key);
    return value == null ? -1 : Integer.parseInt(value);
  }

  private static String value(String given) {
    StringBuilder value = new StringBuilder(given.length());
    for (int i = 0; i < given.length() && i < MAX_VALUE_CHARS; i++) {
      char c = given.charAt(i);
      value.append(c > ' ' && c < 0x7F ? c : '_');
    }
    return value.toString();
  }
}

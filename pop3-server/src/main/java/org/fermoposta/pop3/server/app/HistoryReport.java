// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.fermoposta.pop3.server.store.maildir.HistoryEntry;

/*
 * Design note. A session's line has counts, not ids. What follows from them for certain: of the
 * messages there are, at most so many were never retrieved (at first all of them; each new one adds
 * one, each retrieved one takes one off). A session that retrieves more than that has retrieved some
 * for the second time. Whether the unique-ids had anything to do with it is told by the checksum of
 * those of the old server; our own follow from file names and cannot change.
 */
/** A maildrop's history in plain words. */
final class HistoryReport {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

  private final ZoneId zone;
  private final List<String> lines = new ArrayList<>();
  private final Set<String> clients = new HashSet<>();
  private int unretrieved = -1;
  private String passport = "";
  private String names = "";
  private Instant before = Instant.MIN;

  HistoryReport(ZoneId zone) {
    this.zone = zone;
  }

  /** The lines for these entries, oldest first. */
  List<String> lines(List<HistoryEntry> entries) {
    for (HistoryEntry entry : entries) {
      if (entry.event().equals(HistoryEntry.SESSION)) {
        session(entry);
      } else {
        event(entry);
      }
    }
    return List.copyOf(lines);
  }

  private void event(HistoryEntry entry) {
    if (entry.event().equals(HistoryEntry.PASSPORT)) {
      lines.add(
          time(entry.at())
              + " the unique-ids that "
              + entry.note()
              + " gave to "
              + entry.messages()
              + " messages were written down");
    } else {
      lines.add(time(entry.at()) + " " + entry.event() + " " + entry.note());
    }
  }

  private void session(HistoryEntry entry) {
    boolean first = unretrieved < 0;
    boolean sameNames = entry.names().equals(names);
    int arrived = entry.arrived() < 0 && sameNames ? 0 : entry.arrived();
    int open =
        first || arrived < 0 ? entry.messages() : Math.min(entry.messages(), unretrieved + arrived);
    int again = Math.max(0, entry.retrieved() - open);
    String client = entry.peer() + (entry.device().isEmpty() ? "" : " as " + entry.device());
    boolean known = !clients.add(client);

    StringBuilder line = new StringBuilder(time(entry.at()));
    line.append(" from ").append(client).append(": ").append(entry.messages()).append(" messages");
    if (entry.arrived() > 0) {
      line.append(", ").append(entry.arrived()).append(" new");
    }
    if (entry.gone() > 0) {
      line.append(", ").append(entry.gone()).append(" gone since");
    }
    line.append("; retrieved ").append(entry.retrieved());
    if (entry.deleted() > 0) {
      line.append(", deleted ").append(entry.deleted());
    }
    lines.add(line.toString());
    if (!first) {
      explain(entry, arrived, again, known);
    }
    unretrieved = Math.max(0, open - entry.retrieved());
    passport = entry.passport();
    names = entry.names();
    before = entry.at();
  }

  private void explain(HistoryEntry entry, int arrived, int again, boolean known) {
    boolean sameOldIds = entry.passport().equals(passport);
    if (!sameOldIds) {
      say("unique-ids of the old server changed since " + time(before));
    }
    if (entry.note().startsWith("index-")) {
      say(
          "the index was "
              + (entry.note().equals("index-bad") ? "damaged" : "lost")
              + " and built anew, which changes no unique-id");
    }
    if (arrived == entry.messages() && arrived > 1) {
      say("every message is new: the Maildir was exchanged, or all its files were renamed");
    }
    if (again == 0) {
      return;
    }
    String some = "at least " + again + " of them had been retrieved before";
    if (!sameOldIds) {
      say(some + ": clients took them for new ones");
    } else if (arrived < 0) {
      say(some + ", or were new: without an index that is not known");
    } else {
      say(
          some
              + ", and their unique-ids are the same as on "
              + time(before)
              + ": "
              + (known
                  ? "the client forgot"
                  : "a client that was not here before, or that forgot"));
    }
  }

  private void say(String what) {
    lines.add("    " + what);
  }

  private String time(Instant at) {
    return TIME.format(at.atZone(zone));
  }
}

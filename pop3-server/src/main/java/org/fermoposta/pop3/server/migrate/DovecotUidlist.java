// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.migrate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/*
 * Design note. The file's two forms:
 *
 *   1 VALIDITY NEXT              3 V<validity> N<next> [G<guid>] ...
 *   UID NAME                     UID [<letter><value> ...] :NAME
 *
 * Letters of a message: P its POP3 id whatever the format is (empty: the file name), O its place in
 * POP3's order (those that have one come first), G its GUID (else the file name), S and W sizes.
 * UIDs ascend. A name that comes again has the later UID. As strict as Dovecot is: what it would
 * throw away together with all UIDs is refused here, so that a human decides.
 */
/** A {@code dovecot-uidlist}. */
final class DovecotUidlist {

  private static final long MAX_UID = 0xFFFF_FFFEL;
  private static final long UNORDERED = Long.MAX_VALUE;

  /** What is known of a message; the POP3 id is null if it has none of its own. */
  record Message(
      long uid, String fileName, Optional<String> pop3Id, Optional<String> guid, long order) {}

  private final OldFile file;
  private final List<Message> messages = new ArrayList<>();
  private final Map<String, Integer> byName = new HashMap<>();
  private boolean versionOne;
  private long validity;
  private long next;

  private DovecotUidlist(OldFile file) {
    this.file = file;
  }

  /** Reads one; empty if there is none. */
  static Optional<DovecotUidlist> read(Path path) throws IOException, MigrationException {
    Optional<OldFile> opened = OldFile.open(path);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    try (OldFile file = opened.get()) {
      DovecotUidlist list = new DovecotUidlist(file);
      list.run();
      return Optional.of(list);
    }
  }

  long uidValidity() {
    return validity;
  }

  /** By UID. */
  List<Message> byUid() {
    return messages;
  }

  /** In the order of POP3's numbers. */
  List<Message> inOrder() {
    List<Message> ordered = new ArrayList<>(messages);
    ordered.sort(Comparator.comparingLong(Message::order));
    return ordered;
  }

  private void run() throws IOException, MigrationException {
    header(file.nextLine().orElseThrow(() -> file.bad("empty (expected: a header)")));
    long before = 0;
    for (Optional<String> line = file.nextLine(); line.isPresent(); line = file.nextLine()) {
      Message message = message(line.get());
      if (message.uid <= before) {
        throw file.bad("UID " + message.uid + " (expected: more than " + before + ")");
      }
      if (versionOne && message.uid >= next) {
        throw file.bad("UID " + message.uid + " (expected: less than " + next + ")");
      }
      before = message.uid;
      add(message);
    }
    messages.removeIf(message -> message.uid == 0);
  }

  private void add(Message message) {
    Integer earlier = byName.put(message.fileName, messages.size());
    if (earlier != null) {
      Message old = messages.get(earlier);
      messages.set(earlier, new Message(0, old.fileName, old.pop3Id, old.guid, old.order));
    }
    messages.add(message);
  }

  private void header(String line) throws MigrationException {
    String[] words = line.split(" +");
    if (words[0].equals("1") && words.length == 3) {
      versionOne = true;
      validity = number(words[1]);
      next = number(words[2]);
    } else if (words[0].equals("3")) {
      for (int i = 1; i < words.length; i++) {
        String value = words[i].substring(1);
        if (words[i].charAt(0) == 'V') {
          validity = number(value);
        } else if (words[i].charAt(0) == 'N') {
          next = number(value);
        }
      }
    } else {
      throw file.bad("header (expected: of version 1 or 3)");
    }
    if (validity == 0 || next == 0) {
      throw file.bad("header without UID validity or next UID");
    }
  }

  private Message message(String line) throws MigrationException {
    int at = line.indexOf(' ');
    if (at < 0) {
      throw file.bad("no file name (expected: UID and file name)");
    }
    long uid = number(line.substring(0, at));
    at = blanks(line, at);
    Optional<String> pop3Id = Optional.empty();
    Optional<String> guid = Optional.empty();
    long order = UNORDERED;
    while (!versionOne && at < line.length() && line.charAt(at) != ':') {
      int end = line.indexOf(' ', at);
      if (end < 0) {
        throw file.bad("no file name (expected: one after a colon)");
      }
      String value = line.substring(at + 1, end);
      switch (line.charAt(at)) {
        case 'P' -> pop3Id = Optional.of(value);
        case 'G' -> guid = value.isEmpty() ? Optional.empty() : Optional.of(value);
        case 'O' -> order = number(value);
        default -> {
          // Sizes, and what later versions add: nothing about ids or order.
        }
      }
      at = blanks(line, end);
    }
    if (!versionOne && at < line.length()) {
      at++;
    }
    String name = line.substring(at);
    int colon = name.indexOf(':');
    String base = colon < 0 ? name : name.substring(0, colon);
    if (uid == 0 || base.isEmpty() || base.indexOf('/') >= 0) {
      throw file.bad("UID or file name (expected: UID above 0 and a name without slash)");
    }
    return new Message(uid, base, pop3Id, guid, order);
  }

  private static int blanks(String line, int from) {
    int at = from;
    while (at < line.length() && line.charAt(at) == ' ') {
      at++;
    }
    return at;
  }

  private long number(String text) throws MigrationException {
    if (!text.matches("[0-9]{1,10}") || Long.parseLong(text) > MAX_UID) {
      throw file.bad("a number that is none (expected: 0 to " + MAX_UID + ")");
    }
    return Long.parseLong(text);
  }
}

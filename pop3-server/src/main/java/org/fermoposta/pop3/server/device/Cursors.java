// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.device;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.fermoposta.pop3.protocol.UniqueId;
import org.fermoposta.pop3.server.maildrop.MaildropException;

/**
 * Which messages of one maildrop or folder each device has let go of, and when. As a record: {@code
 * device ID}, then a line {@code SECONDS UNIQUE-ID} for each message; the seconds are negative if
 * it is to be kept for IMAP, which a change of policy later on must not undo. Not thread-safe.
 */
final class Cursors {

  static final String RECORD = "cursors";

  private static final String DEVICE = "device ";

  /** By device, then by unique-id, the second it was let go of, negative to keep it. */
  private final Map<Long, Map<String, Long>> letGo = new TreeMap<>();

  /** Reads a record; none means that nobody let go of anything. */
  static Cursors decode(Optional<byte[]> record, String what) throws MaildropException {
    Cursors cursors = new Cursors();
    if (record.isEmpty()) {
      return cursors;
    }
    Map<String, Long> current = null;
    for (String line : RecordLines.decode(RECORD, record.get(), what)) {
      try {
        int blank = line.indexOf(' ');
        if (line.startsWith(DEVICE)) {
          long id = Long.parseLong(line.substring(DEVICE.length()));
          current = cursors.letGo.computeIfAbsent(id, i -> new HashMap<>());
        } else if (current != null && blank > 0) {
          String id = UniqueId.of(line.substring(blank + 1)).value();
          current.put(id, Long.parseLong(line, 0, blank, 10));
        } else {
          throw RecordLines.bad(RECORD, what, "line of unknown kind");
        }
      } catch (IllegalArgumentException e) {
        throw RecordLines.bad(RECORD, what, "malformed line: " + e.getMessage());
      }
    }
    return cursors;
  }

  byte[] encode() {
    List<String> lines = new ArrayList<>();
    letGo.forEach(
        (device, messages) -> {
          if (!messages.isEmpty()) {
            lines.add(DEVICE + device);
            messages.forEach((id, seconds) -> lines.add(seconds + " " + id));
          }
        });
    return RecordLines.encode(RECORD, lines);
  }

  boolean isEmpty() {
    return letGo.values().stream().allMatch(Map::isEmpty);
  }

  /** Whether a device has let go of anything at all. */
  boolean hidesFrom(long device) {
    return !letGo.getOrDefault(device, Map.of()).isEmpty();
  }

  boolean hides(UniqueId message, long device) {
    return letGo.getOrDefault(device, Map.of()).containsKey(message.value());
  }

  /**
   * Notes that a device let go of a message.
   *
   * @param kept whether the message stays in the store whoever lets go of it
   */
  void letGo(long device, UniqueId message, Instant now, boolean kept) {
    letGo
        .computeIfAbsent(device, d -> new HashMap<>())
        .putIfAbsent(message.value(), kept ? -now.getEpochSecond() : now.getEpochSecond());
  }

  /** Whether each of these devices, one at least, has let go of a message before this time. */
  boolean letGoByAll(UniqueId message, Set<Long> devices, Instant before) {
    return !devices.isEmpty()
        && devices.stream()
            .map(device -> letGo.getOrDefault(device, Map.of()).get(message.value()))
            .allMatch(s -> s != null && s >= 0 && s <= before.getEpochSecond());
  }

  /**
   * Lets a device hold again what it let go of at or after this time.
   *
   * @return how many messages
   */
  int takeBack(long device, Instant since) {
    Map<String, Long> messages = letGo.getOrDefault(device, new HashMap<>());
    int before = messages.size();
    messages.values().removeIf(seconds -> Math.abs(seconds) >= since.getEpochSecond());
    return before - messages.size();
  }

  /**
   * Forgets devices that are no more and messages that are gone.
   *
   * @return whether there were any
   */
  boolean prune(Set<Long> devices, Predicate<String> isThere) {
    boolean changed = letGo.keySet().removeIf(device -> !devices.contains(device));
    for (Map<String, Long> messages : letGo.values()) {
      changed |= messages.keySet().removeIf(id -> !isThere.test(id));
    }
    return changed;
  }
}

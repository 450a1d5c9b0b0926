// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.device;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fermoposta.pop3.server.maildrop.DeviceName;
import org.fermoposta.pop3.server.maildrop.MaildropException;

/**
 * Device tables as records: {@code next ID}, then {@code device ID NAME ADDED USED PASSWORD} each,
 * with times in seconds and {@code -} for what there is not.
 */
final class DeviceTableFormat {

  static final String RECORD = "devices";

  private static final String NOTHING = "-";

  private DeviceTableFormat() {}

  static byte[] encode(DeviceTable table) {
    List<String> lines = new ArrayList<>();
    lines.add("next " + table.nextId());
    for (Device device : table.devices()) {
      lines.add(
          String.join(
              " ",
              "device",
              String.valueOf(device.id()),
              device.name().value(),
              String.valueOf(device.added().getEpochSecond()),
              device.used().map(time -> String.valueOf(time.getEpochSecond())).orElse(NOTHING),
              device.password().map(AppPassword::stored).orElse(NOTHING)));
    }
    return RecordLines.encode(RECORD, lines);
  }

  /** Reads a record; none is {@link DeviceTable#NONE}. */
  static DeviceTable decode(Optional<byte[]> record, String what) throws MaildropException {
    if (record.isEmpty()) {
      return DeviceTable.NONE;
    }
    long next = Device.MAIN_ID;
    List<Device> devices = new ArrayList<>();
    for (String line : RecordLines.decode(RECORD, record.get(), what)) {
      String[] words = line.split(" ", -1);
      try {
        if (words.length == 2 && words[0].equals("next")) {
          next = Long.parseLong(words[1]);
        } else if (words.length == 6 && words[0].equals("device")) {
          devices.add(
              new Device(
                  Long.parseLong(words[1]),
                  DeviceName.of(words[2]),
                  Instant.ofEpochSecond(Long.parseLong(words[3])),
                  some(words[4]).map(text -> Instant.ofEpochSecond(Long.parseLong(text))),
                  some(words[5]).map(AppPassword::parse)));
        } else {
          throw RecordLines.bad(RECORD, what, "line of unknown kind");
        }
      } catch (IllegalArgumentException | java.time.DateTimeException e) {
        // Not with the line or the cause's text: a password's digest may be in it.
        throw RecordLines.bad(RECORD, what, "malformed line");
      }
    }
    return new DeviceTable(next, devices);
  }

  private static Optional<String> some(String word) {
    return word.equals(NOTHING) ? Optional.empty() : Optional.of(word);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.device;

import java.time.Clock;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.fermoposta.pop3.protocol.UniqueId;
import org.fermoposta.pop3.server.maildrop.Deletion;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.SideRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cursors of one maildrop or folder where they are kept. Used under its lease. */
final class CursorFile {

  private static final Logger LOG = LoggerFactory.getLogger(CursorFile.class);

  private final SideRecords records;
  private final Devices devices;
  private final MaildropAddress address;
  private final Departure departure;
  private final Clock clock;

  CursorFile(
      SideRecords records,
      Devices devices,
      MaildropAddress address,
      Departure departure,
      Clock clock) {
    this.records = records;
    this.devices = devices;
    this.address = address;
    this.departure = departure;
    this.clock = clock;
  }

  Cursors read() throws MaildropException {
    return Cursors.decode(records.read(address, Cursors.RECORD), address.toString());
  }

  /**
   * Notes, durably, that a device let go of messages. A device that was revoked meanwhile has
   * nothing to let go of.
   *
   * @param base the whole maildrop
   * @param messages numbers in it
   */
  void letGo(Maildrop base, long device, BitSet messages) throws MaildropException {
    Instant now = clock.instant();
    devices.ensureMain(address.user());
    records.update(
        address,
        Cursors.RECORD,
        current -> {
          Set<Long> known = deviceIds();
          Cursors cursors = Cursors.decode(current, address.toString());
          if (known.contains(device)) {
            for (int n = messages.nextSetBit(1); n > 0; n = messages.nextSetBit(n + 1)) {
              cursors.letGo(device, base.uniqueId(n), now, departure.stays());
            }
          }
          Set<String> there = new HashSet<>();
          for (int n = 1; n <= base.count(); n++) {
            there.add(base.uniqueId(n).value());
          }
          cursors.prune(known, there::contains);
          return Optional.of(cursors.encode());
        });
  }

  /**
   * Takes out of the maildrop what all devices let go of, once the grace period is over.
   *
   * @return what became of it; the cursors of those devices hide what could not be taken out
   */
  Deletion takeOutDue(Maildrop base, int limit) {
    try {
      BitSet due = due(base, limit);
      return due.isEmpty() ? new Deletion(0, 0, 0, Optional.empty()) : departure.takeOut(base, due);
    } catch (MaildropException e) {
      return new Deletion(0, 0, 0, Optional.of(e));
    }
  }

  private BitSet due(Maildrop base, int limit) throws MaildropException {
    BitSet due = new BitSet();
    if (departure.stays()) {
      return due;
    }
    Cursors cursors = read();
    if (cursors.isEmpty()) {
      return due;
    }
    Set<Long> known = deviceIds();
    Instant before = clock.instant().minus(departure.grace());
    int left = limit;
    for (int n = 1; n <= base.count() && left > 0; n++) {
      UniqueId id = base.uniqueId(n);
      if (cursors.letGoByAll(id, known, before)) {
        due.set(n);
        left--;
      }
    }
    return due;
  }

  /** Logs a failure that no client need hear of. */
  void logFailure(Deletion deletion) {
    deletion
        .cause()
        .ifPresent(
            cause ->
                LOG.warn(
                    "maildrop {}: messages that every device let go of stay for now: {}",
                    address,
                    cause.logText()));
  }

  private Set<Long> deviceIds() throws MaildropException {
    DeviceTable table = devices.of(address.user());
    return table.isEmpty() ? DeviceTable.onlyMain(clock.instant()).ids() : table.ids();
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.device;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.fermoposta.pop3.server.maildrop.DeviceName;
import org.fermoposta.pop3.server.maildrop.Maildrop;

/**
 * The devices of a user.
 *
 * @param entries one for each; empty if the user has no devices
 */
public record DeviceReport(List<Entry> entries) {

  /** Validates. */
  public DeviceReport {
    entries = List.copyOf(entries);
  }

  /**
   * One device.
   *
   * @param name its name
   * @param added when
   * @param used when it last logged in, to the hour; empty if it never did
   * @param ownPassword whether it has a password of its own
   * @param holds how many messages it has not let go of; empty while the maildrop is in use
   */
  public record Entry(
      DeviceName name,
      Instant added,
      Optional<Instant> used,
      boolean ownPassword,
      OptionalInt holds) {}

  static DeviceReport of(DeviceTable table, Optional<Maildrop> base, Cursors cursors) {
    return new DeviceReport(
        table.devices().stream()
            .map(
                device ->
                    new Entry(
                        device.name(),
                        device.added(),
                        device.used(),
                        device.password().isPresent(),
                        base.map(all -> OptionalInt.of(holds(device, all, cursors)))
                            .orElse(OptionalInt.empty())))
            .toList());
  }

  private static int holds(Device device, Maildrop base, Cursors cursors) {
    int holds = 0;
    for (int n = 1; n <= base.count(); n++) {
      holds += cursors.hides(base.uniqueId(n), device.id()) ? 0 : 1;
    }
    return holds;
  }
}

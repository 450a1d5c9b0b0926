// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.device;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.server.maildrop.DeviceName;

/**
 * The devices of one user. Immutable.
 *
 * @param nextId the id of the next device; above all ids ever given
 * @param devices in the order they were added; empty if the user has no devices
 */
record DeviceTable(long nextId, List<Device> devices) {

  /** Of a user without devices. */
  static final DeviceTable NONE = new DeviceTable(Device.MAIN_ID, List.of());

  DeviceTable {
    devices = List.copyOf(devices);
  }

  /** Of a user without devices, whose logins have a cursor all the same. */
  static DeviceTable onlyMain(Instant now) {
    return NONE.with(DeviceName.MAIN, now, Optional.empty());
  }

  boolean isEmpty() {
    return devices.isEmpty();
  }

  Optional<Device> named(DeviceName name) {
    return devices.stream().filter(device -> device.name().equals(name)).findFirst();
  }

  /** The device whose own password this is; all are tried, in the same time. */
  Optional<Device> withPassword(Secret password) {
    Optional<Device> found = Optional.empty();
    for (Device device : devices) {
      boolean matches = device.password().isPresent() && device.password().get().matches(password);
      found = matches ? Optional.of(device) : found;
    }
    return found;
  }

  Set<Long> ids() {
    return devices.stream().map(Device::id).collect(Collectors.toSet());
  }

  /** With one more device. */
  DeviceTable with(DeviceName name, Instant now, Optional<AppPassword> password) {
    List<Device> more = new ArrayList<>(devices);
    more.add(new Device(nextId, name, now, Optional.empty(), password));
    return new DeviceTable(nextId + 1, more);
  }

  /** With this device in place of the one with its id. */
  DeviceTable with(Device changed) {
    return new DeviceTable(
        nextId, devices.stream().map(d -> d.id() == changed.id() ? changed : d).toList());
  }

  /** Without a device. */
  DeviceTable without(Device device) {
    return new DeviceTable(
        nextId, devices.stream().filter(other -> other.id() != device.id()).toList());
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.device;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.server.maildrop.DeviceName;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.maildrop.SideRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Design note. Which devices a user has is a record of its own, beside the user's maildrop, that can
 * be changed while a session runs: revoking a lost phone must not wait for the phone. What each
 * device let go of is another record, one for the maildrop and one for each folder, which only
 * changes under the lease or takes back. The first device brings "main" with it: the login without
 * a device, which is what the user's programs use until then; if it did not count, the first device
 * that deletes would take their mail away.
 */
/** Who has which devices. Thread-safe; blocks. */
public final class Devices {

  private static final Logger LOG = LoggerFactory.getLogger(Devices.class);

  /** How exactly the time of the last use is kept: a login within it writes nothing. */
  private static final Duration USE_GRAIN = Duration.ofHours(1);

  private static final int MAX_DEVICES = 50;

  private final SideRecords records;
  private final Clock clock;

  /** Devices in these records. */
  public Devices(SideRecords records, Clock clock) {
    this.records = records;
    this.clock = clock;
  }

  /**
   * Which device a login is. For users without devices the address is answered as it is.
   *
   * @param password what the client showed; empty if it showed none
   * @return {@link Recognised#byPassword()} if the password is the device's own: then no other
   *     password need be looked at
   * @throws MaildropException if the record cannot be read or trusted
   */
  public Recognised recognise(MaildropAddress address, Optional<Secret> password)
      throws MaildropException {
    DeviceTable table = of(address.user());
    if (table.isEmpty()) {
      return new Recognised(address, false);
    }
    Optional<Device> own = password.flatMap(table::withPassword);
    if (own.isPresent() && address.device().stream().allMatch(own.get().name()::equals)) {
      return new Recognised(address.as(own.get().name()), true);
    }
    return new Recognised(address.as(address.device().orElse(DeviceName.MAIN)), false);
  }

  /**
   * A login and its device.
   *
   * @param address with the device, if the user has devices
   * @param byPassword whether the device's own password was shown
   */
  public record Recognised(MaildropAddress address, boolean byPassword) {}

  /**
   * Adds a device. The first one of a user brings {@link DeviceName#MAIN} with it.
   *
   * @param password its own password, made at random; only a digest of it is kept
   * @return whether the user had no devices before but {@link DeviceName#MAIN}
   * @throws RefusedException if there is a device of that name, or there are 50 devices
   * @throws MaildropException if the record cannot be read or replaced
   */
  public boolean add(MaildropName user, DeviceName name, Secret password, SecureRandom random)
      throws MaildropException, RefusedException {
    AppPassword kept = AppPassword.of(password, random);
    return change(
        user,
        table -> {
          DeviceTable before = table;
          if (table.isEmpty() && !name.equals(DeviceName.MAIN)) {
            before = table.with(DeviceName.MAIN, clock.instant(), Optional.empty());
          }
          if (before.named(name).isPresent()) {
            throw new RefusedException("device " + name + " of " + user + ": is there already");
          }
          if (before.devices().size() >= MAX_DEVICES) {
            throw new RefusedException(user + ": has " + MAX_DEVICES + " devices already");
          }
          return before.with(name, clock.instant(), Optional.of(kept));
        });
  }

  /**
   * Takes a device away, with its password. It holds no message any more.
   *
   * @throws RefusedException if there is no such device, or it is the last one
   * @throws MaildropException if the record cannot be read or replaced
   */
  public void revoke(MaildropName user, DeviceName name)
      throws MaildropException, RefusedException {
    change(
        user,
        table -> {
          Device device =
              table
                  .named(name)
                  .orElseThrow(
                      () -> new RefusedException(user + ": has no device " + LogText.quote(name)));
          if (table.devices().size() == 1) {
            throw new RefusedException(
                "device " + name + " of " + user + ": is the last one (expected: another is left)");
          }
          return table.without(device);
        });
  }

  /**
   * Lets devices hold again what they let go of within the last time; messages that have left the
   * store stay gone.
   *
   * @param device whose; empty for all
   * @return how many messages, counted for each device
   * @throws RefusedException if there is no such device
   * @throws MaildropException if a record cannot be read or replaced
   */
  public int undelete(MaildropAddress maildrop, Optional<DeviceName> device, Duration within)
      throws MaildropException, RefusedException {
    DeviceTable known = of(maildrop.user());
    DeviceTable table = known.isEmpty() ? DeviceTable.onlyMain(clock.instant()) : known;
    if (device.isPresent() && table.named(device.get()).isEmpty()) {
      throw new RefusedException(maildrop.user() + ": has no device " + device.get());
    }
    Instant since = clock.instant().minus(within);
    AtomicInteger taken = new AtomicInteger();
    records.update(
        maildrop,
        Cursors.RECORD,
        current -> {
          Cursors cursors = Cursors.decode(current, maildrop.toString());
          for (Device each : table.devices()) {
            if (device.isEmpty() || device.get().equals(each.name())) {
              taken.addAndGet(cursors.takeBack(each.id(), since));
            }
          }
          return taken.get() == 0 ? Optional.empty() : Optional.of(cursors.encode());
        });
    return taken.get();
  }

  /** The devices of a user. */
  DeviceTable of(MaildropName user) throws MaildropException {
    return DeviceTableFormat.decode(
        records.read(MaildropAddress.of(user), DeviceTableFormat.RECORD), user.value());
  }

  /**
   * Sees to it that the user has a device, {@link DeviceName#MAIN}, since what it let go of is to
   * be remembered, whatever the policy will be later on.
   */
  void ensureMain(MaildropName user) throws MaildropException {
    if (of(user).isEmpty()) {
      records.update(
          MaildropAddress.of(user),
          DeviceTableFormat.RECORD,
          current -> {
            boolean none = DeviceTableFormat.decode(current, user.value()).isEmpty();
            return none
                ? Optional.of(DeviceTableFormat.encode(DeviceTable.onlyMain(clock.instant())))
                : Optional.empty();
          });
    }
  }

  /** Notes that a device logged in, unless it did so within the hour. Failure harms nobody. */
  void noteUse(MaildropName user, Device device) {
    Instant now = clock.instant();
    if (device.used().filter(time -> time.plus(USE_GRAIN).isAfter(now)).isPresent()) {
      return;
    }
    try {
      change(
          user,
          table ->
              table
                  .named(device.name())
                  .filter(there -> there.id() == device.id())
                  .map(there -> table.with(there.usedAt(now)))
                  .orElse(table));
    } catch (MaildropException | RefusedException e) {
      LOG.warn("device {} of {}: last use not noted: {}", device.name(), user, e.getMessage());
    }
  }

  private boolean change(MaildropName user, TableChange change)
      throws MaildropException, RefusedException {
    RefusedException[] refused = new RefusedException[1];
    boolean[] first = new boolean[1];
    records.update(
        MaildropAddress.of(user),
        DeviceTableFormat.RECORD,
        current -> {
          DeviceTable table = DeviceTableFormat.decode(current, user.value());
          first[0] = table.devices().stream().allMatch(d -> d.name().equals(DeviceName.MAIN));
          try {
            return Optional.of(DeviceTableFormat.encode(change.apply(table)));
          } catch (RefusedException e) {
            refused[0] = e;
            return Optional.empty();
          }
        });
    if (refused[0] != null) {
      throw refused[0];
    }
    return first[0];
  }

  private interface TableChange {
    DeviceTable apply(DeviceTable table) throws RefusedException;
  }
}

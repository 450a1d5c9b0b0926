// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.device;

import java.time.Clock;
import java.util.BitSet;
import java.util.Optional;
import org.fermoposta.pop3.server.maildrop.Deletion;
import org.fermoposta.pop3.server.maildrop.DeviceName;
import org.fermoposta.pop3.server.maildrop.ForwardingMaildrop;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropStore;
import org.fermoposta.pop3.server.maildrop.SideRecords;
import org.fermoposta.pop3.server.policy.MailPolicies;
import org.fermoposta.pop3.server.policy.MailPolicy;

/*
 * Design note. What a device deletes is first written, durably, as let go of by it; then what
 * everybody has let go of leaves the store. A crash in between leaves messages that nobody sees,
 * which the next QUIT or sweep of the maildrop takes out. The cursor names messages by unique-id, so
 * it survives whatever happens to numbers and files; names of messages that are gone are dropped
 * when the cursor is written next. All this happens under the lease of the maildrop, which has one
 * holder whatever the device.
 *
 * A user without devices, whose deletions take effect at once, gets the store's own maildrop: no
 * file is opened, nothing is remembered.
 */
/**
 * A store in which each device of a user sees every message until it deleted it, and what DELE does
 * is policy. Logins of users with devices have to say which device they are ({@link
 * Devices#recognise}); an address without device is one of a user without devices. Thread-safe.
 */
public final class DeviceStore implements MaildropStore {

  private final MaildropStore store;
  private final SideRecords records;
  private final Devices devices;
  private final MailPolicies policies;
  private final Clock clock;

  /** Devices over a store and its records. */
  public DeviceStore(
      MaildropStore store,
      SideRecords records,
      Devices devices,
      MailPolicies policies,
      Clock clock) {
    this.store = store;
    this.records = records;
    this.devices = devices;
    this.policies = policies;
    this.clock = clock;
  }

  @Override
  public boolean exists(MaildropAddress address) throws MaildropException {
    return store.exists(address);
  }

  /**
   * As a store's, for the device that the address names.
   *
   * @throws MaildropException NO_SUCH_DEVICE if the user has no such device; PERMANENT if the
   *     records of devices or what they let go of cannot be trusted
   */
  @Override
  public Maildrop open(MaildropAddress address, LeaseHolder holder) throws MaildropException {
    Departure departure = Departure.of(policies.of(address.user()), address);
    Optional<DeviceName> name = address.device();
    if (name.isEmpty() && departure.atOnce()) {
      Maildrop base = store.open(address, holder);
      return departure.policy().folder().isEmpty() ? base : new MovingMaildrop(base, departure);
    }
    Maildrop base = store.open(address.withoutDevice(), holder);
    boolean opened = false;
    try {
      Device device = name.isPresent() ? device(address, name.get()) : mainOfNone();
      Maildrop seen = new DeviceMaildrop(base, device.id(), cursorFile(address, departure));
      opened = true;
      return seen;
    } finally {
      if (!opened) {
        base.close();
      }
    }
  }

  private Device device(MaildropAddress address, DeviceName name) throws MaildropException {
    DeviceTable table = devices.of(address.user());
    Optional<Device> found = table.named(name);
    if (found.isEmpty()) {
      throw new MaildropException(
          MaildropFailure.NO_SUCH_DEVICE,
          "device "
              + LogText.quote(name)
              + " of "
              + LogText.quote(address.user())
              + ": unknown or revoked");
    }
    devices.noteUse(address.user(), found.get());
    return found.get();
  }

  private Device mainOfNone() {
    return DeviceTable.onlyMain(clock.instant()).devices().get(0);
  }

  private CursorFile cursorFile(MaildropAddress address, Departure departure) {
    return new CursorFile(records, devices, address.withoutDevice(), departure, clock);
  }

  /**
   * Removes what a policy's retention is over for, and lets go what everybody let go of.
   *
   * @param limit how many messages at most for each of the two; the rest is for the next time
   * @throws MaildropException as {@link #open}, in particular IN_USE
   */
  public Swept sweep(MaildropAddress address, LeaseHolder holder, int limit)
      throws MaildropException {
    MailPolicy policy = policies.of(address.user());
    CursorFile cursors = cursorFile(address, Departure.of(policy, address));
    try (Maildrop base = store.open(address.withoutDevice(), holder)) {
      Deletion expired = Retention.expire(base, policy.expire(), clock.instant(), limit);
      Deletion gone = cursors.takeOutDue(base, limit);
      return new Swept(
          expired.removed(),
          gone.removed(),
          expired.removed() == limit || gone.removed() == limit,
          expired.cause().or(gone::cause));
    }
  }

  /** Whether a sweep could find anything: cheap, and opens no maildrop. */
  public boolean needsSweep(MaildropAddress address) throws MaildropException {
    return store.exists(address)
        && (policies.of(address.user()).expire().days() > 0
            || records.read(address, Cursors.RECORD).isPresent());
  }

  /**
   * What a sweep did to one maildrop.
   *
   * @param expired messages removed since their retention was over
   * @param letGo messages that left since everybody had let go of them
   * @param more whether the limit was reached
   * @param cause the first failure
   */
  public record Swept(int expired, int letGo, boolean more, Optional<MaildropException> cause) {}

  /** What a user's devices are and how much each still holds. */
  public DeviceReport report(MaildropAddress address, LeaseHolder holder) throws MaildropException {
    DeviceTable table = devices.of(address.user());
    try (Maildrop base = store.open(address.withoutDevice(), holder)) {
      Cursors cursors = Cursors.decode(records.read(address, Cursors.RECORD), address.toString());
      return DeviceReport.of(table, Optional.of(base), cursors);
    } catch (MaildropException e) {
      if (e.failure() != MaildropFailure.IN_USE) {
        throw e;
      }
      return DeviceReport.of(table, Optional.empty(), new Cursors());
    }
  }

  /** Deleted messages go to a folder. */
  private static final class MovingMaildrop extends ForwardingMaildrop {

    private final Departure departure;

    MovingMaildrop(Maildrop base, Departure departure) {
      super(base);
      this.departure = departure;
    }

    @Override
    public Deletion delete(BitSet marked) {
      return departure.takeOut(base, marked);
    }
  }
}

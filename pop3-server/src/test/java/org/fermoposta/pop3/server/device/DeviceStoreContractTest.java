// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.UniqueId;
import org.fermoposta.pop3.server.maildrop.DeviceName;
import org.fermoposta.pop3.server.maildrop.FolderName;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.maildrop.MaildropStore;
import org.fermoposta.pop3.server.maildrop.MaildropStoreContract;
import org.fermoposta.pop3.server.maildrop.SideRecords;
import org.fermoposta.pop3.server.policy.DeletePolicy;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.fermoposta.pop3.server.store.maildir.MaildirStore;
import org.fermoposta.pop3.server.store.maildir.MaildropTemplate;
import org.fermoposta.pop3.server.store.memory.MemoryStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** What every store promises, a store of devices promises each of them. */
final class DeviceStoreContractTest {

  abstract static class OverMemory extends MaildropStoreContract {

    final MemoryStore memory = new MemoryStore();
    private final List<UniqueId> delivered = new ArrayList<>();

    abstract MailPolicy policy();

    final Devices devices() {
      return new Devices(memory, Clock.systemUTC());
    }

    @Override
    protected MaildropStore store() {
      return new DeviceStore(memory, memory, devices(), user -> policy(), Clock.systemUTC());
    }

    @Override
    protected final MaildropStore restarted() {
      return store();
    }

    @Override
    protected final SideRecords records() {
      return memory;
    }

    @Override
    protected void addDevice(MaildropAddress address) throws Exception {
      twoDevices(devices(), address.user());
    }

    @Override
    protected final void deliver(MaildropName name, byte[] message) {
      delivered.add(memory.deliver(name, message));
    }

    @Override
    protected final void deliver(FolderName folder, byte[] message) {
      memory.deliver(new MaildropAddress(ALICE, Optional.of(folder), Optional.empty()), message);
    }

    @Override
    protected final void vanish(int nth) {
      memory.remove(ALICE, delivered.get(nth - 1));
    }
  }

  @Nested
  final class WithoutDevices extends OverMemory {
    @Override
    MailPolicy policy() {
      return MailPolicy.defaults();
    }
  }

  @Nested
  final class MovingToAFolder extends OverMemory {
    @Override
    MailPolicy policy() {
      return MailPolicy.defaults().withOnDelete(DeletePolicy.parse("move:Deleted"));
    }
  }

  @Nested
  final class Hiding extends OverMemory {
    @Override
    MailPolicy policy() {
      return MailPolicy.defaults().withOnDelete(DeletePolicy.HIDE);
    }
  }

  @Nested
  final class WithGrace extends OverMemory {
    @Override
    MailPolicy policy() {
      return MailPolicy.defaults().withGrace(Duration.ofDays(3));
    }
  }

  @Nested
  final class AsADevice extends OverMemory {

    @BeforeEach
    void addDevices() throws Exception {
      twoDevices(devices(), ALICE);
      twoDevices(devices(), BOB);
    }

    @Override
    protected void addDevice(MaildropAddress address) {
      // Both users have theirs from the beginning.
    }

    @Override
    MailPolicy policy() {
      return MailPolicy.defaults();
    }

    @Override
    protected MaildropStore store() {
      return asPhone(super.store());
    }
  }

  @Nested
  final class AsADeviceOfAMaildir extends MaildropStoreContract {

    @TempDir private Path root;

    private final List<Path> delivered = new ArrayList<>();

    private MaildirStore maildirs() {
      return new MaildirStore(MaildropTemplate.parse(root + "/{user}"));
    }

    @BeforeEach
    void addDevices() throws Exception {
      twoDevices(new Devices(maildirs().records(), Clock.systemUTC()), ALICE);
      twoDevices(new Devices(maildirs().records(), Clock.systemUTC()), BOB);
    }

    @Override
    protected MaildropStore store() {
      MaildirStore maildirs = maildirs();
      return asPhone(
          new DeviceStore(
              maildirs,
              maildirs.records(),
              new Devices(maildirs.records(), Clock.systemUTC()),
              user -> MailPolicy.defaults(),
              Clock.systemUTC()));
    }

    @Override
    protected MaildropStore restarted() {
      return store();
    }

    @Override
    protected SideRecords records() {
      return maildirs().records();
    }

    @Override
    protected void deliver(MaildropName name, byte[] message) throws IOException {
      deliver(root.resolve(name.value()), message);
    }

    @Override
    protected void deliver(FolderName folder, byte[] message) throws IOException {
      deliver(root.resolve("alice").resolve("." + folder), message);
    }

    private void deliver(Path maildir, byte[] message) throws IOException {
      for (String sub : List.of("tmp", "new", "cur")) {
        Files.createDirectories(maildir.resolve(sub));
      }
      String name = (1_700_000_000 + delivered.size()) + ".M1P1.host";
      delivered.add(Files.write(maildir.resolve("new").resolve(name), message));
    }

    @Override
    protected void vanish(int nth) throws IOException {
      Files.delete(delivered.get(nth - 1));
    }
  }

  private static void twoDevices(Devices devices, MaildropName user) throws Exception {
    devices.add(user, DeviceName.of("phone"), Secret.ofUtf8("p"), new SecureRandom());
    devices.add(user, DeviceName.of("tablet"), Secret.ofUtf8("t"), new SecureRandom());
  }

  private static MaildropStore asPhone(MaildropStore store) {
    return new MaildropStore() {
      @Override
      public boolean exists(MaildropAddress address) throws MaildropException {
        return store.exists(address);
      }

      @Override
      public Maildrop open(MaildropAddress address, LeaseHolder holder) throws MaildropException {
        return store.open(address.as(DeviceName.of("phone")), holder);
      }
    };
  }
}

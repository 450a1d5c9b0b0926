// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.server.device.DeviceStore;
import org.fermoposta.pop3.server.device.Devices;
import org.fermoposta.pop3.server.maildrop.DeviceName;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.DeletePolicy;
import org.fermoposta.pop3.server.policy.Expiry;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.fermoposta.pop3.server.store.maildir.MaildirStore;
import org.fermoposta.pop3.server.store.maildir.MaildropTemplate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** C15: what EXPIRE announces is done. */
final class SweeperTest {
  private static final MaildropName ALICE = MaildropName.of("alice");
  private static final MaildropName BOB = MaildropName.of("bob");
  private static final MaildropName CAROL = MaildropName.of("carol");
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

  @TempDir private Path root;

  private final Map<MaildropName, MailPolicy> policies =
      new HashMap<>(
          Map.of(
              ALICE,
              MailPolicy.defaults().withExpire(new Expiry(30)),
              BOB,
              MailPolicy.defaults(),
              CAROL,
              MailPolicy.defaults().withExpire(new Expiry(0))));
  private Instant now = NOW;

  private Clock clock() {
    return Clock.fixed(now, ZoneOffset.UTC);
  }

  private MaildirStore maildirs() {
    return new MaildirStore(MaildropTemplate.parse(root + "/{user}"));
  }

  private Devices devices() {
    return new Devices(maildirs().records(), clock());
  }

  private DeviceStore store() {
    MaildirStore maildirs = maildirs();
    return new DeviceStore(
        maildirs,
        maildirs.records(),
        devices(),
        user -> policies.getOrDefault(user, MailPolicy.defaults()),
        clock());
  }

  private Sweeper.Totals sweep() {
    return new Sweeper(store(), policies::keySet, new SweepSettings(Duration.ZERO, 2)).sweep();
  }

  private void deliver(MaildropName user, int daysAgo, int seconds) throws IOException {
    Instant time = NOW.minus(Duration.ofDays(daysAgo)).plusSeconds(seconds);
    Path directory = Files.createDirectories(root.resolve(user.value()).resolve("new"));
    Files.createDirectories(root.resolve(user.value()).resolve("cur"));
    Files.createDirectories(root.resolve(user.value()).resolve("tmp"));
    Path file = Files.writeString(directory.resolve(time.getEpochSecond() + ".x"), "x\n");
    Files.setLastModifiedTime(file, FileTime.from(time));
  }

  private List<String> mail(MaildropName user) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve(user.value()).resolve("new"))) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  @Test
  @DisplayName("C15: messages older than EXPIRE are removed, others and other users' never")
  void expires() throws Exception {
    for (MaildropName user : List.of(ALICE, BOB, CAROL)) {
      deliver(user, 31, 0);
      deliver(user, 30, 0);
      deliver(user, 30, 1);
      deliver(user, 0, 0);
    }
    deliver(MaildropName.of("nobody"), 1000, 0);
    assertEquals(new Sweeper.Totals(1, 2, 0, 0, 0), sweep());
    assertEquals(2, mail(ALICE).size());
    assertEquals(4, mail(BOB).size());
    assertEquals(4, mail(CAROL).size(), "EXPIRE 0 leaves what was never retrieved");
    assertEquals(1, mail(MaildropName.of("nobody")).size());
    assertEquals(new Sweeper.Totals(1, 0, 0, 0, 0), sweep());
  }

  @Test
  @DisplayName("more than one second's messages are removed in several goes")
  void inSeveralGoes() throws Exception {
    for (int i = 0; i < 5; i++) {
      deliver(ALICE, 40, i);
    }
    long before = System.nanoTime();
    assertEquals(new Sweeper.Totals(1, 5, 0, 0, 0), sweep());
    assertTrue(System.nanoTime() - before >= Duration.ofSeconds(2).toNanos(), "5 at 2 a second");
    assertEquals(List.of(), mail(ALICE));
  }

  @Test
  @DisplayName("a maildrop in use is left alone, one that nobody used is not made")
  void inUse() throws Exception {
    deliver(ALICE, 31, 0);
    try (Maildrop session = store().open(MaildropAddress.of(ALICE), holder())) {
      assertEquals(new Sweeper.Totals(1, 0, 0, 1, 0), sweep());
      assertEquals(1, session.count());
    }
    assertEquals(1, sweep().expired());
    assertFalse(Files.exists(root.resolve("bob")));
    assertFalse(Files.exists(root.resolve("carol")));
  }

  @Test
  @DisplayName("a maildrop that cannot be read fails alone")
  void failure() throws Exception {
    policies.put(BOB, MailPolicy.defaults().withExpire(new Expiry(30)));
    deliver(ALICE, 31, 0);
    deliver(BOB, 31, 0);
    Path lock = root.resolve("bob/fermoposta.lock");
    Files.createDirectory(lock);
    assertEquals(new Sweeper.Totals(2, 1, 0, 0, 1), sweep());
    Files.delete(lock);
    assertEquals(1, sweep().expired());
  }

  @Test
  @DisplayName("retention ends for every device, whatever it still holds")
  void devicesDoNotKeepForEver() throws Exception {
    devices().add(ALICE, DeviceName.of("phone"), Secret.ofUtf8("x"), new SecureRandom());
    deliver(ALICE, 31, 0);
    deliver(ALICE, 1, 0);
    assertEquals(1, sweep().expired());
    try (Maildrop phone = open("phone")) {
      assertEquals(1, phone.count());
    }
  }

  @Test
  @DisplayName("what every device let go of stays for the grace period and can be had back")
  void grace() throws Exception {
    policies.put(BOB, MailPolicy.defaults().withGrace(Duration.ofDays(2)));
    deliver(BOB, 3, 0);
    deliver(BOB, 3, 1);
    MaildropAddress bob = MaildropAddress.of(BOB);
    delete(bob);
    assertEquals(0, sweep().letGo());
    try (Maildrop after = store().open(bob, holder())) {
      assertEquals(0, after.count());
    }
    now = NOW.plus(Duration.ofDays(1));
    assertEquals(2, devices().undelete(bob, Optional.empty(), Duration.ofDays(2)));
    try (Maildrop again = store().open(bob, holder())) {
      assertEquals(2, again.count());
    }
    delete(bob);
    now = now.plus(Duration.ofDays(2)).minusSeconds(1);
    assertEquals(0, sweep().letGo());
    now = now.plusSeconds(1);
    assertEquals(2, sweep().letGo());
    assertEquals(List.of(), mail(BOB));
    assertEquals(0, sweep().letGo());
  }

  @Test
  @DisplayName("after the grace period a message goes where the policy says")
  void graceThenMoved() throws Exception {
    policies.put(
        BOB,
        MailPolicy.defaults()
            .withGrace(Duration.ofDays(2))
            .withOnDelete(DeletePolicy.parse("move:Trash")));
    deliver(BOB, 3, 0);
    delete(MaildropAddress.of(BOB));
    now = NOW.plus(Duration.ofDays(2));
    assertEquals(1, sweep().letGo());
    try (Stream<Path> files = Files.list(root.resolve("bob/.Trash/cur"))) {
      assertEquals(1, files.count());
    }
  }

  @Test
  @DisplayName("what was hidden for IMAP stays, and stays hidden, when the policy becomes delete")
  void hiddenStays() throws Exception {
    policies.put(BOB, MailPolicy.defaults().withOnDelete(DeletePolicy.HIDE));
    deliver(BOB, 3, 0);
    delete(MaildropAddress.of(BOB));
    policies.put(BOB, MailPolicy.defaults());
    deliver(BOB, 3, 1);
    assertEquals(0, sweep().letGo());
    assertEquals(2, mail(BOB).size());
    MaildropAddress login =
        devices().recognise(MaildropAddress.of(BOB), Optional.empty()).address();
    try (Maildrop maildrop = store().open(login, holder())) {
      assertEquals(1, maildrop.count());
      assertTrue(maildrop.delete(BitSet.valueOf(new long[] {2})).complete());
    }
    assertEquals(1, mail(BOB).size());
  }

  @Test
  @DisplayName("a sweeper that was never started stops, one that waits stops at once")
  void stops() throws Exception {
    SweepSettings hourly = new SweepSettings(Duration.ofHours(1), 1);
    new Sweeper(store(), policies::keySet, new SweepSettings(Duration.ZERO, 1)).stop();
    Sweeper waiting = new Sweeper(store(), policies::keySet, hourly);
    waiting.start();
    waiting.stop();
    deliver(ALICE, 31, 0);
    assertEquals(0, waiting.sweep().maildrops());
    assertEquals(1, mail(ALICE).size());
  }

  private void delete(MaildropAddress address) throws Exception {
    try (Maildrop maildrop = store().open(address, holder())) {
      BitSet all = new BitSet();
      all.set(1, maildrop.count() + 1);
      assertTrue(maildrop.delete(all).complete());
    }
  }

  private Maildrop open(String device) throws Exception {
    return store().open(MaildropAddress.of(ALICE).as(DeviceName.of(device)), holder());
  }

  private static LeaseHolder holder() {
    return LeaseHolder.unyielding("test");
  }
}

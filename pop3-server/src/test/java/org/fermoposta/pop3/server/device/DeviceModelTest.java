// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.server.maildrop.DeviceName;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.DeletePolicy;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random deliveries, sessions of devices, deletions, crashes, devices that come and go, against a
 * model of some lines: a device sees what is in the store and it did not let go of.
 */
final class DeviceModelTest {

  private static final MaildropName ALICE = MaildropName.of("alice");
  private static final int STEPS = 400;
  private static final List<FragileStore.Crash> CRASHES = List.of(FragileStore.Crash.values());

  @ParameterizedTest(name = "seed {0}, grace {1} s, {2}")
  @DisplayName(
      "every device sees every message until it let go of it; what all let go of leaves the store")
  @CsvSource({
    "1, 0, delete", "2, 0, delete", "3, 0, delete", "4, 0, delete", "5, 0, delete",
    "6, 3600, delete", "7, 3600, delete", "8, 3600, delete", "9, 0, move:Trash", "10, 0, hide",
    "11, 3600, hide", "12, 60, move:Trash",
  })
  void model(long seed, long grace, String onDelete) throws Exception {
    Run run = new Run(seed, Duration.ofSeconds(grace), DeletePolicy.parse(onDelete));
    for (int step = 0; step < STEPS; step++) {
      run.step();
    }
    run.everybodyLetsGo();
  }

  private static final class Run {

    private final Random random;
    private final Duration grace;
    private final DeletePolicy onDelete;
    private final TestClock clock = new TestClock();
    private final FragileStore store = new FragileStore(clock);
    private final Devices devices = new Devices(store.records(), clock);
    private final DeviceStore deviceStore;

    /** What is in the store, in order. */
    private final List<String> messages = new ArrayList<>();

    /** By device and message, when it was let go of. */
    private final Map<String, Map<String, Instant>> letGo = new TreeMap<>();

    private int delivered;

    Run(long seed, Duration grace, DeletePolicy onDelete) throws Exception {
      random = new Random(seed);
      this.grace = grace;
      this.onDelete = onDelete;
      MailPolicy policy = MailPolicy.defaults().withGrace(grace).withOnDelete(onDelete);
      deviceStore = new DeviceStore(store, store.records(), devices, user -> policy, clock);
      add("phone");
      letGo.put("main", new HashMap<>());
    }

    void step() throws Exception {
      clock.advance(Duration.ofSeconds(random.nextInt(600)));
      switch (random.nextInt(20)) {
        case 0:
          if (letGo.size() < 5) {
            add("d" + random.nextInt(1000));
          }
          break;
        case 1:
          if (letGo.size() > 1) {
            String name = someDevice();
            devices.revoke(ALICE, DeviceName.of(name));
            letGo.remove(name);
          }
          break;
        case 2:
          undelete();
          break;
        case 3:
          deviceStore.sweep(MaildropAddress.of(ALICE), LeaseHolder.unyielding("sweep"), 1000);
          takeOutDue();
          break;
        case 4, 5, 6, 7, 8:
          deliver();
          break;
        default:
          session(someDevice(), false);
      }
      see(someDevice());
    }

    private void add(String name) throws Exception {
      if (!letGo.containsKey(name)) {
        devices.add(ALICE, DeviceName.of(name), Secret.ofUtf8(name), new SecureRandom());
        letGo.put(name, new HashMap<>());
      }
    }

    private String someDevice() {
      List<String> names = List.copyOf(letGo.keySet());
      return names.get(random.nextInt(names.size()));
    }

    private void deliver() {
      String text = "message " + ++delivered;
      store.memory.deliver(ALICE, text.getBytes(StandardCharsets.US_ASCII));
      messages.add(text);
    }

    private void undelete() throws Exception {
      Optional<String> device = random.nextBoolean() ? Optional.empty() : Optional.of(someDevice());
      devices.undelete(
          MaildropAddress.of(ALICE), device.map(DeviceName::of), Duration.ofMinutes(30));
      Instant since = clock.instant().minusSeconds(1800);
      letGo.forEach(
          (name, entries) -> {
            if (device.isEmpty() || device.get().equals(name)) {
              entries.values().removeIf(time -> !time.isBefore(since));
            }
          });
    }

    /**
     * A device logs in, perhaps while mail arrives, deletes some, and perhaps it all breaks off.
     */
    private void session(String device, boolean all) throws Exception {
      FragileStore.Crash crash =
          all ? FragileStore.Crash.NONE : CRASHES.get(random.nextInt(CRASHES.size()));
      List<String> seen;
      BitSet marked = new BitSet();
      boolean ok;
      try (Maildrop maildrop = open(device)) {
        seen = texts(maildrop);
        for (int n = 1; n <= seen.size(); n++) {
          marked.set(n, all || random.nextInt(3) > 0);
        }
        if (!all && random.nextInt(4) == 0) {
          deliver();
        }
        if (!all && random.nextInt(6) == 0) {
          return; // No QUIT: nothing happens.
        }
        store.crash = crash;
        ok = maildrop.delete(marked).complete();
      } finally {
        store.crash = FragileStore.Crash.NONE;
      }
      boolean written = crash != FragileStore.Crash.BEFORE_RECORD || marked.isEmpty();
      boolean told = written && (crash != FragileStore.Crash.AFTER_RECORD || marked.isEmpty());
      assertEquals(told, ok, "answer to QUIT at crash " + crash);
      if (written) {
        Map<String, Instant> entries = letGoBy(device);
        marked.stream().forEach(n -> entries.putIfAbsent(seen.get(n - 1), clock.instant()));
      }
      if (told && crash != FragileStore.Crash.BEFORE_REMOVAL) {
        takeOutDue();
      }
    }

    private Map<String, Instant> letGoBy(String device) {
      return Objects.requireNonNull(letGo.get(device));
    }

    private void takeOutDue() {
      if (onDelete.kind() == DeletePolicy.Kind.HIDE) {
        return;
      }
      Instant before = clock.instant().minus(grace);
      messages.removeIf(
          text ->
              letGo.values().stream()
                  .allMatch(e -> e.containsKey(text) && !e.get(text).isAfter(before)));
      letGo.values().forEach(entries -> entries.keySet().retainAll(messages));
    }

    private void see(String device) throws Exception {
      List<String> expected =
          messages.stream().filter(text -> !letGoBy(device).containsKey(text)).toList();
      try (Maildrop maildrop = open(device)) {
        assertEquals(expected, texts(maildrop));
        long octets = 0;
        for (int n = 1; n <= maildrop.count(); n++) {
          octets += maildrop.octets(n);
        }
        assertEquals(octets, maildrop.totalOctets());
      }
      try (Maildrop whole = store.open(MaildropAddress.of(ALICE), LeaseHolder.unyielding("test"))) {
        assertEquals(messages, texts(whole));
      }
    }

    void everybodyLetsGo() throws Exception {
      deliver();
      for (String device : List.copyOf(letGo.keySet())) {
        session(device, true);
        see(device);
      }
      clock.advance(grace.plusSeconds(1));
      deviceStore.sweep(MaildropAddress.of(ALICE), LeaseHolder.unyielding("sweep"), 1_000_000);
      takeOutDue();
      see(someDevice());
      assertEquals(onDelete.kind() == DeletePolicy.Kind.HIDE, !messages.isEmpty());
      deliver();
      session(someDevice(), true);
      int lines =
          new String(
                  store.records().read(MaildropAddress.of(ALICE), Cursors.RECORD).orElseThrow(),
                  StandardCharsets.US_ASCII)
              .split("\n")
              .length;
      int most = 3 + (messages.size() + 1) * (letGo.size() + 1);
      assertTrue(lines <= most, "cursor of " + lines + " lines (expected: <= " + most + ")");
    }

    private Maildrop open(String device) throws Exception {
      return deviceStore.open(
          MaildropAddress.of(ALICE).as(DeviceName.of(device)), LeaseHolder.unyielding(device));
    }

    private static List<String> texts(Maildrop maildrop) throws Exception {
      List<String> texts = new ArrayList<>();
      for (int n = 1; n <= maildrop.count(); n++) {
        texts.add(FragileStore.text(maildrop, n));
      }
      return texts;
    }
  }
}

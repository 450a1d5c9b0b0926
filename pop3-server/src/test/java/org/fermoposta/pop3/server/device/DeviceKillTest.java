// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.server.maildrop.DeviceName;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.fermoposta.pop3.server.store.maildir.MaildirStore;
import org.fermoposta.pop3.server.store.maildir.MaildropTemplate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process in which two devices delete is killed by SIGKILL, again and again. */
final class DeviceKillTest {
  private static final MaildropAddress ALICE = MaildropAddress.of(MaildropName.of("alice"));
  private static final List<String> DEVICES = List.of("main", "phone");
  private static final int ROUNDS = Integer.getInteger("crash.rounds", 6);

  @TempDir private Path root;

  private final Random random = new Random();
  private final Set<String> delivered = new TreeSet<>();

  /** By device: what it was told to be deleted, and what it asked for without an answer. */
  private final Map<String, Set<String>> done = new HashMap<>();

  private final Map<String, Set<String>> asked = new HashMap<>();
  private int unanswered;

  private static DeviceStore store(Path root) {
    MaildirStore maildirs = new MaildirStore(MaildropTemplate.parse(root + "/{user}"));
    Devices devices = new Devices(maildirs.records(), Clock.systemUTC());
    return new DeviceStore(
        maildirs, maildirs.records(), devices, user -> MailPolicy.defaults(), Clock.systemUTC());
  }

  /** Delivers and deletes until it is killed, and says what it does before and after. */
  public static void main(String[] args) throws Exception {
    Path root = Path.of(args[0]);
    int next = Integer.parseInt(args[1]);
    DeviceStore store = store(root);
    Random random = new Random();
    while (true) {
      for (int i = 0; i < 3; i++) {
        String name = (1_700_000_000 + next++) + ".x";
        Path draft = Files.writeString(root.resolve("alice/tmp").resolve(name), "x\n");
        Files.move(draft, root.resolve("alice/new").resolve(name));
        System.out.println("delivered " + name);
      }
      for (String device : DEVICES) {
        try (Maildrop maildrop = open(store, device)) {
          BitSet marked = new BitSet();
          StringBuilder names = new StringBuilder();
          for (int n = 1; n <= maildrop.count(); n++) {
            if (random.nextInt(3) > 0) {
              marked.set(n);
              names.append(' ').append(maildrop.uniqueId(n));
            }
          }
          System.out.println("asks " + device + names);
          if (maildrop.delete(marked).complete()) {
            System.out.println("done " + device + names);
          }
        }
      }
    }
  }

  private static Maildrop open(DeviceStore store, String device) throws Exception {
    return store.open(ALICE.as(DeviceName.of(device)), LeaseHolder.unyielding(device));
  }

  @Test
  @DisplayName("U6: after kill -9 no device misses what it holds or sees what it let go of")
  void killed() throws Exception {
    for (String sub : List.of("tmp", "new", "cur")) {
      Files.createDirectories(root.resolve("alice").resolve(sub));
    }
    new Devices(
            new MaildirStore(MaildropTemplate.parse(root + "/{user}")).records(), Clock.systemUTC())
        .add(ALICE.user(), DeviceName.of("phone"), Secret.ofUtf8("x"), new SecureRandom());
    for (String device : DEVICES) {
      done.put(device, new HashSet<>());
      asked.put(device, new HashSet<>());
    }
    for (int round = 0; round < ROUNDS; round++) {
      runAndKill(round);
      check(round);
    }
    System.out.println(unanswered + " of " + ROUNDS + " kills hit a QUIT");
  }

  private void runAndKill(int round) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                System.getProperty("java.class.path"),
                DeviceKillTest.class.getName(),
                root.toString(),
                String.valueOf(round * 1_000_000))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
      int lines = 5 + random.nextInt(60);
      for (int i = 0; i < lines; i++) {
        note(out.readLine());
      }
      LockSupport.parkNanos(random.nextInt(3_000_000));
      // Not Process.destroyForcibly: that would close what it said last.
      process.toHandle().destroyForcibly();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        note(line);
      }
      assertTrue(process.waitFor(10, TimeUnit.SECONDS));
    }
    unanswered += asked.values().stream().anyMatch(names -> !names.isEmpty()) ? 1 : 0;
  }

  private void note(String line) {
    List<String> words = List.of(line.split(" ", -1));
    switch (words.get(0)) {
      case "delivered":
        delivered.add(words.get(1));
        break;
      case "asks":
        of(asked, words.get(1)).addAll(words.subList(2, words.size()));
        break;
      case "done":
        of(asked, words.get(1)).clear();
        of(done, words.get(1)).addAll(words.subList(2, words.size()));
        break;
      default:
        // Lines of the log.
    }
  }

  private void check(int round) throws Exception {
    DeviceStore store = store(root);
    for (String device : DEVICES) {
      Set<String> seen = new TreeSet<>();
      try (Maildrop maildrop = open(store, device)) {
        for (int n = 1; n <= maildrop.count(); n++) {
          seen.add(maildrop.uniqueId(n).value());
        }
      }
      Set<String> held = new TreeSet<>(delivered);
      held.removeAll(of(done, device));
      // What was asked for without an answer: all of it or nothing.
      Set<String> open = new TreeSet<>(of(asked, device));
      Set<String> openSeen = new TreeSet<>(seen);
      openSeen.retainAll(open);
      if (openSeen.isEmpty()) {
        held.removeAll(open);
        of(done, device).addAll(open);
      }
      of(asked, device).clear();
      // Delivered in the very last moment, and not told.
      seen.removeIf(name -> !delivered.contains(name) && !of(done, device).contains(name));
      assertEquals(held, seen, device + " after kill " + round);
    }
    store.sweep(ALICE, LeaseHolder.unyielding("test"), Integer.MAX_VALUE);
    Set<String> left = new TreeSet<>(names());
    Set<String> expected = new TreeSet<>(left);
    for (String name : delivered) {
      if (DEVICES.stream().allMatch(device -> of(done, device).contains(name))) {
        expected.remove(name);
      } else {
        expected.add(name);
      }
    }
    assertEquals(expected, left, "in the store after kill " + round);
    delivered.addAll(left);
  }

  private List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(root.resolve("alice/new"))) {
      files.forEach(file -> names.add(String.valueOf(file.getFileName())));
    }
    return names;
  }

  private static Set<String> of(Map<String, Set<String>> sets, String device) {
    return sets.computeIfAbsent(device, d -> new HashSet<>());
  }
}

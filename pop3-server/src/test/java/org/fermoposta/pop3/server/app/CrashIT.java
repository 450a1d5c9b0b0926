// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.fermoposta.pop3.testkit.Octets;
import org.fermoposta.pop3.testkit.RawPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Each round one process is killed with SIGKILL, by turns a server in the middle of QUIT, a server
 * in the middle of writing its index, and one that delivers. When the kill comes is chosen at random
 * from the time that the operation was measured to take; what had come to pass by then is read from
 * the outside (replies, files) and counted, so that it shows whether the kills hit. A fresh server
 * then says what is there.
 *
 * -Dcrash.rounds=500 for a long run, -Dcrash.seed for the choices of an earlier one.
 */
/** Processes that are killed at random moments. */
final class CrashIT {
  private static final Logger log = LoggerFactory.getLogger(CrashIT.class);
  private static final int ROUNDS = Integer.getInteger("crash.rounds", 12);
  private static final long SEED = Long.getLong("crash.seed", System.nanoTime());
  private static final int TO_DELETE = 1000;
  private static final int TO_INDEX = 4000;

  @TempDir private Path directory;
  private final Random random = new Random(SEED);
  private final Map<String, Integer> phases = new TreeMap<>();
  private CrashServer server = new CrashServer(Path.of("none"), Path.of("none"));

  @BeforeEach
  void configure() throws Exception {
    server = CrashServer.configure(directory);
  }

  @AfterEach
  void stop() {
    server.close();
    log.info("seed {}, {} rounds", SEED, ROUNDS);
    phases.forEach((phase, count) -> log.info("{}: {}", phase, count));
  }

  private void count(String phase) {
    phases.merge(phase, 1, Integer::sum);
  }

  private long delay(long measured) {
    return (long) (random.nextDouble() * 1.25 * measured);
  }

  private static void spin(long untilNanos) {
    while (System.nanoTime() - untilNanos < 0) {
      Thread.onSpinWait();
    }
  }

  private interface Sight {
    boolean seen() throws IOException;
  }

  private static void awaitThat(Sight sight) throws IOException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!sight.seen()) {
      assertTrue(System.nanoTime() - until < 0, "it did not come to that");
    }
  }

  @Test
  @DisplayName(
      "N021, K3, U6, O7: killed at any moment, nothing acknowledged is lost, nothing unmarked is"
          + " deleted, no unique-id changes")
  void killed() throws Exception {
    long quit = deleteSome(-1);
    CrashMaildir indexed = server.maildir("bob");
    for (int i = 0; i < TO_INDEX; i++) {
      indexed.put("cur", String.format("%d.%d.host:2,S", 1_700_000_000 + i, i), "a: b\n\n" + i);
    }
    List<String> ids = new ArrayList<>(indexed.ids());
    long open = index(indexed, ids, -1);
    CrashMaildir delivered = server.maildir("carol");
    int next = 0;
    for (int round = 0; round < ROUNDS; round++) {
      try {
        switch (round % 3) {
          case 0:
            deleteSome(delay(quit));
            break;
          case 1:
            index(indexed, ids, delay(open));
            break;
          default:
            next = deliver(delivered, next);
        }
      } catch (AssertionError | Exception e) {
        throw new AssertionError("round " + round + ", seed " + SEED + ": " + e, e);
      }
    }
    assertEquals(ROUNDS, phases.values().stream().mapToInt(Integer::intValue).sum());
  }

  /**
   * QUIT with half of the messages marked, and a kill so long after it; none if negative.
   *
   * @return how long the QUIT took, if it was not killed
   */
  private long deleteSome(long delay) throws Exception {
    CrashMaildir maildir = server.maildir("alice");
    maildir.clear();
    for (int i = 0; i < TO_DELETE; i++) {
      String name = String.format("%d.%d-%d.host", 1_700_000_000 + i, i, random.nextInt(1000));
      maildir.put(i % 2 == 0 ? "new" : "cur", name + (i % 2 == 0 ? "" : ":2,S"), "a: b\n\n" + i);
    }
    List<String> before = maildir.ids();
    List<String> unmarked = new ArrayList<>();
    String answer;
    long took;
    try (RawPeer peer = server.login("alice")) {
      assertEquals(before, CrashServer.ids(peer));
      BitSet marked = new BitSet();
      StringBuilder commands = new StringBuilder();
      for (int n = 1; n <= TO_DELETE; n++) {
        if (random.nextBoolean()) {
          marked.set(n);
          commands.append("DELE ").append(n).append("\r\n");
        } else {
          unmarked.add(before.get(n - 1));
        }
      }
      peer.send(commands.toString());
      for (int i = 0; i < marked.cardinality(); i++) {
        assertTrue(peer.readLine().startsWith("+OK "));
      }
      Path first = maildir.file(before.get(marked.nextSetBit(1) - 1));
      peer.send("QUIT\r\n");
      long begin = System.nanoTime();
      if (delay >= 0) {
        if (random.nextBoolean()) {
          // Removing takes a part of it: wait until it begins, so that half of the kills hit it.
          awaitThat(() -> !Files.exists(first));
          spin(System.nanoTime() + random.nextInt(3_000_000));
        } else {
          spin(begin + delay);
        }
        server.kill();
      }
      answer = Octets.latin1(peer.readToEnd());
      took = System.nanoTime() - begin;
    }
    List<String> left = maildir.ids();
    assertTrue(left.containsAll(unmarked), "unmarked messages are gone");
    assertTrue(before.containsAll(left), "there are others");
    maildir.requireWhole(name -> "a: b\n\n" + name.replaceAll("^[0-9]+\\.([0-9]+)-.*", "$1"));
    if (answer.isEmpty()) {
      String how =
          left.size() == before.size()
              ? "before the first removal"
              : left.size() > unmarked.size() ? "between removals" : "after the last removal";
      count("QUIT, " + how);
    } else {
      assertEquals("+OK bye\r\n", answer);
      assertEquals(unmarked, left, "+OK, but not all are deleted");
      if (delay >= 0) {
        count("QUIT, after the reply");
      }
    }
    server.check("alice", left, maildir.octets());
    return took;
  }

  /** A login that writes the index, and a kill so long after it; none if negative. */
  private long index(CrashMaildir maildir, List<String> ids, long delay) throws Exception {
    Path index = maildir.path().resolve("fermoposta.index");
    Path draft = maildir.path().resolve("fermoposta.index.tmp");
    if (random.nextBoolean()) {
      Files.deleteIfExists(index);
    }
    String name = (1_700_000_000 + ids.size()) + "." + ids.size() + ".host";
    maildir.put("new", name, "a: b\n\n" + ids.size());
    ids.add(name);
    Object before = CrashMaildir.identity(index);
    String answer;
    long took;
    try (RawPeer peer = server.connect()) {
      peer.send("USER bob\r\nPASS secret\r\n");
      assertEquals("+OK send PASS", peer.readLine());
      long begin = System.nanoTime();
      if (delay >= 0) {
        if (random.nextBoolean()) {
          // Writing takes a small part of the login: wait for it, so that half of the kills hit it.
          awaitThat(
              () -> CrashMaildir.size(draft) > 0 || !CrashMaildir.identity(index).equals(before));
          spin(System.nanoTime() + random.nextInt(200_000));
        } else {
          spin(begin + delay);
        }
        server.kill();
        answer = Octets.latin1(peer.readToEnd());
        took = 0;
      } else {
        answer = peer.readLine();
        took = System.nanoTime() - begin;
      }
    }
    assertTrue(answer.isEmpty() || answer.startsWith("+OK " + ids.size()), answer);
    if (delay >= 0) {
      String how;
      if (!answer.isEmpty()) {
        how = "after the reply";
      } else if (!CrashMaildir.identity(index).equals(before)) {
        how = "after it took its place";
      } else if (CrashMaildir.size(draft) > 0) {
        how = "while it was written";
      } else {
        how = "before it was written";
      }
      count("index, " + how);
    }
    server.check("bob", ids, maildir.octets());
    return took;
  }

  /** Deliveries one after the other until the process that does them is killed. */
  private int deliver(CrashMaildir maildir, int first) throws Exception {
    List<String> acknowledged = new ArrayList<>();
    try (ProgramUnderTest process =
        ProgramUnderTest.of(
            CrashDeliverer.class, server.template(), "carol", Integer.toString(first))) {
      process.awaitOut("ack ");
      spin(System.nanoTime() + random.nextInt(60_000_000));
      process.kill();
      for (String line : process.out()) {
        assertTrue(line.startsWith("ack "), line);
        acknowledged.add(line.substring(4));
      }
    }
    List<String> there = maildir.ids();
    assertTrue(there.containsAll(acknowledged), "acknowledged messages are not there");
    assertTrue(there.size() <= acknowledged.size() + 1, "more than one was not acknowledged");
    int next = first + there.size();
    maildir.requireWhole((name, text) -> CrashDeliverer.content(CrashDeliverer.number(text)));
    List<String> drafts = maildir.drafts();
    if (drafts.isEmpty()) {
      count(
          "delivery, "
              + (there.size() > acknowledged.size()
                  ? "before the acknowledgement"
                  : "between two"));
    } else {
      assertEquals(1, drafts.size());
      boolean named = there.stream().anyMatch(name -> name.startsWith(drafts.get(0) + ","));
      count("delivery, " + (named ? "after it got its name" : "while it was written"));
    }
    server.check("carol", there, maildir.octets());
    server.deleteAll("carol");
    assertEquals(List.of(), maildir.ids());
    maildir.clear();
    return next;
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.runtime.listen.Network;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A15: guessing gets slow, and nobody is locked out by it. */
final class LoginGateTest {
  private static final InetAddress HOME = address("192.0.2.1");
  private static final InetAddress GUESSER = address("198.51.100.1");
  private static final LoginSubject ALICE = new LoginSubject("alice", "alice");
  private static final int FREE = 3;
  private static final int AT_ONCE = 8;

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - Duration.ofMinutes(1).toNanos());
  private final AtomicInteger told = new AtomicInteger();
  private final LoginGate gate =
      new LoginGate(
          new PenaltySettings(
              FREE,
              Duration.ofMinutes(5),
              Duration.ofSeconds(15),
              AT_ONCE,
              List.of(Network.parse("10.0.0.0/8"))),
          now::get);

  @Test
  @DisplayName("A15: delays begin after the free tries, double, and have a bound")
  void growsToABound() {
    List<Duration> delays = new ArrayList<>();
    for (int tries = 0; tries < 12; tries++) {
      delays.add(guess(GUESSER, ALICE, "guess " + tries));
    }
    List<Long> millis = delays.stream().map(Duration::toMillis).toList();
    assertEquals(List.of(0L, 0L, 0L, 500L, 1000L, 2000L, 4000L, 8000L), millis.subList(0, 8));
    // Some of it is forgiven while it is waited for.
    assertEquals(millis.stream().sorted().toList(), millis);
    assertEquals(15_000L, millis.get(11));
  }

  @Test
  @DisplayName("A15: they are forgiven with time")
  void decays() {
    for (int tries = 0; tries < 4; tries++) {
      guess(GUESSER, ALICE, "guess " + tries);
    }
    assertNotEquals(Duration.ZERO, wait(GUESSER, ALICE));
    now.addAndGet(Duration.ofMinutes(5).toNanos());
    assertEquals(Duration.ZERO, wait(GUESSER, ALICE));
  }

  @Test
  @DisplayName(
      "N051: guessed at from many networks, an account is slow, but not at its owner's address")
  void doesNotLockTheOwnerOut() {
    gate.letIn(HOME, "alice");
    for (int i = 0; i < 50; i++) {
      guess(address("203.0." + i + ".1"), ALICE, "guess " + i);
    }
    assertEquals(Duration.ofSeconds(15), wait(GUESSER, ALICE));
    assertEquals(Duration.ZERO, wait(HOME, ALICE));
    assertEquals(Duration.ZERO, wait(GUESSER, new LoginSubject("bob", "bob")));
  }

  @Test
  @DisplayName(
      "N051: whatever is tried from the owner's network, other addresses' tries are theirs")
  void neighboursDoNotCostTheOwner() {
    gate.letIn(HOME, "alice");
    for (int i = 0; i < 50; i++) {
      guess(address("192.0.2." + (2 + i)), new LoginSubject("user" + i, ""), "guess " + i);
    }
    assertEquals(Duration.ofSeconds(15), wait(HOME, new LoginSubject("bob", "bob")));
    assertEquals(Duration.ZERO, wait(HOME, ALICE));
    for (int i = 0; i < 50; i++) {
      guess(HOME, ALICE, "guess " + i);
    }
    assertEquals(Duration.ofSeconds(15), wait(HOME, ALICE), "guessed at from home");
  }

  @Test
  @DisplayName("A6: a neighbour of a home waits as long as elsewhere, so it tells of no account")
  void neighboursLearnNothing() {
    gate.letIn(HOME, "alice");
    for (int i = 0; i < 50; i++) {
      guess(address("203.0." + i + ".1"), ALICE, "guess " + i);
      guess(address("203.1." + i + ".1"), new LoginSubject("nobody", ""), "guess " + i);
    }
    InetAddress neighbour = address("192.0.2.77");
    assertEquals(wait(neighbour, new LoginSubject("nobody", "")), wait(neighbour, ALICE));
  }

  @Test
  @DisplayName("A15: all logins of an account cost the same, by folder, device and other name")
  void countsAccounts() {
    for (int i = 0; i < 50; i++) {
      guess(address("203.0." + i + ".1"), new LoginSubject("al", "alice"), "guess " + i);
    }
    assertEquals(Duration.ofSeconds(15), wait(GUESSER, ALICE));
    assertEquals(Duration.ofSeconds(15), wait(GUESSER, new LoginSubject("al", "")), "or unknown");
  }

  @Test
  @DisplayName(
      "N052: one password tried on many accounts from one network gets slow for all of them")
  void slowsDownOneNetwork() {
    for (int i = 0; i < 50; i++) {
      guess(GUESSER, new LoginSubject("user" + i, ""), "123456");
    }
    LoginSubject another = new LoginSubject("another", "another");
    assertEquals(Duration.ofSeconds(15), wait(GUESSER, another));
    assertEquals(Duration.ofSeconds(15), wait(address("198.51.100.200"), ALICE));
    assertEquals(Duration.ofSeconds(15), wait(address("198.51.100.200"), LoginSubject.NOBODY));
    assertEquals(Duration.ZERO, wait(HOME, another));
  }

  @Test
  @DisplayName("A15: of guesses that come at the same time no more are judged than are free")
  void judgesNoMoreThanAreFree() {
    List<LoginGate.Attempt> running = new ArrayList<>();
    List<LoginGate.Attempt> waiting = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      LoginGate.Attempt attempt = enter(address("203.0." + i + ".1"), ALICE);
      long wait = attempt.ask();
      (wait == 0 ? running : waiting).add(attempt);
      assertTrue(wait == 0 || wait == Long.MAX_VALUE, wait + " ns");
    }
    assertEquals(FREE, running.size());
    running.forEach(attempt -> attempt.wrong(""));
    assertTrue(told.get() >= waiting.size());
    for (LoginGate.Attempt attempt : waiting) {
      assertTrue(attempt.ask() > 0);
    }
    now.addAndGet(Duration.ofMillis(510).toNanos());
    assertEquals(0, waiting.get(0).ask());
    assertEquals(Long.MAX_VALUE, waiting.get(1).ask(), "while the one is judged");
    waiting.get(0).wrong("");
    assertTrue(waiting.get(1).ask() > Duration.ofMillis(900).toNanos());
    assertEquals(4, gate.wrong());
  }

  @Test
  @DisplayName("A15: who is let in makes room at once, so many devices at the same time are fine")
  void manyDevices() {
    List<LoginGate.Attempt> running = new ArrayList<>();
    List<LoginGate.Attempt> waiting = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      LoginGate.Attempt attempt = enter(HOME, ALICE);
      (attempt.ask() == 0 ? running : waiting).add(attempt);
    }
    int let = 0;
    while (!running.isEmpty()) {
      running.remove(0).done();
      let++;
      waiting.removeIf(attempt -> attempt.ask() == 0 && running.add(attempt));
    }
    assertEquals(20, let);
  }

  @Test
  @DisplayName("A15: nobody waits for longer than a minute; further tries are not judged at all")
  void hasFewPlaces() {
    for (int i = 0; i < 50; i++) {
      guess(address("203.0." + i + ".1"), ALICE, "guess " + i);
    }
    List<LoginGate.Attempt> waiting = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      LoginGate.Attempt attempt = enter(GUESSER, ALICE);
      long wait = attempt.ask();
      assertEquals(i == 2 ? LoginGate.NO_PLACE : 15_000_000_000L, wait, "of one network two");
      waiting.add(attempt);
    }
    waiting.add(enter(address("203.9.1.1"), ALICE));
    waiting.add(enter(address("203.9.2.1"), ALICE));
    assertTrue(waiting.get(3).ask() > 0);
    assertTrue(waiting.get(4).ask() > 0);
    assertEquals(LoginGate.NO_PLACE, enter(address("203.9.3.1"), ALICE).ask());
    assertEquals(2, gate.turnedAway());
    waiting.get(4).leave();
    assertTrue(enter(address("203.9.3.1"), ALICE).ask() > 0);
    gate.letIn(HOME, "alice");
    assertEquals(0, enter(HOME, ALICE).ask(), "N051");
  }

  @Test
  @DisplayName("A15: one network has so many checks at the same time, and exempt ones any number")
  void limitsChecksAtOnce() {
    List<LoginGate.Attempt> running = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      running.add(gate.enterToLook(GUESSER, told::incrementAndGet));
      assertEquals(0, running.get(i).ask());
    }
    LoginGate.Attempt more = gate.enterToLook(address("198.51.100.2"), told::incrementAndGet);
    assertEquals(Long.MAX_VALUE, more.ask());
    running.get(3).done();
    assertEquals(1, told.get());
    assertEquals(0, more.ask());
    for (int i = 0; i < 100; i++) {
      assertEquals(0, enter(address("10.1.2.3"), ALICE).ask());
    }
  }

  @Test
  @DisplayName(
      "A15: the same wrong password again counts once, so an old telephone locks nobody out")
  void forgivesRepetition() {
    for (int i = 0; i < 1000; i++) {
      guess(HOME, ALICE, "the old one");
    }
    assertEquals(Duration.ZERO, wait(HOME, ALICE));
    assertEquals(999, gate.repeated());
  }

  @Test
  @DisplayName("A15: networks that see to guessing themselves are left alone")
  void leavesExemptNetworksAlone() {
    for (int i = 0; i < 50; i++) {
      guess(address("10.1.2.3"), ALICE, "guess " + i);
    }
    assertEquals(Duration.ZERO, wait(address("10.1.2.3"), ALICE));
    assertEquals(Duration.ZERO, wait(HOME, ALICE));
  }

  @Test
  @DisplayName("N068: a password is recognised by something that says nothing of it elsewhere")
  void fingerprintsAreOfThisProcess() {
    LoginGate other = new LoginGate(PenaltySettings.defaults());
    Secret password = Secret.ofUtf8("sesame");
    String own = gate.fingerprint(ALICE, password);
    assertEquals(own, gate.fingerprint(new LoginSubject("al", "alice"), password));
    assertNotEquals(own, gate.fingerprint(new LoginSubject("bob", "bob"), password));
    assertNotEquals(own, other.fingerprint(ALICE, password));
  }

  private LoginGate.Attempt enter(InetAddress from, LoginSubject whom) {
    return gate.enter(from, whom, told::incrementAndGet);
  }

  /** How long a try would have to wait now. */
  private Duration wait(InetAddress from, LoginSubject whom) {
    LoginGate.Attempt attempt = enter(from, whom);
    long wait = attempt.ask();
    if (wait == 0) {
      attempt.done();
    } else {
      attempt.leave();
    }
    return Duration.ofNanos(wait);
  }

  /** Waits as long as it takes, and is wrong; returns how long that was. */
  private Duration guess(InetAddress from, LoginSubject whom, String password) {
    LoginGate.Attempt attempt = enter(from, whom);
    long begin = now.get();
    for (long wait = attempt.ask(); wait > 0; wait = attempt.ask()) {
      now.addAndGet(wait);
    }
    attempt.wrong(gate.fingerprint(whom, Secret.ofUtf8(password)));
    return Duration.ofNanos(now.get() - begin);
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new AssertionError(text, e);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.runtime.listen.Network;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A15: guessing gets slow, and nobody is locked out by it. */
final class LoginPenaltiesTest {
  private static final InetAddress HOME = address("192.0.2.1");
  private static final InetAddress GUESSER = address("198.51.100.1");

  private final AtomicLong now = new AtomicLong();
  private final LoginPenalties penalties =
      new LoginPenalties(
          new PenaltySettings(
              3,
              Duration.ofMinutes(5),
              Duration.ofSeconds(15),
              List.of(Network.parse("10.0.0.0/8"))),
          now::get);

  @Test
  @DisplayName("A15: delays begin after the free tries, double, and have a bound")
  void growsToABound() {
    Duration before = Duration.ZERO;
    for (int tries = 0; tries < 40; tries++) {
      Duration delay = penalties.delay(GUESSER, "alice");
      assertTrue(delay.compareTo(before) >= 0);
      assertEquals(tries < 3, delay.isZero(), tries + " tries");
      before = delay;
      guess(GUESSER, "alice", "guess " + tries);
    }
    assertEquals(Duration.ofSeconds(15), before);
  }

  @Test
  @DisplayName("A15: they are forgiven with time")
  void decays() {
    for (int tries = 0; tries < 4; tries++) {
      guess(GUESSER, "alice", "guess " + tries);
    }
    assertEquals(Duration.ofSeconds(1), penalties.delay(GUESSER, "alice"));
    now.addAndGet(Duration.ofMinutes(5).toNanos());
    assertEquals(Duration.ZERO, penalties.delay(GUESSER, "alice"));
  }

  @Test
  @DisplayName(
      "N051: guessed at from many networks, an account is slow from where it never was only")
  void doesNotLockTheOwnerOut() {
    penalties.letIn(HOME, "alice");
    for (int i = 0; i < 50; i++) {
      guess(address("203.0." + i + ".1"), "Alice", "guess " + i);
    }
    assertEquals(Duration.ofSeconds(15), penalties.delay(GUESSER, "alice"));
    assertEquals(Duration.ZERO, penalties.delay(HOME, "alice"));
    assertEquals(Duration.ZERO, penalties.delay(address("192.0.2.77"), "ALICE"));
    assertEquals(Duration.ZERO, penalties.delay(GUESSER, "bob"));
  }

  @Test
  @DisplayName(
      "N052: one password tried on many accounts from one network gets slow for all of them")
  void slowsDownOneNetwork() {
    for (int i = 0; i < 50; i++) {
      guess(GUESSER, "user" + i, "123456");
    }
    assertEquals(Duration.ofSeconds(15), penalties.delay(GUESSER, "somebody else"));
    assertEquals(Duration.ofSeconds(15), penalties.delay(address("198.51.100.200"), "x"));
    assertEquals(Duration.ZERO, penalties.delay(HOME, "somebody else"));
  }

  @Test
  @DisplayName(
      "A15: the same wrong password again counts once, so an old telephone locks nobody out")
  void forgivesRepetition() {
    for (int i = 0; i < 1000; i++) {
      guess(HOME, "alice", "the old one");
    }
    assertEquals(Duration.ZERO, penalties.delay(HOME, "alice"));
  }

  @Test
  @DisplayName("A15: networks that see to guessing themselves are left alone")
  void leavesExemptNetworksAlone() {
    for (int i = 0; i < 50; i++) {
      guess(address("10.1.2.3"), "alice", "guess " + i);
    }
    assertEquals(Duration.ZERO, penalties.delay(address("10.1.2.3"), "alice"));
    assertEquals(Duration.ZERO, penalties.delay(HOME, "alice"));
  }

  @Test
  @DisplayName("N068: a password is recognised by something that says nothing of it elsewhere")
  void fingerprintsAreOfThisProcess() {
    LoginPenalties other = new LoginPenalties(PenaltySettings.defaults());
    Secret password = Secret.ofUtf8("sesame");
    assertEquals(
        penalties.fingerprint("alice", password), penalties.fingerprint("ALICE", password));
    assertNotEquals(
        penalties.fingerprint("alice", password), penalties.fingerprint("bob", password));
    assertNotEquals(penalties.fingerprint("alice", password), other.fingerprint("alice", password));
  }

  private void guess(InetAddress from, String user, String password) {
    penalties.refused(from, user, penalties.fingerprint(user, Secret.ofUtf8(password)));
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new AssertionError(text, e);
    }
  }
}

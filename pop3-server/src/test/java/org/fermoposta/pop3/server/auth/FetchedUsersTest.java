// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.ScramHash;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.Expiry;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.fermoposta.pop3.server.policy.PolicyRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FetchedUsersTest {

  private static final MaildropName ALICE = MaildropName.of("alice");

  private final FetchedUsers users = new FetchedUsers();

  private static FetchedUser user(List<String> passwords, Map<String, String> fields) {
    return FetchedUser.of(ALICE, passwords, List.of(), fields, MailPolicy.defaults());
  }

  private PasswordAnswer check(FetchedUser user, String password) {
    return users.check(Optional.of(user), Secret.ofUtf8(password));
  }

  @Test
  @DisplayName("any of several passwords lets in, and those for other programs are passed over")
  void severalPasswords() {
    FetchedUser user = user(List.of("{SASL}x", "{PLAIN}one", "{PLAIN}two"), Map.of());
    assertInstanceOf(PasswordAnswer.Right.class, check(user, "one"));
    assertInstanceOf(PasswordAnswer.Right.class, check(user, "two"));
    assertInstanceOf(PasswordAnswer.Wrong.class, check(user, "{SASL}x"));
  }

  @Test
  @DisplayName("with no password that can be read nobody is told that theirs is wrong")
  void unreadable() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> user(List.of("{NEW-HASH}topsecret"), Map.of()));
    assertFalse(String.valueOf(e.getMessage()).contains("topsecret"), e::getMessage);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "!", "!{PLAIN}one", "{CRYPT}!", "{crypt}*LK*"})
  @DisplayName("a password that begins with * or ! locks, beside a good one too")
  void lockedByPassword(String locked) {
    FetchedUser user = user(List.of("{PLAIN}one", locked), Map.of());
    assertInstanceOf(PasswordAnswer.Wrong.class, check(user, "one"));
    assertInstanceOf(UserAnswer.Locked.class, user.found());
  }

  @Test
  @DisplayName("nologin locks unless it says no")
  void nologin() {
    for (String no : List.of("", "0", "f", "FALSE", "no", "N")) {
      assertFalse(user(List.of(), Map.of("nologin", no)).locked(), no);
    }
    for (String yes : List.of("1", "t", "TRUE", "20260101000000Z", "on leave")) {
      assertTrue(user(List.of(), Map.of("nologin", yes)).locked(), yes);
    }
  }

  @Test
  @DisplayName("a value can bring no second field along, and an unknown field is an error")
  void fields() {
    assertEquals(
        new Expiry(30),
        user(List.of(), Map.of("fermoposta_expire", "30d", "fermoposta_folders", ""))
            .account()
            .policy()
            .expire());
    for (Map<String, String> wrong :
        List.of(
            Map.of("fermoposta_folders", "Junk fermoposta_expire=0"),
            Map.of("fermoposta_folders", "Junk\u2003allow_nets=::/0"),
            Map.of("fermoposta_colour", "red"),
            Map.of("allow_nets", "everywhere"),
            Map.of("home", "/"))) {
      assertThrows(IllegalArgumentException.class, () -> user(List.of(), wrong), wrong::toString);
    }
  }

  @Test
  @DisplayName("A6, N066: unknown users cost what the last known one did, at first a new password")
  void decoy() {
    assertTrue(users.decoyCost().startsWith("ARGON2"), users::decoyCost);
    assertInstanceOf(
        PasswordAnswer.Unknown.class, users.check(Optional.empty(), Secret.ofUtf8("nobody")));
    FetchedUser known = user(List.of("{SHA512-CRYPT}$6$rounds=1000$s$" + "a".repeat(86)), Map.of());
    assertInstanceOf(PasswordAnswer.Wrong.class, check(known, "x"));
    assertEquals("SHA512-CRYPT 1000", users.decoyCost());
    FetchedUser bare = user(List.of(), Map.of());
    assertInstanceOf(PasswordAnswer.Wrong.class, check(bare, "x"));
    assertEquals("SHA512-CRYPT 1000", users.decoyCost(), "users without password are no model");
    users.note(user(List.of("{PLAIN}one"), Map.of()));
    // Known now: nobody's password of somebody else lets nobody in.
    assertInstanceOf(
        PasswordAnswer.Unknown.class, users.check(Optional.empty(), Secret.ofUtf8("one")));
    assertTrue(users.scram(ScramHash.SHA_256).derived());
  }

  @Test
  @DisplayName("CAPA announces the strictest that is configured, as differing if users may differ")
  void strictest() {
    MailPolicy mail =
        MailPolicy.defaults().withExpire(new Expiry(30)).withLoginDelay(Duration.ofSeconds(10));
    Set<String> both = Set.of("fermoposta_expire", "fermoposta_login_delay");
    assertEquals(
        new PolicyRange(new Expiry(30), false, Duration.ofSeconds(10), false),
        new StrictestPolicy(null, null).range(mail, Set.of()));
    assertEquals(
        new PolicyRange(new Expiry(7), true, Duration.ofSeconds(60), true),
        new StrictestPolicy(new Expiry(7), Duration.ofSeconds(60)).range(mail, both));
    assertEquals(
        new PolicyRange(new Expiry(30), true, Duration.ofSeconds(10), true),
        new StrictestPolicy(Expiry.NEVER, Duration.ofSeconds(1)).range(mail, both));
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.fermoposta.pop3.runtime.config.OctetSize;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.AccessRules;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MailPolicyFieldsTest {
  private static final MailPolicy DEFAULTS = MailPolicy.defaults();

  @Test
  @DisplayName("each switch of a user is read, the rest is as for all users")
  void reads() {
    AccessRules rules =
        MailPolicyFields.parse(
                "fermoposta_pop3=no fermoposta_read_only=yes fermoposta_max_sessions=3"
                    + " fermoposta_delay=250ms fermoposta_messages_per_day=100"
                    + " fermoposta_octets_per_day=20MiB",
                DEFAULTS)
            .access();
    assertEquals(
        new AccessRules(false, true, 3, Duration.ofMillis(250), 100, OctetSize.parse("20MiB")),
        rules);
    MailPolicy few = DEFAULTS.withAccess(AccessRules.defaults().withMaxSessions(2));
    AccessRules mixed = MailPolicyFields.parse("fermoposta_read_only=1", few).access();
    assertEquals(AccessRules.defaults().withMaxSessions(2).withReadOnly(true), mixed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"no", "NO", "n", "false", "f", "0"})
  @DisplayName("no is written as people and databases write it")
  void no(String text) {
    assertFalse(MailPolicyFields.parse("fermoposta_pop3=" + text, DEFAULTS).access().pop3());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fermoposta_pop3=off|fermoposta_pop3: \"off\" (expected: yes or no)",
        "fermoposta_pop3|fermoposta_pop3: \"\" (expected: yes or no)",
        "fermoposta_read_only=ja|fermoposta_read_only: \"ja\" (expected: yes or no)",
        "fermoposta_max_sessions=-1|fermoposta_max_sessions: \"-1\" (expected: a number; 0 for any"
            + " number)",
        "fermoposta_max_sessions=10001|fermoposta_max_sessions: number 10001 (expected: 0 to 10000)",
        "fermoposta_max_sessions=9999999999|fermoposta_max_sessions: \"9999999999\" (expected: a"
            + " number; 0 for any number)",
        "fermoposta_delay=31s|fermoposta_delay: duration 31000ms (expected: 0s to 30s)",
        "fermoposta_octets_per_day=5|fermoposta_octets_per_day: size \"5\" (expected: a number with"
            + " unit, such as 512B, 64KiB, 25MiB or 2GiB)",
        "fermoposta_login_delay=2d|fermoposta_login_delay: duration 172800s (expected: 0s to 24h)",
        "fermoposta_pop3=no fermoposta_pop3=yes|\"fermoposta_pop3\": twice (expected: once)",
      })
  @DisplayName("a wrong value is an error that names field, value and what is expected")
  void wrong(String extra, String expected) {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> MailPolicyFields.parse(extra, DEFAULTS));
    assertEquals(expected, error.getMessage());
  }

  @Test
  @DisplayName("an unknown field of ours is an error that names the known ones")
  void unknown() {
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () -> MailPolicyFields.parse("fermoposta_pop4=no", DEFAULTS));
    String text = String.valueOf(error.getMessage());
    assertTrue(text.startsWith("extra field \"fermoposta_pop4\" (expected: fermoposta_delay, "));
    assertTrue(text.contains(", fermoposta_pop3, fermoposta_read_only)"), text);
    assertTrue(MailPolicyFields.isField("fermoposta_max_sessions"));
    assertFalse(MailPolicyFields.isField("max_sessions"));
  }

  @Test
  @DisplayName("directories and databases tell the same switches")
  void fetched() {
    MaildropName alice = MaildropName.of("alice");
    AccessRules rules =
        FetchedUser.of(
                alice,
                List.of("{PLAIN}x"),
                List.of(),
                Map.of("fermoposta_pop3", "f", "fermoposta_max_sessions", "2"),
                DEFAULTS)
            .account()
            .policy()
            .access();
    assertEquals(AccessRules.defaults().withPop3(false).withMaxSessions(2), rules);
    assertThrows(
        IllegalArgumentException.class,
        () ->
            FetchedUser.of(
                alice,
                List.of("{PLAIN}x"),
                List.of(),
                Map.of("fermoposta_read_only", "maybe"),
                DEFAULTS));
  }
}

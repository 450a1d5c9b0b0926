// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.fermoposta.pop3.runtime.config.OctetSize;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.AccessRules;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class RetrievalLimitsTest {
  private static final MaildropName ALICE = MaildropName.of("alice");
  private static final AccessRules TWO = AccessRules.defaults().withMessagesPerDay(2);

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final RetrievalLimits limits = new RetrievalLimits(now::get);

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  @DisplayName("a day lasts 24 hours from its first message on, not from the last")
  void day() {
    RetrievalLimits.Meter meter = limits.meter(ALICE, TWO);
    meter.sent(true, 10);
    pass(Duration.ofHours(23));
    assertTrue(meter.allowsMore());
    meter.sent(true, 10);
    assertFalse(meter.allowsMore());
    pass(Duration.ofMinutes(59));
    assertFalse(limits.meter(ALICE, TWO).allowsMore());
    pass(Duration.ofMinutes(1));
    assertTrue(meter.allowsMore());
  }

  @Test
  @DisplayName("users and sessions: what one session retrieves counts for the user's others")
  void users() {
    limits.meter(ALICE, TWO).sent(true, 1);
    limits.meter(ALICE, TWO).sent(true, 1);
    assertFalse(limits.meter(ALICE, TWO).allowsMore());
    assertTrue(limits.meter(MaildropName.of("bob"), TWO).allowsMore());
    assertTrue(limits.meter(ALICE, AccessRules.defaults()).allowsMore());
  }

  @Test
  @DisplayName("part of a message counts by its octets alone")
  void parts() {
    AccessRules both = TWO.withOctetsPerDay(new OctetSize(100));
    RetrievalLimits.Meter meter = limits.meter(ALICE, both);
    meter.sent(false, 99);
    meter.sent(false, 0);
    assertTrue(meter.allowsMore());
    meter.sent(false, 1);
    assertFalse(meter.allowsMore());
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.fermoposta.pop3.server.maildrop.DeviceName;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class LoginDelaysTest {
  private static final MaildropAddress ALICE = MaildropAddress.of(MaildropName.of("alice"));
  private static final Duration DELAY = Duration.ofSeconds(60);

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final LoginDelays delays = new LoginDelays(now::get);

  private void pass(long seconds) {
    now.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  @Test
  @DisplayName("R2: the time runs from the last login that was let in, not from refused ones")
  void runs() {
    assertEquals(Duration.ZERO, delays.left(ALICE, DELAY));
    delays.letIn(ALICE, DELAY);
    assertEquals(DELAY, delays.left(ALICE, DELAY));
    pass(59);
    assertEquals(Duration.ofSeconds(1), delays.left(ALICE, DELAY));
    pass(1);
    assertEquals(Duration.ZERO, delays.left(ALICE, DELAY));
    pass(1000);
    assertEquals(Duration.ZERO, delays.left(ALICE, DELAY));
  }

  @Test
  @DisplayName("each device has its own time")
  void devices() {
    delays.letIn(ALICE.as(DeviceName.of("phone")), DELAY);
    assertEquals(DELAY, delays.left(ALICE.as(DeviceName.of("phone")), DELAY));
    assertEquals(Duration.ZERO, delays.left(ALICE.as(DeviceName.of("laptop")), DELAY));
    assertEquals(Duration.ZERO, delays.left(ALICE, DELAY));
  }

  @Test
  @DisplayName("without a delay nothing is remembered or refused")
  void none() {
    delays.letIn(ALICE, Duration.ZERO);
    assertEquals(Duration.ZERO, delays.left(ALICE, DELAY));
    delays.letIn(ALICE, DELAY);
    assertEquals(Duration.ZERO, delays.left(ALICE, Duration.ZERO));
  }

  @Test
  @DisplayName("the latest 50,000 logins are remembered")
  void bounded() {
    for (int i = 0; i <= 50_000; i++) {
      delays.letIn(MaildropAddress.of(MaildropName.of("u" + i)), DELAY);
    }
    assertEquals(Duration.ZERO, delays.left(MaildropAddress.of(MaildropName.of("u0")), DELAY));
    assertEquals(DELAY, delays.left(MaildropAddress.of(MaildropName.of("u1")), DELAY));
    assertEquals(DELAY, delays.left(MaildropAddress.of(MaildropName.of("u50000")), DELAY));
  }
}

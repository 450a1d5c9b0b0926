// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.fermoposta.pop3.server.policy.Expiry;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.fermoposta.pop3.server.policy.PolicyRange;
import org.jspecify.annotations.Nullable;

/**
 * The strictest policies that any user has of a back end which cannot list its users: what CAPA
 * announces before login (RFC 2449 §6.5, §6.7).
 *
 * @param expire the shortest expiry; null for that of {@code mail}
 * @param loginDelay the longest delay; null for that of {@code mail}
 */
public record StrictestPolicy(@Nullable Expiry expire, @Nullable Duration loginDelay) {

  /**
   * What can be said of all users. What the back end may say otherwise for a user is announced as
   * differing.
   *
   * @param fields the fields that it tells of users
   */
  public PolicyRange range(MailPolicy defaults, Set<String> fields) {
    PolicyRange all = PolicyRange.of(List.of(defaults));
    Expiry shortest = expire;
    Duration longest = loginDelay;
    return new PolicyRange(
        shortest == null || shortest.compareTo(all.expire()) > 0 ? all.expire() : shortest,
        fields.contains("fermoposta_expire"),
        longest == null || longest.compareTo(all.loginDelay()) < 0 ? all.loginDelay() : longest,
        fields.contains("fermoposta_login_delay"));
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.policy;

import java.time.Duration;
import java.util.Collection;

/**
 * What can be said of the users' policies before anybody has logged in (RFC 2449 §6.5, §6.7).
 *
 * @param expire the shortest of any user
 * @param expireDiffers whether another user has a longer one
 * @param loginDelay the longest of any user
 * @param loginDelayDiffers whether another user has a shorter one
 */
public record PolicyRange(
    Expiry expire, boolean expireDiffers, Duration loginDelay, boolean loginDelayDiffers) {

  /** The range of one or more policies. */
  public static PolicyRange of(Collection<MailPolicy> policies) {
    return new PolicyRange(
        policies.stream().map(MailPolicy::expire).min(Expiry::compareTo).orElse(Expiry.NEVER),
        policies.stream().map(MailPolicy::expire).distinct().count() > 1,
        policies.stream()
            .map(MailPolicy::loginDelay)
            .max(Duration::compareTo)
            .orElse(Duration.ZERO),
        policies.stream().map(MailPolicy::loginDelay).distinct().count() > 1);
  }

  /** The range of these users and others. */
  public PolicyRange and(PolicyRange others) {
    return new PolicyRange(
        expire.compareTo(others.expire) <= 0 ? expire : others.expire,
        expireDiffers || others.expireDiffers || !expire.equals(others.expire),
        loginDelay.compareTo(others.loginDelay) >= 0 ? loginDelay : others.loginDelay,
        loginDelayDiffers || others.loginDelayDiffers || !loginDelay.equals(others.loginDelay));
  }
}

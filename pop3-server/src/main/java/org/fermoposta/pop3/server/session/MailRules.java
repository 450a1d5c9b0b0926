// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.fermoposta.pop3.protocol.Capability;
import org.fermoposta.pop3.server.policy.Expiry;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.fermoposta.pop3.server.policy.PolicyRange;

/**
 * What sessions say of retention and of the time between logins, and enforce.
 *
 * @param range what can be said before anybody has logged in; quick
 * @param delays when who logged in last
 * @param sessions how many sessions users have
 * @param limits what users have retrieved today
 */
public record MailRules(
    Supplier<PolicyRange> range,
    LoginDelays delays,
    UserSessions sessions,
    RetrievalLimits limits) {

  /** For users with this policy. */
  public static MailRules of(Supplier<PolicyRange> range) {
    return new MailRules(
        range, new LoginDelays(System::nanoTime), new UserSessions(), new RetrievalLimits());
  }

  /** The strictest of any user, marked USER if others have others (RFC 2449, sections 6.5, 6.7). */
  List<Capability> beforeLogin() {
    PolicyRange now = range.get();
    List<Capability> all = new ArrayList<>();
    if (!now.loginDelay().isZero()) {
      all.add(capability(Capability.LOGIN_DELAY, delay(now.loginDelay()), now.loginDelayDiffers()));
    }
    all.add(capability(Capability.EXPIRE, now.expire().parameter(), now.expireDiffers()));
    return all;
  }

  /** What holds for this login. */
  List<Capability> afterLogin(Login login) {
    MailPolicy policy = login.account().policy();
    List<Capability> all = new ArrayList<>();
    if (!range.get().loginDelay().isZero()) {
      all.add(capability(Capability.LOGIN_DELAY, delay(policy.loginDelay()), false));
    }
    all.add(capability(Capability.EXPIRE, expiry(login).parameter(), false));
    return all;
  }

  /**
   * Folders are the user's to keep: nothing expires there. What is read only does not go at QUIT.
   */
  static Expiry expiry(Login login) {
    MailPolicy policy = login.account().policy();
    boolean kept =
        login.address().folder().isPresent()
            || (policy.expire().onceRetrieved() && policy.access().readOnly());
    return kept ? Expiry.NEVER : policy.expire();
  }

  private static Capability capability(String tag, String value, boolean differs) {
    return differs ? Capability.of(tag, value, "USER") : Capability.of(tag, value);
  }

  private static String delay(Duration delay) {
    return String.valueOf(delay.toSeconds());
  }
}

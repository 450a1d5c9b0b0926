// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.gate.policy;

import java.time.Duration;

/** What a {@link LoginPolicy} says of a login. */
public sealed interface PolicyVerdict {

  /** It may be tried. */
  PolicyVerdict ALLOW = new Allow(Duration.ZERO);

  /**
   * It may be tried.
   *
   * @param after so much time
   */
  record Allow(Duration after) implements PolicyVerdict {}

  /**
   * It is refused, as if the credentials were wrong.
   *
   * @param logText why, for the log only; escaped
   */
  record Refuse(String logText) implements PolicyVerdict {}

  /**
   * Nobody can say, and so nobody is let in for now: never {@code [AUTH]} (A11).
   *
   * @param logText why, for the log only; escaped
   */
  record Unknown(String logText) implements PolicyVerdict {}
}

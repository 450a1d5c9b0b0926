// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.gate.policy;

import org.fermoposta.pop3.protocol.Secret;
import org.jspecify.annotations.Nullable;

/**
 * Is asked whether a login may be tried, before its credentials are looked at, and told how it
 * went. Thread-safe.
 */
public interface LoginPolicy extends AutoCloseable {

  /** Allows all and wants to know nothing. */
  LoginPolicy NONE =
      new LoginPolicy() {
        @Override
        public PolicyVerdict ask(LoginAttempt attempt) {
          return PolicyVerdict.ALLOW;
        }

        @Override
        public void report(LoginAttempt attempt, Outcome outcome) {
          // Nobody wants to know.
        }

        @Override
        public String passwordHash(String login, @Nullable Secret password) {
          return "";
        }
      };

  /** How a login went. */
  enum Outcome {
    /** The credentials were right. */
    RIGHT,
    /** The credentials were wrong. */
    WRONG,
    /** This policy refused it. */
    REFUSED
  }

  /** Asks. Blocks for a bounded time; never throws for anything that somebody outside does. */
  PolicyVerdict ask(LoginAttempt attempt);

  /** Tells how a login went. Quick; it may be dropped when there is too much to tell. */
  void report(LoginAttempt attempt, Outcome outcome);

  /**
   * What tells a password from another without giving it away, for {@link LoginAttempt}.
   *
   * @param login whom it is for
   * @param password not changed and not kept; null if none was shown
   */
  String passwordHash(String login, @Nullable Secret password);

  /** Ends what is under way. */
  @Override
  default void close() {}
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.AccessRules;

/**
 * How many sessions users have in this process, of those users for whom it is limited. Thread-safe.
 */
/*
 * Design note. A session is counted from the open maildrop on, not from the login: a login that
 * takes a maildrop over from a dead client has made that one's session end by then, and so is not
 * kept out by it (K7). The count goes down before the lease is free, for the same reason.
 */
public final class UserSessions {
  private final ConcurrentMap<MaildropName, Integer> counts = new ConcurrentHashMap<>();

  /** Nobody has any. */
  public UserSessions() {}

  /**
   * Lets a session in, with a maildrop that keeps to the user's rules. Consumes the maildrop, also
   * when this throws.
   *
   * @throws MaildropException {@link MaildropFailure#TOO_MANY_SESSIONS}
   */
  Maildrop enter(MaildropName user, AccessRules rules, Maildrop opened) throws MaildropException {
    int max = rules.maxSessions();
    if (max == 0) {
      return rules.readOnly() ? new GuardedMaildrop(opened, true, () -> {}) : opened;
    }
    int now = counts.merge(user, 1, Integer::sum);
    Maildrop counted = new GuardedMaildrop(opened, rules.readOnly(), () -> leave(user));
    if (now > max) {
      counted.close();
      throw new MaildropException(
          MaildropFailure.TOO_MANY_SESSIONS,
          "user " + LogText.quote(user) + ": " + max + " sessions already (expected: fewer)");
    }
    return counted;
  }

  private void leave(MaildropName user) {
    counts.computeIfPresent(user, (name, count) -> count == 1 ? null : count - 1);
  }

  /** How many users are counted. */
  int users() {
    return counts.size();
  }
}

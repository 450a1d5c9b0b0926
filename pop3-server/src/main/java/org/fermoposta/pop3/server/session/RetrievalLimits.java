// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.AccessRules;

/*
 * Design note. A day begins with the first message of it and lasts 24 hours. What is under way is
 * not counted before it has ended, so that a message larger than what is left can be had, and each
 * session of a user may go over by one message. Only users with a limit are remembered; beyond
 * 100,000 of them those go whose day began first, or who were seen least.
 */
/**
 * What users have retrieved today, over all their sessions with this process; a restart forgets it.
 * Thread-safe.
 */
public final class RetrievalLimits {
  private static final int MAX_USERS = 100_000;
  private static final Duration DAY = Duration.ofHours(24);

  private final Cache<MaildropName, Day> days;

  /** Nothing was retrieved yet. */
  public RetrievalLimits() {
    this(Ticker.systemTicker());
  }

  RetrievalLimits(Ticker ticker) {
    days =
        Caffeine.newBuilder().maximumSize(MAX_USERS).expireAfterWrite(DAY).ticker(ticker).build();
  }

  private static final class Day {
    private long messages;
    private long octets;

    synchronized void add(long moreMessages, long moreOctets) {
      messages += moreMessages;
      octets += moreOctets;
    }

    synchronized boolean isBelow(AccessRules rules) {
      return (rules.messagesPerDay() == 0 || messages < rules.messagesPerDay())
          && (rules.octetsPerDay().octets() == 0 || octets < rules.octetsPerDay().octets());
    }
  }

  /** Counts for one session. */
  Meter meter(MaildropName user, AccessRules rules) {
    return new Meter(user, rules);
  }

  /** What one session retrieves. Quick. */
  final class Meter {
    private final MaildropName user;
    private final AccessRules rules;

    private Meter(MaildropName user, AccessRules rules) {
      this.user = user;
      this.rules = rules;
    }

    private boolean unlimited() {
      return rules.messagesPerDay() == 0 && rules.octetsPerDay().octets() == 0;
    }

    /** Whether another message may be sent, or part of one. */
    boolean allowsMore() {
      if (unlimited()) {
        return true;
      }
      Day day = days.getIfPresent(user);
      return day == null || day.isBelow(rules);
    }

    /**
     * A message was sent, or part of one.
     *
     * @param whole whether it counts as a message
     */
    void sent(boolean whole, long octets) {
      if (!unlimited()) {
        days.get(user, unseen -> new Day()).add(whole ? 1 : 0, octets);
      }
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.fermoposta.pop3.server.auth.Authenticator;
import org.fermoposta.pop3.server.auth.UserAnswer;
import org.fermoposta.pop3.server.gate.LoginSubject;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropName;

/*
 * Design note. Tries are counted before they are judged, so back ends are asked once more whom a
 * login means. What they say is kept for a moment: a client that comes every minute does not cost
 * them two questions. An answer that is out of date only counts a try for the wrong account.
 */
/** Finds out whom a login counts for. Thread-safe. */
public final class LoginSubjects {
  private static final int MAX_REMEMBERED = 10_000;
  private static final Duration REMEMBERED = Duration.ofMinutes(1);

  private final Authenticator authenticator;
  private final Cache<String, LoginSubject> known =
      Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).expireAfterWrite(REMEMBERED).build();

  /** Subjects that this authenticator knows. */
  public LoginSubjects(Authenticator authenticator) {
    this.authenticator = authenticator;
  }

  /** As {@link #of}, if it can be told without asking. Quick. */
  Optional<LoginSubject> known(String login) {
    return login.isEmpty()
        ? Optional.of(LoginSubject.NOBODY)
        : Optional.ofNullable(known.getIfPresent(login));
  }

  /** Whom a login means, whatever folder or device it names. Blocks. */
  LoginSubject of(String login) {
    Optional<LoginSubject> before = known(login);
    if (before.isPresent()) {
      return before.get();
    }
    List<MaildropAddress> readings = MaildropAddress.readings(login);
    if (readings.isEmpty()) {
      return LoginSubject.NOBODY;
    }
    MaildropName shortest = readings.get(readings.size() - 1).user();
    String name = authenticator.canonical(shortest).value();
    for (MaildropAddress reading : readings) {
      UserAnswer answer = authenticator.find(reading.user());
      if (answer instanceof UserAnswer.Unavailable) {
        return new LoginSubject(name, "");
      } else if (answer instanceof UserAnswer.Found found) {
        return keep(login, new LoginSubject(name, found.account().name().value()));
      }
    }
    return keep(login, new LoginSubject(name, ""));
  }

  private LoginSubject keep(String login, LoginSubject subject) {
    known.put(login, subject);
    return subject;
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.gate.policy;

import java.util.List;
import java.util.Optional;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.server.auth.LoginContext;
import org.fermoposta.pop3.server.gate.LoginSubject;
import org.fermoposta.pop3.server.maildrop.DeviceName;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.jspecify.annotations.Nullable;

/**
 * A login that is to be tried.
 *
 * @param login whom it is for; empty if the client has not said
 * @param device which of the user's devices the client says it is; empty if it does not
 * @param passwordHash by {@link LoginPolicy#passwordHash}
 * @param method PASS, APOP or the SASL mechanism
 * @param context where it comes from
 */
public record LoginAttempt(
    String login, String device, String passwordHash, String method, LoginContext context) {

  private static final int MAX_CHARS = 255;

  /**
   * A login as the policy is to see it.
   *
   * @param subject whom it means, so that nobody looks like many users by adding to a name; if it
   *     means nobody, {@code given} counts
   * @param given the name as the client gave it
   * @param password not changed and not kept; null if none was shown
   */
  public static LoginAttempt of(
      LoginPolicy policy,
      LoginSubject subject,
      String given,
      @Nullable Secret password,
      String method,
      LoginContext context) {
    String whom = subject.whom();
    String login = whom.isEmpty() ? shortest(given) : whom;
    return new LoginAttempt(
        login, device(given), policy.passwordHash(login, password), method, context);
  }

  /** The name without folder and device; as given, but not for ever, if nobody can have it. */
  private static String shortest(String given) {
    List<MaildropAddress> readings = MaildropAddress.readings(given);
    return readings.isEmpty()
        ? given.substring(0, Math.min(MAX_CHARS, given.length()))
        : readings.get(readings.size() - 1).user().value();
  }

  private static String device(String given) {
    return MaildropAddress.readings(given).stream()
        .map(MaildropAddress::device)
        .flatMap(Optional::stream)
        .findFirst()
        .map(DeviceName::value)
        .orElse("");
  }
}

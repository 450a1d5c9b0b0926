// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import java.util.Optional;
import org.fermoposta.pop3.protocol.sasl.CredentialAnswer;
import org.fermoposta.pop3.protocol.sasl.CredentialRequest;
import org.fermoposta.pop3.protocol.sasl.SaslIdentity;
import org.fermoposta.pop3.server.auth.Account;
import org.fermoposta.pop3.server.auth.Authenticator;
import org.fermoposta.pop3.server.auth.LoginContext;
import org.fermoposta.pop3.server.auth.UserAnswer;
import org.fermoposta.pop3.server.auth.oauth.TokenVerdict;
import org.fermoposta.pop3.server.auth.oauth.TokenVerifier;
import org.fermoposta.pop3.server.device.Devices;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Design note. The token says who it is, and the user a client names beside it can only narrow that
 * down to a folder or device of theirs: whoever it is must come out as the same account (OA7). Both
 * names are looked up, so that aliases work in either place.
 */
/** Answers for mechanisms that show a bearer token (RFC 7628), under TLS only. */
public final class TokenCredentials implements CredentialChecker {
  private static final Logger log = LoggerFactory.getLogger(TokenCredentials.class);

  private final TokenVerifier verifier;
  private final Authenticator authenticator;
  private final Devices devices;
  private final MailPolicy unknown;

  /**
   * Creates a checker.
   *
   * @param authenticator finds the accounts of tokens' users
   * @param unknown the policy of users without an account, where an issuer's word is enough
   */
  public TokenCredentials(
      TokenVerifier verifier, Authenticator authenticator, Devices devices, MailPolicy unknown) {
    this.verifier = verifier;
    this.unknown = unknown;
    this.authenticator = authenticator;
    this.devices = devices;
  }

  @Override
  public CredentialCheck check(CredentialRequest request, LoginContext context) {
    if (!(request instanceof CredentialRequest.Token token) || context.tls().isEmpty()) {
      return CredentialCheck.without(new CredentialAnswer.Refused());
    }
    TokenVerdict verdict = verifier.verify(token.token());
    if (verdict instanceof TokenVerdict.Valid valid) {
      return enter(valid, token.authorizationId());
    } else if (verdict instanceof TokenVerdict.Unavailable unavailable) {
      log.error("tokens cannot be checked: {}", unavailable.logText());
      return unavailable(unavailable.failure());
    } else if (verdict instanceof TokenVerdict.Refused refused) {
      log.info("token refused: {}", refused.logText());
      return CredentialCheck.without(new CredentialAnswer.TokenRefused(refused.failure()));
    }
    return refused();
  }

  private CredentialCheck enter(TokenVerdict.Valid token, String authorizationId) {
    MaildropName owner = token.user();
    UserAnswer answer = authenticator.find(owner);
    if (answer instanceof UserAnswer.Unavailable down) {
      log.error("tokens cannot be checked: {}", down.logText());
      return unavailable(down.failure());
    }
    Optional<Account> account = answer.usable();
    if (answer instanceof UserAnswer.Unknown && token.acceptUnknown()) {
      account = Optional.of(new Account(owner, unknown));
    }
    if (account.isEmpty()) {
      log.info("token refused: user {}: unknown or locked", LogText.quote(owner));
      return refused();
    }
    MaildropName name = account.get().name();
    Optional<MaildropAddress> wanted =
        authorizationId.isEmpty()
            ? Optional.of(MaildropAddress.of(name))
            : MaildropAddress.readings(authorizationId).stream()
                .filter(reading -> isOf(name, reading))
                .findFirst()
                .map(reading -> new MaildropAddress(name, reading.folder(), reading.device()));
    if (wanted.isEmpty()) {
      log.info(
          "token refused: it is {}'s (expected: of {})",
          LogText.quote(owner),
          LogText.quote(authorizationId));
      return refused();
    }
    try {
      MaildropAddress address = devices.recognise(wanted.get(), Optional.empty()).address();
      return new CredentialCheck(
          new CredentialAnswer.Granted(SaslIdentity.of(name.value())),
          Optional.of(new Login(account.get(), address)));
    } catch (MaildropException e) {
      log.error("logins of {} cannot be checked: {}", LogText.quote(name), e.logText());
      return unavailable(e.failure());
    }
  }

  private boolean isOf(MaildropName owner, MaildropAddress reading) {
    return reading.user().equals(owner)
        || authenticator
            .find(reading.user())
            .usable()
            .filter(account -> account.name().equals(owner))
            .isPresent();
  }

  private CredentialCheck refused() {
    return CredentialCheck.without(new CredentialAnswer.TokenRefused(verifier.defaultFailure()));
  }

  private static CredentialCheck unavailable(MaildropFailure failure) {
    return CredentialCheck.without(
        new CredentialAnswer.Unavailable(failure == MaildropFailure.TEMPORARY));
  }
}

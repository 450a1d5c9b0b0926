// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.oauth;

import java.time.Clock;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.jspecify.annotations.Nullable;

/**
 * What the claims of a token must be like, whether a signature or the issuer itself vouches for
 * them (RFC 7519 §4.1, RFC 9068 §4, RFC 7662 §2.2).
 */
final class ClaimRules {

  private static final String INVALID = "invalid_token";
  private static final String SCOPE = "insufficient_scope";

  private final OAuthSettings settings;
  private final String userClaim;
  private final boolean signed;
  private final Clock clock;

  /**
   * For one kind of token.
   *
   * @param userClaim names the user
   * @param signed whether these are a JWT's: then issuer, audience and end must be there. Who asks
   *     the issuer itself knows the first, and is told the others if there are any
   */
  ClaimRules(OAuthSettings settings, String userClaim, boolean signed, Clock clock) {
    this.settings = settings;
    this.userClaim = userClaim;
    this.signed = signed;
    this.clock = clock;
  }

  /** Judges them. Never {@link TokenVerdict.Unavailable}. */
  TokenVerdict judge(Map<String, Object> claims) {
    Optional<String> problem = time(claims).or(() -> origin(claims));
    if (problem.isPresent()) {
      return refused(INVALID, problem.get());
    }
    Set<String> scopes = scopes(claims);
    if (!scopes.containsAll(settings.scopes())) {
      return refused(
          SCOPE,
          "scope " + LogText.quote(scopes) + " (expected: all of " + settings.scopes() + ")");
    }
    return user(claims);
  }

  TokenVerdict.Refused refused(String logText) {
    return refused(INVALID, logText);
  }

  private TokenVerdict.Refused refused(String status, String logText) {
    return new TokenVerdict.Refused(settings.failure(status), logText);
  }

  private Optional<String> time(Map<String, Object> claims) {
    long now = clock.instant().getEpochSecond();
    long skew = settings.clockSkew().toSeconds();
    Object exp = claims.get("exp");
    if (exp == null ? signed : !(exp instanceof Number)) {
      return Optional.of("exp missing or no number (expected: the token's end)");
    }
    // Saturates for numbers beyond a long, so that nothing overflows.
    if (exp instanceof Number end && seconds(end) <= now - skew) {
      return Optional.of("expired " + (now - seconds(end)) + " s ago");
    }
    for (String start : List.of("nbf", "iat")) {
      Object value = claims.get(start);
      if (value != null && !(value instanceof Number)) {
        return Optional.of(start + " is no number");
      }
      if (value instanceof Number time && seconds(time) > now + skew) {
        return Optional.of(start + " is " + (seconds(time) - now) + " s ahead");
      }
    }
    return Optional.empty();
  }

  private static long seconds(Number number) {
    double value = number.doubleValue();
    // Far from the ends of long, so that differences cannot overflow either.
    return (long) Math.max(-1e15, Math.min(1e15, value));
  }

  private Optional<String> origin(Map<String, Object> claims) {
    Object issuer = claims.get("iss");
    if (issuer == null ? signed : !settings.issuer().text().equals(issuer)) {
      return Optional.of(
          "iss "
              + LogText.quote(String.valueOf(issuer))
              + " (expected: \""
              + settings.issuer()
              + "\")");
    }
    if (!settings.audiences().isEmpty()) {
      Set<String> audiences = texts(claims.get("aud"));
      if (settings.audiences().stream().noneMatch(audiences::contains)) {
        return Optional.of(
            "aud " + LogText.quote(audiences) + " (expected: one of " + settings.audiences() + ")");
      }
    }
    if (claims.get("cnf") != null) {
      return Optional.of("cnf: it is bound to a key of the client (expected: a bearer token)");
    }
    return Optional.empty();
  }

  private static Set<String> scopes(Map<String, Object> claims) {
    Set<String> scopes = new HashSet<>();
    for (String claim : List.of("scope", "scp")) {
      for (String text : texts(claims.get(claim))) {
        scopes.addAll(Arrays.asList(text.split(" ")));
      }
    }
    return scopes;
  }

  private static Set<String> texts(@Nullable Object value) {
    Set<String> texts = new HashSet<>();
    if (value instanceof String text) {
      texts.add(text);
    } else if (value instanceof Collection<?> several) {
      for (Object each : several) {
        if (each instanceof String text) {
          texts.add(text);
        }
      }
    }
    return texts;
  }

  private TokenVerdict user(Map<String, Object> claims) {
    if (!(claims.get(userClaim) instanceof String given)) {
      return refused("no " + userClaim + " (expected: the user's name)");
    }
    if (userClaim.equals("email") && settings.verifiedEmail() && !isTrue(claims)) {
      return refused("email_verified is not true, so email counts for nothing");
    }
    Optional<MaildropName> name = MaildropName.parse(given);
    if (name.isEmpty()) {
      return refused(userClaim + " " + LogText.quote(given) + " (expected: a user name)");
    }
    if (!settings.domains().isEmpty()
        && name.get().domain().stream().noneMatch(settings.domains()::contains)) {
      return refused(
          userClaim + " " + LogText.quote(given) + " (expected: in " + settings.domains() + ")");
    }
    return new TokenVerdict.Valid(name.get(), settings.acceptUnknown());
  }

  /** Some issuers write it as text. */
  private static boolean isTrue(Map<String, Object> claims) {
    Object verified = claims.get("email_verified");
    return Boolean.TRUE.equals(verified) || "true".equals(verified);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.oauth;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.fermoposta.pop3.protocol.sasl.OAuthFailure;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;
import org.fermoposta.pop3.server.http.EndpointAddress;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.jspecify.annotations.Nullable;

/**
 * One issuer of access tokens.
 *
 * @param issuer as in the {@code iss} of its tokens, to the letter
 * @param audiences one of them must be in a token's {@code aud}; may be empty only if no JWT is
 *     checked here
 * @param scopes all of them must be in a token, in RFC 8693's claim or in {@code scp}; default none
 * @param userClaim the claim of a JWT that names the user; default {@code email}
 * @param verifiedEmail whether a user claim of {@code email} counts only beside a true {@code
 *     email_verified}; default true
 * @param domains the user's name must be in one of these; empty for any, and for names without
 * @param acceptUnknown whether a user whom no other back end knows has a maildrop all the same,
 *     under the policy of {@code mail}; default false
 * @param clockSkew how far clocks may differ, 0 s to 10 min; default 60 s
 * @param timeout for each answer of the issuer, 1 s to 30 s; default 5 s
 * @param trust PEM file with the authorities to trust instead of those the JDK trusts
 * @param jwt how signed tokens are checked
 * @param introspection how to ask about tokens that are not checked by signature; null for not
 */
public record OAuthSettings(
    EndpointAddress issuer,
    @Default List<String> audiences,
    @Default List<String> scopes,
    @Default("email") String userClaim,
    @Default("true") boolean verifiedEmail,
    @Default List<String> domains,
    @Default("false") boolean acceptUnknown,
    @Default("60s") Duration clockSkew,
    @Default("5s") Duration timeout,
    @Nullable Path trust,
    @Default JwtSettings jwt,
    @Nullable IntrospectionSettings introspection) {

  /** Longest text for a client: what OAuthFailure takes of each part. */
  private static final int MAX_TOLD = 1500;

  public OAuthSettings {
    audiences = List.copyOf(audiences);
    scopes = List.copyOf(scopes);
    domains = List.copyOf(domains);
    if (!jwt.enabled() && introspection == null) {
      throw new InvalidSettingException(
          "introspection", "missing, and jwt.enabled is false (expected: one of the two)");
    }
    if (jwt.enabled() && audiences.isEmpty()) {
      throw new InvalidSettingException(
          "audiences", "none (expected: what the issuer writes into aud for this server)");
    }
    for (String scope : scopes) {
      if (!scope.matches("[\\x21\\x23-\\x5B\\x5D-\\x7E]{1,256}")) {
        throw new InvalidSettingException(
            "scopes", "scope \"" + scope + "\" (expected: printable, no blank, quote, backslash)");
      }
    }
    if (userClaim.isEmpty()) {
      throw new InvalidSettingException("userClaim", "empty (expected: a name such as email)");
    }
    for (String domain : domains) {
      if (MaildropName.parse("x@" + domain).flatMap(MaildropName::domain).stream()
          .noneMatch(domain::equals)) {
        throw new InvalidSettingException(
            "domains", "domain \"" + domain + "\" (expected: a domain in lower case)");
      }
    }
    Ranges.check("clockSkew", clockSkew, Duration.ZERO, Duration.ofMinutes(10));
    Ranges.check("timeout", timeout, Duration.ofSeconds(1), Duration.ofSeconds(30));
    String told = issuer.text() + String.join(" ", scopes);
    if (told.length() > MAX_TOLD) {
      throw new InvalidSettingException(
          "scopes",
          "issuer and scopes of " + told.length() + " characters (expected: <= " + MAX_TOLD + ")");
    }
  }

  /** What a client is told of a bad token (RFC 7628 §3.2.2). */
  OAuthFailure failure(String status) {
    OAuthFailure failure =
        new OAuthFailure(
            status,
            scopes.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", scopes)),
            Optional.empty());
    return issuer.isSecure()
        ? failure.withOpenIdConfiguration(Discovery.openIdAddress(issuer).toString())
        : failure;
  }
}

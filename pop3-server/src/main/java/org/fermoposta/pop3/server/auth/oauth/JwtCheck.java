// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.oauth;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.fermoposta.pop3.server.http.FetchException;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;

/*
 * Design note. The order is: form, issuer, algorithm and type, key, signature, claims. The issuer
 * is read before the signature is checked, but only to tell whose token it claims to be; the same
 * claims are judged once the signature is known to be right. Of the header only alg, typ, kid and
 * crit are read: keys that a token brings along or points to (jwk, jku, x5c, x5u) are never used,
 * and kid is compared with names of keys, nothing else (RFC 8725 §3.10).
 */
/** Checks access tokens that are signed JWTs (RFC 7519, 9068, 8725). */
final class JwtCheck {

  private static final Set<String> USUAL_TYPES = Set.of("at+jwt", "jwt", "");

  private final OAuthSettings settings;
  private final KeyCache keys;
  private final ClaimRules rules;

  JwtCheck(OAuthSettings settings, KeyCache keys, Clock clock) {
    this.settings = settings;
    this.keys = keys;
    rules = new ClaimRules(settings, settings.userClaim(), /* signed= */ true, clock);
  }

  /** Judges a token that has the form of a JWT. */
  TokenVerdict check(String token) {
    Optional<JwtText> parsed = JwtText.parse(token);
    if (parsed.isEmpty()) {
      return new TokenVerdict.Foreign("not a signed JWT that can be read");
    }
    JwtText jwt = parsed.get();
    if (!settings.issuer().text().equals(jwt.claims().get("iss"))) {
      return new TokenVerdict.Foreign(
          "iss " + LogText.quote(String.valueOf(jwt.claims().get("iss"))));
    }
    JWSHeader header = jwt.header();
    Optional<SigningAlgorithm> algorithm =
        settings.jwt().algorithms().stream()
            .filter(each -> each.jws().getName().equals(header.getAlgorithm().getName()))
            .findFirst();
    if (algorithm.isEmpty()) {
      return rules.refused(
          "alg "
              + LogText.quote(header.getAlgorithm().getName())
              + " (expected: one of "
              + settings.jwt().algorithms()
              + ")");
    }
    if (!typeFits(header)) {
      return rules.refused(
          "typ " + LogText.quote(header.getType()) + " (expected: an access token)");
    }
    if (header.getCriticalParams() != null || !header.isBase64URLEncodePayload()) {
      return rules.refused("crit or b64 (expected: neither)");
    }
    try {
      return isSigned(jwt, algorithm.get())
          ? rules.judge(jwt.claims())
          : rules.refused(
              "signature by key "
                  + LogText.quote(header.getKeyID())
                  + " is of no key of the issuer");
    } catch (FetchException e) {
      return new TokenVerdict.Unavailable(
          e.forNow() ? MaildropFailure.TEMPORARY : MaildropFailure.PERMANENT, e.text());
    }
  }

  private boolean isSigned(JwtText jwt, SigningAlgorithm algorithm) throws FetchException {
    String id = jwt.header().getKeyID();
    List<JWK> candidates =
        keys.find(
            key ->
                Signatures.fits(key, algorithm)
                    && (id == null || key.getKeyID() == null || id.equals(key.getKeyID())));
    if (candidates.stream().anyMatch(key -> made(key, jwt))) {
      return true;
    }
    boolean named = id != null && candidates.stream().anyMatch(key -> id.equals(key.getKeyID()));
    // Without a name the key may have changed since the keys were fetched.
    return !candidates.isEmpty()
        && !named
        && !keys.find(key -> Signatures.fits(key, algorithm) && made(key, jwt)).isEmpty();
  }

  private static boolean made(JWK key, JwtText jwt) {
    return Signatures.verify(key, jwt.header(), jwt.signed(), jwt.signature());
  }

  private boolean typeFits(JWSHeader header) {
    String type = header.getType() == null ? "" : bare(header.getType().getType());
    List<String> wanted = settings.jwt().types();
    return wanted.isEmpty()
        ? USUAL_TYPES.contains(type)
        : wanted.stream().map(JwtCheck::bare).anyMatch(type::equals);
  }

  /** As RFC 7515 §4.1.9 has it, {@code application/} may be left out. */
  private static String bare(String type) {
    String lower = type.toLowerCase(Locale.ROOT);
    return lower.startsWith("application/") ? lower.substring("application/".length()) : lower;
  }
}

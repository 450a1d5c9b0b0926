// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.oauth;

import com.github.benmanes.caffeine.cache.Ticker;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.OAuthFailure;
import org.jspecify.annotations.Nullable;

/**
 * Checks access tokens of one or several issuers. Thread-safe; blocks, but no longer than the
 * issuers' time limits allow. Makes no connection before the first token comes.
 */
public final class TokenVerifier implements AutoCloseable {

  private final List<Issuer> issuers;

  private TokenVerifier(List<Issuer> issuers) {
    this.issuers = issuers;
  }

  /**
   * A verifier for these issuers, asked in this order.
   *
   * @param settings one or more
   * @throws IllegalArgumentException if there are none, or a file they name cannot be used
   */
  public static TokenVerifier of(List<OAuthSettings> settings) {
    return of(settings, Clock.systemUTC(), Ticker.systemTicker());
  }

  static TokenVerifier of(List<OAuthSettings> settings, Clock clock, Ticker ticker) {
    if (settings.isEmpty()) {
      throw new IllegalArgumentException("issuers: none (expected: one or more)");
    }
    List<Issuer> issuers = new ArrayList<>();
    try {
      for (OAuthSettings each : settings) {
        issuers.add(new Issuer(each, clock, ticker));
      }
    } catch (IllegalArgumentException e) {
      issuers.forEach(Issuer::close);
      throw e;
    }
    return new TokenVerifier(List.copyOf(issuers));
  }

  /**
   * Judges a token: the first issuer that knows it decides. If none does and one of them could not
   * be asked, the answer is {@link TokenVerdict.Unavailable}. Never {@link TokenVerdict.Foreign}.
   *
   * @param token not changed and not kept
   */
  public TokenVerdict verify(Secret token) {
    if (token.isEmpty()) {
      return new TokenVerdict.Refused(defaultFailure(), "no token");
    }
    String text = token.with(octets -> new String(octets, StandardCharsets.ISO_8859_1));
    @Nullable TokenVerdict worst = null;
    StringBuilder foreign = new StringBuilder();
    for (Issuer issuer : issuers) {
      TokenVerdict verdict = issuer.verify(text);
      if (verdict instanceof TokenVerdict.Valid) {
        return verdict;
      } else if (verdict instanceof TokenVerdict.Foreign other) {
        foreign.append(foreign.isEmpty() ? "" : "; ").append(other.logText());
      } else if (!(worst instanceof TokenVerdict.Unavailable)) {
        worst = verdict instanceof TokenVerdict.Unavailable || worst == null ? verdict : worst;
      }
    }
    return worst == null
        ? new TokenVerdict.Refused(defaultFailure(), "of no issuer that is configured: " + foreign)
        : worst;
  }

  /** What is told to a client that shows no token at all, or one that cannot be read. */
  public OAuthFailure defaultFailure() {
    return issuers.get(0).settings().failure("invalid_token");
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    issuers.forEach(Issuer::close);
  }
}

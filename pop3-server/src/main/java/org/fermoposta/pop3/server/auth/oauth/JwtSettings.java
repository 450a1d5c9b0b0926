// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.oauth;

import java.time.Duration;
import java.util.List;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;
import org.fermoposta.pop3.server.http.EndpointAddress;
import org.jspecify.annotations.Nullable;

/**
 * How tokens that are signed JWTs are checked.
 *
 * @param enabled whether they are checked here, by the issuer's keys; default true
 * @param jwksUri where the keys are; if absent, the issuer's discovery document says so
 * @param algorithms default RS256, PS256, ES256 and EdDSA
 * @param types what the {@code typ} of a token's header may be, compared without regard to case and
 *     to {@code application/}; empty for {@code at+jwt}, {@code JWT} or none. {@code at+jwt} alone
 *     is best where the issuer follows RFC 9068
 * @param refresh age at which keys are fetched again, 1 min to 24 h; default 10 min
 * @param keep how long keys are used while the issuer cannot be reached, refresh to 30 days;
 *     default 24 h
 */
public record JwtSettings(
    @Default("true") boolean enabled,
    @Nullable EndpointAddress jwksUri,
    @Default({"RS256", "PS256", "ES256", "EDDSA"}) List<SigningAlgorithm> algorithms,
    @Default List<String> types,
    @Default("10m") Duration refresh,
    @Default("24h") Duration keep) {

  public JwtSettings {
    algorithms = List.copyOf(algorithms);
    types = List.copyOf(types);
    if (algorithms.isEmpty()) {
      throw new InvalidSettingException("algorithms", "none (expected: one or more)");
    }
    Ranges.check("refresh", refresh, Duration.ofMinutes(1), Duration.ofDays(1));
    Ranges.check("keep", keep, refresh, Duration.ofDays(30));
  }

  /** All defaults. */
  public static JwtSettings defaults() {
    return new JwtSettings(
        true,
        null,
        List.of(
            SigningAlgorithm.RS256,
            SigningAlgorithm.PS256,
            SigningAlgorithm.ES256,
            SigningAlgorithm.EDDSA),
        List.of(),
        Duration.ofMinutes(10),
        Duration.ofHours(24));
  }
}

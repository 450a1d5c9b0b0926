// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.oauth;

import java.time.Duration;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;
import org.fermoposta.pop3.server.http.EndpointAddress;
import org.jspecify.annotations.Nullable;

/**
 * How the issuer is asked about tokens (RFC 7662).
 *
 * @param endpoint where; if absent, the issuer's discovery document says so
 * @param clientId who we are to the issuer
 * @param clientSecret by reference; sent as HTTP Basic authentication (RFC 6749 §2.3.1)
 * @param userClaim the member of the answer that names the user; default {@code username}
 * @param cache how long an answer is remembered, never beyond the token's end, 0 s to 10 min, 0 for
 *     not at all; default 1 min. So long a revoked token may still be good
 * @param concurrency how many questions may be under way, 1 to 256; default 16
 */
public record IntrospectionSettings(
    @Nullable EndpointAddress endpoint,
    String clientId,
    Secret clientSecret,
    @Default("username") String userClaim,
    @Default("1m") Duration cache,
    @Default("16") int concurrency) {

  public IntrospectionSettings {
    Ranges.check("cache", cache, Duration.ZERO, Duration.ofMinutes(10));
    if (clientId.isEmpty()) {
      throw new InvalidSettingException("clientId", "empty (expected: the client's name)");
    }
    if (userClaim.isEmpty()) {
      throw new InvalidSettingException("userClaim", "empty (expected: a name such as username)");
    }
    if (concurrency < 1 || concurrency > 256) {
      throw new InvalidSettingException(
          "concurrency", "number " + concurrency + " (expected: 1 to 256)");
    }
  }
}

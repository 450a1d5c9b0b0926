// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.oauth;

import com.github.benmanes.caffeine.cache.Ticker;
import com.nimbusds.jose.jwk.JWK;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import org.fermoposta.pop3.server.http.EndpointAddress;
import org.fermoposta.pop3.server.http.FetchException;
import org.fermoposta.pop3.server.http.JsonClient;
import org.jspecify.annotations.Nullable;

/** One issuer: tokens that are its JWTs are checked by its keys, others by asking it. */
final class Issuer implements AutoCloseable {

  private final OAuthSettings settings;
  private final JsonClient fetcher;
  private final @Nullable JwtCheck jwts;
  private final @Nullable IntrospectionCheck introspection;

  /**
   * Fetches nothing yet.
   *
   * @throws IllegalArgumentException if the file of authorities cannot be used
   */
  Issuer(OAuthSettings settings, Clock clock, Ticker ticker) {
    this.settings = settings;
    fetcher = new JsonClient(settings.timeout(), settings.trust());
    IntrospectionSettings asking = settings.introspection();
    introspection =
        asking == null ? null : new IntrospectionCheck(settings, asking, fetcher, clock, ticker);
    jwts =
        settings.jwt().enabled()
            ? new JwtCheck(
                settings,
                // A fetch is of two or three documents if they have to be discovered.
                new KeyCache(
                    this::keys, settings.jwt(), settings.timeout().multipliedBy(3), ticker::read),
                clock)
            : null;
  }

  OAuthSettings settings() {
    return settings;
  }

  TokenVerdict verify(String token) {
    JwtCheck check = jwts;
    boolean jwt = JwtText.looksLikeJwt(token);
    if (check != null && jwt) {
      return check.check(token);
    }
    IntrospectionCheck asking = introspection;
    if (asking == null) {
      return new TokenVerdict.Foreign("not a JWT");
    }
    return asking.check(token);
  }

  private List<JWK> keys() throws FetchException {
    EndpointAddress configured = settings.jwt().jwksUri();
    URI place =
        configured == null
            ? new Discovery(settings.issuer(), fetcher).endpoint("jwks_uri").uri()
            : configured.uri();
    return JwkSet.parse(fetcher.get(place).object(), place.toString());
  }

  @Override
  public void close() {
    fetcher.close();
  }
}

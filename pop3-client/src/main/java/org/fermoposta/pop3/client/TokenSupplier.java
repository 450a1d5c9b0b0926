// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import java.io.IOException;
import java.util.Optional;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.OAuthFailure;

/**
 * Gives OAuth 2.0 access tokens for OAUTHBEARER (RFC 7628) and XOAUTH2. Asked before each login,
 * and once more where the server refused the first token, so that one which has expired unnoticed
 * is renewed. Keeping tokens until they expire is up to the supplier.
 */
@FunctionalInterface
public interface TokenSupplier {
  /**
   * Returns a token. Called on a thread of its own, may block; after a refusal a token that is the
   * same as before is not tried again.
   *
   * @throws IOException if there is none at the moment; the login fails with {@link
   *     Pop3LoginUnavailableException}, which then is transient
   */
  Secret token(Request request) throws IOException;

  /**
   * What a token is for.
   *
   * @param endpoint the server as {@code host:port}
   * @param user whose maildrop is opened
   * @param refused whether the server has just refused the token given before: renew it
   * @param failure what the server said of the refused token; its scope, if any, is the one to ask
   *     for
   */
  record Request(String endpoint, String user, boolean refused, Optional<OAuthFailure> failure) {}
}

// SPDX-License-Identifier: Apache-2.0

/**
 * OAuth 2 access tokens: is a token good, and whose is it? Start at {@link
 * org.fermoposta.pop3.server.auth.oauth.TokenVerifier}; {@link
 * org.fermoposta.pop3.server.auth.oauth.OAuthSettings} is one issuer in the configuration.
 * Everything here may block, for a bounded time, and is called on virtual threads.
 */
@NullMarked
package org.fermoposta.pop3.server.auth.oauth;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.util.Optional;
import java.util.OptionalInt;
import org.fermoposta.pop3.protocol.Secret;

/**
 * What a mechanism needs to have verified or looked up by those who know users.
 *
 * <p>Names come prepared by {@link SaslPrep#name}. An {@code authorizationId} is empty if the
 * client asked for none, then it derives from the authenticated name. If it names another user,
 * whoever answers must make sure that this user may act for that one, and answer {@link
 * CredentialAnswer.Refused} otherwise.
 */
public sealed interface CredentialRequest {

  /**
   * Is this the password? Answer {@link CredentialAnswer.Granted} or {@link
   * CredentialAnswer.Refused}.
   */
  record Password(String authorizationId, String authenticationId, Secret password)
      implements CredentialRequest {}

  /**
   * What is the password in clear? Answer {@link CredentialAnswer.SecretFound} or {@link
   * CredentialAnswer.Refused}.
   */
  record SharedSecret(String authenticationId) implements CredentialRequest {}

  /**
   * What are the keys for this hash? Answer {@link CredentialAnswer.KeysFound}, or {@link
   * CredentialAnswer.Refused} for an unknown user or one without such keys; the client will not be
   * able to tell.
   */
  record Keys(String authorizationId, String authenticationId, ScramHash hash)
      implements CredentialRequest {}

  /**
   * Is this bearer token valid, meant for this service, and whose is it? Answer {@link
   * CredentialAnswer.Granted}, {@link CredentialAnswer.Refused} or {@link
   * CredentialAnswer.TokenRefused}.
   *
   * @param authorizationId the user the client names; empty if it leaves that to the token
   * @param token empty if the client only asks how to get one; refuse it
   * @param host the server as the client knows it; checked already against {@link
   *     SaslServerOptions#oauthHosts()}
   * @param port likewise
   */
  record Token(String authorizationId, Secret token, Optional<String> host, OptionalInt port)
      implements CredentialRequest {}

  /**
   * Whom does the certificate that TLS verified name, and may they act as this user? Answer {@link
   * CredentialAnswer.Granted} or {@link CredentialAnswer.Refused}.
   */
  record Certificate(String authorizationId) implements CredentialRequest {}

  /**
   * May strangers enter? Answer {@link CredentialAnswer.Granted} or {@link
   * CredentialAnswer.Refused}.
   *
   * @param trace what the client says about itself, unverified; may be empty
   */
  record Stranger(String trace) implements CredentialRequest {}
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import org.fermoposta.pop3.protocol.Secret;

/** What {@link CredentialRequest} is answered with. */
public sealed interface CredentialAnswer {

  /** The credentials are right, and this is who may enter. */
  record Granted(SaslIdentity identity) implements CredentialAnswer {}

  /**
   * The password in clear; and who may enter if the client proves to know it.
   *
   * @param secret not wiped by the exchange
   */
  record SecretFound(SaslIdentity identity, Secret secret) implements CredentialAnswer {}

  /** The keys; and who may enter if the client proves to know the password. */
  record KeysFound(SaslIdentity identity, ScramKeys keys) implements CredentialAnswer {}

  /** Wrong credentials, unknown user, or no right to act as asked: all the same to the client. */
  record Refused() implements CredentialAnswer {}

  /** As {@link Refused} for a token, with a reason for the client to read. */
  record TokenRefused(OAuthFailure failure) implements CredentialAnswer {}

  /**
   * Nobody can tell, because the user database fails.
   *
   * @param forNow whether another try may succeed without somebody mending something
   */
  record Unavailable(boolean forNow) implements CredentialAnswer {}
}

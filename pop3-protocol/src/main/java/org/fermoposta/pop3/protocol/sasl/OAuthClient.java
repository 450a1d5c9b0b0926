// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.util.Optional;

/** OAUTHBEARER and XOAUTH2. A challenge after the token is a refusal, to be acknowledged. */
final class OAuthClient extends SaslClientExchange {

  private final SaslCredentials.Token credentials;
  private int challenges;
  private Optional<OAuthFailure> refusal = Optional.empty();

  OAuthClient(SaslMechanism mechanism, SaslCredentials.Token credentials) {
    super(mechanism);
    this.credentials = credentials;
  }

  @Override
  public Optional<OAuthFailure> oauthFailure() {
    return refusal;
  }

  @Override
  byte[] onChallenge(byte[] challenge) throws SaslException {
    challenges++;
    if (challenges == 1) {
      return OAuthMessage.print(mechanism(), credentials);
    } else if (challenges == 2) {
      refusal = OAuthFailure.parse(challenge);
      return mechanism() == SaslMechanism.XOAUTH2
          ? new byte[0]
          : new byte[] {OAuthMessage.SEPARATOR};
    }
    throw failure("third challenge (expected: at most two)");
  }

  @Override
  boolean satisfied() {
    return challenges == 1;
  }
}

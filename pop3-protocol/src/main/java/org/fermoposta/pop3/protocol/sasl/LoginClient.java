// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

/** Name, then password, whatever the prompts say: servers word them in many ways. */
final class LoginClient extends SaslClientExchange {

  private final SaslCredentials.Password credentials;
  private int challenges;

  LoginClient(SaslCredentials.Password credentials) {
    super(SaslMechanism.LOGIN);
    this.credentials = credentials;
  }

  @Override
  byte[] onChallenge(byte[] challenge) throws SaslException {
    challenges++;
    if (challenges == 1) {
      return Utf8.encode(credentials.authenticationId());
    } else if (challenges == 2) {
      return credentials.password().octets();
    }
    throw failure("third challenge (expected: two)");
  }

  @Override
  boolean satisfied() {
    return challenges == 2;
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import org.fermoposta.pop3.protocol.Secret;

/** RFC 4616: {@code [authzid] NUL authcid NUL passwd}. */
final class PlainServer extends SaslServerExchange {

  private final SaslServerOptions options;

  PlainServer(SaslServerOptions options) {
    super(SaslMechanism.PLAIN);
    this.options = options;
  }

  @Override
  SaslStep onResponse(byte[] response) throws SaslException {
    int first = Utf8.indexOf(response, 0, (byte) 0);
    int second = first < 0 ? -1 : Utf8.indexOf(response, first + 1, (byte) 0);
    if (second < 0 || Utf8.indexOf(response, second + 1, (byte) 0) >= 0) {
      throw new SaslException("NULs (expected: two)");
    }
    String authorizationId = ServerNames.optional(response, 0, first);
    String authenticationId = ServerNames.required(response, first + 1, second);
    Secret password = ServerNames.password(response, second + 1, response.length, options);
    return new SaslStep.Verify(
        new CredentialRequest.Password(authorizationId, authenticationId, password));
  }

  @Override
  SaslStep onAnswer(CredentialAnswer answer) {
    return decided(answer);
  }
}

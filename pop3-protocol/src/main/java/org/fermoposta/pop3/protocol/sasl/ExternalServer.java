// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

/** RFC 4422 appendix A: the client names whom it wants to be, or nobody. */
final class ExternalServer extends SaslServerExchange {

  ExternalServer() {
    super(SaslMechanism.EXTERNAL);
  }

  @Override
  SaslStep onResponse(byte[] response) throws SaslException {
    return new SaslStep.Verify(
        new CredentialRequest.Certificate(ServerNames.optional(response, 0, response.length)));
  }

  @Override
  SaslStep onAnswer(CredentialAnswer answer) {
    return decided(answer);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

/** RFC 4505: nobody in particular, with a word about themselves. */
final class AnonymousServer extends SaslServerExchange {

  private static final int MAX_TRACE_CHARACTERS = 255;

  AnonymousServer() {
    super(SaslMechanism.ANONYMOUS);
  }

  @Override
  SaslStep onResponse(byte[] response) throws SaslException {
    if (response.length > MAX_TRACE_CHARACTERS * 4) {
      throw new SaslException("trace: expected <= " + MAX_TRACE_CHARACTERS + " characters");
    }
    String trace = Utf8.decode(response, "trace");
    if (trace.codePointCount(0, trace.length()) > MAX_TRACE_CHARACTERS
        || trace.codePoints().anyMatch(Character::isISOControl)) {
      throw new SaslException(
          "trace (expected: <= " + MAX_TRACE_CHARACTERS + " characters, no controls)");
    }
    return new SaslStep.Verify(new CredentialRequest.Stranger(trace));
  }

  @Override
  SaslStep onAnswer(CredentialAnswer answer) {
    return decided(answer);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** RFC 2195. Digests nothing that is not a msg-id, so that a server cannot choose freely. */
final class CramMd5Client extends SaslClientExchange {

  private final SaslCredentials.Password credentials;
  private boolean sent;

  CramMd5Client(SaslCredentials.Password credentials) {
    super(SaslMechanism.CRAM_MD5);
    this.credentials = credentials;
  }

  @Override
  byte[] onChallenge(byte[] challenge) throws SaslException {
    if (sent || !MsgId.isValid(new String(challenge, StandardCharsets.ISO_8859_1))) {
      throw failure("challenge (expected: one, a msg-id in angle brackets)");
    }
    sent = true;
    byte[] name = Utf8.encode(credentials.authenticationId() + " ");
    byte[] digest = CramMd5Server.digest(credentials.password(), challenge);
    byte[] response = Arrays.copyOf(name, name.length + digest.length);
    System.arraycopy(digest, 0, response, name.length, digest.length);
    return response;
  }

  @Override
  boolean satisfied() {
    return sent;
  }
}

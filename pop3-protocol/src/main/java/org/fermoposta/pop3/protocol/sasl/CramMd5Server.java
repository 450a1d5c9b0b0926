// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.fermoposta.pop3.protocol.Secret;

/** RFC 2195: {@code name SP hex(HMAC-MD5(password, challenge))}. */
final class CramMd5Server extends SaslServerExchange {

  private static final int DIGEST_LENGTH = 32;

  private final byte[] challenge;
  private final Secret decoy;
  private byte[] digest = new byte[0];

  CramMd5Server(SaslServerOptions options) {
    super(SaslMechanism.CRAM_MD5);
    challenge =
        MsgId.random(options.random(), options.hostName()).getBytes(StandardCharsets.US_ASCII);
    decoy = options.decoyKey();
  }

  static byte[] digest(Secret password, byte[] challenge) {
    return Digests.lowerHex(
        password.with(octets -> Digests.mac("HmacMD5", octets)).doFinal(challenge));
  }

  @Override
  SaslStep opening() {
    return new SaslStep.Challenge(challenge);
  }

  @Override
  SaslStep onResponse(byte[] response) throws SaslException {
    int space = response.length - DIGEST_LENGTH - 1;
    if (space < 1 || response[space] != ' ') {
      throw new SaslException("response (expected: name, space, 32 hexadecimal digits)");
    }
    String name = ServerNames.required(response, 0, space);
    digest = Arrays.copyOfRange(response, space + 1, response.length);
    return new SaslStep.Verify(new CredentialRequest.SharedSecret(name));
  }

  @Override
  SaslStep onAnswer(CredentialAnswer answer) {
    if (answer instanceof CredentialAnswer.SecretFound found) {
      return MessageDigest.isEqual(digest(found.secret(), challenge), digest)
          ? new SaslStep.Success(found.identity())
          : wrongCredentials();
    } else if (answer instanceof CredentialAnswer.Refused) {
      // The same work as for a known user; that the comparison is not used changes no timing.
      boolean ignored = MessageDigest.isEqual(digest(decoy, challenge), digest);
      return wrongCredentials();
    }
    throw misfit(answer);
  }
}

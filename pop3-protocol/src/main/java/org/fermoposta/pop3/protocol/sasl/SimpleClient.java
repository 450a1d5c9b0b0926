// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.util.Arrays;

/** PLAIN, EXTERNAL and ANONYMOUS: one message, and nothing to check. */
final class SimpleClient extends SaslClientExchange {

  private byte[] message;
  private boolean sent;

  private SimpleClient(SaslMechanism mechanism, byte[] owned) {
    super(mechanism);
    message = owned;
  }

  static SimpleClient plain(SaslCredentials.Password credentials) {
    byte[] names =
        Utf8.encode(credentials.authorizationId() + "\0" + credentials.authenticationId() + "\0");
    byte[] password = credentials.password().octets();
    byte[] message = Arrays.copyOf(names, names.length + password.length);
    System.arraycopy(password, 0, message, names.length, password.length);
    Arrays.fill(password, (byte) 0);
    return new SimpleClient(SaslMechanism.PLAIN, message);
  }

  static SimpleClient external(SaslCredentials.Certificate credentials) {
    return new SimpleClient(SaslMechanism.EXTERNAL, Utf8.encode(credentials.authorizationId()));
  }

  static SimpleClient anonymous(SaslCredentials.Stranger credentials) {
    return new SimpleClient(SaslMechanism.ANONYMOUS, Utf8.encode(credentials.trace()));
  }

  @Override
  byte[] onChallenge(byte[] challenge) throws SaslException {
    if (sent) {
      throw failure("second challenge (expected: one message only)");
    }
    sent = true;
    byte[] once = message;
    message = new byte[0];
    return once;
  }

  @Override
  boolean satisfied() {
    return sent;
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Two prompts, name and password; clients know the prompts by heart, so they must not change. */
final class LoginServer extends SaslServerExchange {

  private static final byte[] USERNAME = "Username:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PASSWORD = "Password:".getBytes(StandardCharsets.US_ASCII);

  private final SaslServerOptions options;
  private @Nullable String name;

  LoginServer(SaslServerOptions options) {
    super(SaslMechanism.LOGIN);
    this.options = options;
  }

  @Override
  SaslStep opening() {
    return new SaslStep.Challenge(USERNAME);
  }

  @Override
  SaslStep onResponse(byte[] response) throws SaslException {
    if (name == null) {
      name = ServerNames.required(response, 0, response.length);
      return new SaslStep.Challenge(PASSWORD);
    }
    return new SaslStep.Verify(
        new CredentialRequest.Password(
            "", name, ServerNames.password(response, 0, response.length, options)));
  }

  @Override
  SaslStep onAnswer(CredentialAnswer answer) {
    return decided(answer);
  }
}

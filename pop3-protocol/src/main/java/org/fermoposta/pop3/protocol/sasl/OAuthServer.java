// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.util.Arrays;
import java.util.Locale;
import org.fermoposta.pop3.protocol.Secret;
import org.jspecify.annotations.Nullable;

/*
 * OAUTHBEARER (RFC 7628) and XOAUTH2 differ in the head of the message and in what a client says
 * after a refusal. A refusal takes one more round: the reason goes out as JSON in a challenge, and
 * whatever comes back ends the exchange. Broken messages are refused the same way, so that clients
 * get to read "invalid_request"; only when the user database fails is there nothing to tell about
 * the token, and the exchange ends at once.
 */
final class OAuthServer extends SaslServerExchange {

  private final SaslServerOptions options;
  private SaslStep.@Nullable Failure pending;

  OAuthServer(SaslMechanism mechanism, SaslServerOptions options) {
    super(mechanism);
    this.options = options;
  }

  @Override
  SaslStep onResponse(byte[] response) throws SaslException {
    if (pending != null) {
      return pending;
    }
    if (response.length == 1 && response[0] == OAuthMessage.SEPARATOR) {
      throw new SaslException("first message (expected: a token, not the end of a refusal)");
    }
    OAuthMessage message;
    try {
      message = OAuthMessage.parse(mechanism(), response);
      checkService(message);
    } catch (SaslException e) {
      return refuse(
          options.oauthFailure().withStatus("invalid_request"),
          new SaslStep.Failure(
              SaslStep.FailureKind.PROTOCOL, mechanism().ianaName() + ": " + e.getMessage()));
    }
    String user = message.user().isEmpty() ? "" : ServerNames.prepared(message.user());
    Secret token = Secret.of(message.token());
    Arrays.fill(message.token(), (byte) 0);
    return new SaslStep.Verify(
        new CredentialRequest.Token(user, token, message.host(), message.port()));
  }

  @Override
  SaslStep onAnswer(CredentialAnswer answer) {
    if (answer instanceof CredentialAnswer.Refused) {
      return refuse(options.oauthFailure(), wrongCredentials());
    } else if (answer instanceof CredentialAnswer.TokenRefused refused) {
      return refuse(refused.failure(), wrongCredentials());
    }
    return decided(answer);
  }

  private SaslStep refuse(OAuthFailure reason, SaslStep.Failure step) {
    pending = step;
    return new SaslStep.Challenge(reason.toJson());
  }

  private void checkService(OAuthMessage message) throws SaslException {
    boolean hostFits =
        options.oauthHosts().isEmpty()
            || message.host().map(host -> options.oauthHosts().contains(lower(host))).orElse(true);
    boolean portFits =
        options.oauthPorts().isEmpty()
            || message.port().isEmpty()
            || options.oauthPorts().contains(message.port().getAsInt());
    if (!hostFits || !portFits) {
      throw new SaslException("host or port (expected: those of this service)");
    }
  }

  private static String lower(String host) {
    return host.toLowerCase(Locale.ROOT);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.function.Function;
import org.fermoposta.pop3.client.Phase;
import org.fermoposta.pop3.client.Pop3Exception;
import org.fermoposta.pop3.client.Pop3ProtocolFailureException;
import org.fermoposta.pop3.protocol.Pop3Command;
import org.fermoposta.pop3.protocol.Pop3ProtocolException;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.SaslResponseLine;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.SaslBase64;
import org.fermoposta.pop3.protocol.sasl.SaslClientExchange;
import org.fermoposta.pop3.protocol.sasl.SaslException;

// Design note. Responses are computed off the event loop, as SCRAM may take a second; the server
// has
// nothing to say meanwhile, and if it does the connection ends. Our refusal of a challenge decides
// the result; the server's answer to the cancellation is read and dropped (RFC 5034, section 4).

/** AUTH and the challenges before its status line. */
final class AuthExchange extends Exchange<Pop3Reply> {
  private static final int MAX_CHALLENGES = 10;
  private static final int MAX_CHALLENGE_OCTETS = 48 * 1024;
  private static final Secret CANCEL = Secret.ofUtf8("*");

  private final SaslClientExchange sasl;
  private final Function<Pop3Reply, Pop3Exception> refusal;
  private int challenges;
  private boolean responding;

  AuthExchange(
      Connection connection,
      Pop3Command.Auth command,
      SaslClientExchange sasl,
      Function<Pop3Reply, Pop3Exception> refusal) {
    super(connection, Phase.LOGIN, command);
    this.sasl = sasl;
    this.refusal = refusal;
  }

  @Override
  public void onChallenge(String base64) {
    if (responding || isOver() || ++challenges > MAX_CHALLENGES) {
      throw new Pop3ProtocolException(
          "AUTH: challenge "
              + challenges
              + " (expected: one at a time, <= "
              + MAX_CHALLENGES
              + ")");
    }
    responding = true;
    BackgroundThreads.executor().execute(() -> respond(base64));
  }

  @Override
  public void onStatus(Pop3Reply reply) {
    super.onStatus(reply);
    if (responding) {
      throw new Pop3ProtocolException("AUTH: a status line before the response");
    }
  }

  @Override
  void onSuccess(Pop3Reply reply) {
    if (!sasl.complete()) {
      throw new Pop3ProtocolException(
          "AUTH "
              + sasl.mechanism().ianaName()
              + ": success before the exchange was complete, so the server has not proven itself");
    }
    succeed(reply);
  }

  @Override
  Pop3Exception refused(Pop3Reply reply) {
    return refusal.apply(reply);
  }

  private void respond(String base64) {
    try {
      byte[] line = base64.getBytes(ISO_8859_1);
      byte[] response = sasl.respond(SaslBase64.decode(line, 0, line.length, MAX_CHALLENGE_OCTETS));
      byte[] encoded = SaslBase64.encode(response);
      Secret secret = Secret.of(encoded);
      Arrays.fill(response, (byte) 0);
      Arrays.fill(encoded, (byte) 0);
      connection().run(() -> answer(secret));
    } catch (SaslException | RuntimeException refused) {
      connection().run(() -> cancel(refused));
    }
  }

  private void answer(Secret response) {
    responding = false;
    connection().channel().writeAndFlush(new SaslResponseLine(response));
  }

  private void cancel(Exception why) {
    responding = false;
    fail(
        new Pop3ProtocolFailureException(
            connection().endpoint(), "login: challenge refused: " + why.getMessage(), why));
    connection().channel().writeAndFlush(new SaslResponseLine(CANCEL));
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy.front;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Objects;
import org.fermoposta.pop3.protocol.ClientLine;
import org.fermoposta.pop3.protocol.Pop3ProtocolException;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.SaslResponseLine;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.codec.ReplyConsumer;
import org.fermoposta.pop3.proxy.upstream.UpstreamLeg;
import org.jspecify.annotations.Nullable;

/**
 * Passes a SASL exchange on, line by line (RFC 5034, section 4). Only base64 passes in either
 * direction; for anything else from the client the exchange is cancelled, so that the upstream has
 * the last word, and anything else from the upstream ends its connection.
 */
final class AuthExchange implements ReplyConsumer {
  /** More than any mechanism needs. */
  private static final int MAX_CHALLENGES = 32;

  private final FrontSession session;
  private final ClientSide client;
  private final UpstreamLeg leg;
  private @Nullable Pop3Reply status;
  private int challenges;
  private boolean clientsTurn;
  private boolean cancelled;

  AuthExchange(FrontSession session, ClientSide client, UpstreamLeg leg) {
    this.session = session;
    this.client = client;
    this.leg = leg;
  }

  /** Takes the client's next line. */
  void onLine(ClientLine line) {
    clientsTurn = false;
    if (line instanceof SaslResponseLine response && isResponse(response.base64())) {
      cancelled = response.base64().with(octets -> octets.length == 1 && octets[0] == '*');
      leg.respond(response);
    } else {
      cancel();
    }
  }

  @Override
  public void onChallenge(String base64) {
    if (clientsTurn || cancelled || !isBase64(base64.getBytes(US_ASCII))) {
      throw new Pop3ProtocolException("the upstream's challenge is out of turn or not base64");
    }
    if (++challenges > MAX_CHALLENGES) {
      cancel();
      return;
    }
    clientsTurn = true;
    client.challenge(base64);
    // Later: what the upstream says in the same breath must not pass for its next answer.
    session.later(
        () -> {
          if (clientsTurn) {
            client.nextSaslResponse();
          }
        });
  }

  @Override
  public void onStatus(Pop3Reply reply) {
    if (reply.positive() && (clientsTurn || cancelled)) {
      throw new Pop3ProtocolException("the upstream's +OK to AUTH is out of turn");
    }
    status = reply;
  }

  @Override
  public void onEnd() {
    clientsTurn = false;
    session.loginAnswered(Objects.requireNonNull(status));
  }

  @Override
  public void onFailure(Throwable cause) {
    clientsTurn = false;
    session.upstreamLost(cause);
  }

  private void cancel() {
    cancelled = true;
    leg.respond(new SaslResponseLine(Secret.ofUtf8("*")));
  }

  private static boolean isResponse(Secret line) {
    return line.with(octets -> (octets.length == 1 && octets[0] == '*') || isBase64(octets));
  }

  /** Whether only base64's characters are there; whether they are well-formed is for the ends. */
  static boolean isBase64(byte[] octets) {
    for (byte octet : octets) {
      boolean valid =
          (octet >= 'A' && octet <= 'Z')
              || (octet >= 'a' && octet <= 'z')
              || (octet >= '0' && octet <= '9')
              || octet == '+'
              || octet == '/'
              || octet == '=';
      if (!valid) {
        return false;
      }
    }
    return true;
  }
}

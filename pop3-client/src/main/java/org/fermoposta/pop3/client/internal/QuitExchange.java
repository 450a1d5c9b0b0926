// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import org.fermoposta.pop3.client.CommitResult;
import org.fermoposta.pop3.client.Phase;
import org.fermoposta.pop3.client.Pop3Exception;
import org.fermoposta.pop3.protocol.Pop3Command;
import org.fermoposta.pop3.protocol.Pop3Reply;

/** QUIT: once it was sent, no answer is an answer too. */
final class QuitExchange extends Exchange<CommitResult> {
  private boolean sent;

  QuitExchange(Connection connection) {
    super(connection, Phase.QUIT, Pop3Command.QUIT);
  }

  @Override
  void onSent() {
    sent = true;
  }

  /** Whoever reads that a message failed must still be able not to commit. */
  @Override
  boolean waitsForAll() {
    return true;
  }

  @Override
  public void onStatus(Pop3Reply reply) {
    super.onStatus(reply);
    if (!reply.positive()) {
      succeed(CommitResult.REFUSED);
    }
  }

  @Override
  void onSuccess(Pop3Reply reply) {
    succeed(CommitResult.CONFIRMED);
  }

  @Override
  void fail(Pop3Exception why) {
    if (sent) {
      succeed(CommitResult.UNCERTAIN);
    } else {
      super.fail(why);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import java.util.function.Function;
import org.fermoposta.pop3.client.Phase;
import org.fermoposta.pop3.client.Pop3Exception;
import org.fermoposta.pop3.protocol.Pop3Command;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.jspecify.annotations.Nullable;

/** A command whose positive reply is its status line. */
final class StatusExchange<T extends @Nullable Object> extends Exchange<T> {
  private final Function<Pop3Reply, T> meaning;
  private final @Nullable Function<Pop3Reply, Pop3Exception> refusal;

  /**
   * Creates an exchange.
   *
   * @param meaning what a positive reply turns into; may throw {@link
   *     org.fermoposta.pop3.protocol.Pop3ProtocolException}
   * @param refusal what a negative reply turns into; null for the usual
   */
  StatusExchange(
      Connection connection,
      Phase phase,
      @Nullable Pop3Command command,
      Function<Pop3Reply, T> meaning,
      @Nullable Function<Pop3Reply, Pop3Exception> refusal) {
    super(connection, phase, command);
    this.meaning = meaning;
    this.refusal = refusal;
  }

  @Override
  void onSuccess(Pop3Reply reply) {
    succeed(meaning.apply(reply));
  }

  @Override
  Pop3Exception refused(Pop3Reply reply) {
    return refusal == null ? super.refused(reply) : refusal.apply(reply);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import java.util.concurrent.CompletableFuture;
import org.fermoposta.pop3.client.Phase;
import org.fermoposta.pop3.client.Pop3CommandException;
import org.fermoposta.pop3.client.Pop3Exception;
import org.fermoposta.pop3.protocol.Pop3Command;
import org.fermoposta.pop3.protocol.Pop3ProtocolException;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.codec.ReplyConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A command and what becomes of its reply. Everything happens on the event loop, but a cancellation
 * of the result.
 *
 * @param <T> what the reply turns into
 */
abstract class Exchange<T extends @Nullable Object> implements ReplyConsumer {
  final CompletableFuture<T> result = new CompletableFuture<>();
  final Phase phase;
  private final @Nullable Pop3Command command;
  private final Connection connection;
  private @Nullable Pop3Reply status;
  private boolean over;

  /**
   * Creates an exchange that was not sent yet.
   *
   * @param command null for the greeting
   */
  Exchange(Connection connection, Phase phase, @Nullable Pop3Command command) {
    this.connection = connection;
    this.phase = phase;
    this.command = command;
  }

  final @Nullable Pop3Command command() {
    return command;
  }

  /** Returns the keyword, for messages. */
  final String keyword() {
    return command == null ? "greeting" : command.verb().name();
  }

  final Connection connection() {
    return connection;
  }

  /** Returns whether the result is decided; what still comes is dropped. */
  final boolean isOver() {
    return over;
  }

  @Override
  public void onStatus(Pop3Reply reply) {
    status = reply;
  }

  @Override
  public final void onEnd() {
    Pop3Reply reply = status;
    if (reply == null) {
      throw new IllegalStateException("the reply ended without its status line");
    }
    connection.replyEnded(this);
    if (over) {
      return;
    }
    if (!reply.positive()) {
      fail(refused(reply));
      return;
    }
    try {
      onSuccess(reply);
    } catch (Pop3ProtocolException broken) {
      fail(connection.failed(broken));
      connection.close();
    }
  }

  @Override
  public final void onFailure(Throwable cause) {
    fail(connection.failed(cause));
  }

  /**
   * The reply is complete and positive.
   *
   * @throws Pop3ProtocolException if it makes no sense
   */
  abstract void onSuccess(Pop3Reply reply);

  /** Decides the result, once; the server's reply may still be under way. */
  void fail(Pop3Exception why) {
    over = true;
    result.completeExceptionally(why);
  }

  final void succeed(T value) {
    over = true;
    result.complete(value);
  }

  /** The command is about to be written. */
  void onSent() {}

  /** Returns about how many octets the reply brings, beside its status line; 0 for none. */
  long expectedOctets() {
    return 0;
  }

  /** Returns whether all replies before have to be there before the command goes out. */
  boolean waitsForAll() {
    return false;
  }

  /** Returns whether the reply is there but not yet where it goes. */
  boolean isHeld() {
    return false;
  }

  /** Returns what a negative reply turns into. */
  Pop3Exception refused(Pop3Reply reply) {
    return new Pop3CommandException(connection.endpoint(), keyword(), reply);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/**
 * Takes one message as it comes. {@link MessageSinks} has ready ones.
 *
 * <p>The calls are {@link #onBegin}, {@link #onOctets} any number of times, then {@link
 * #onComplete} if the final dot was read, otherwise {@link #onAbort}: an incomplete message is
 * never reported as complete. If the server refuses the message before it begins, or the command is
 * never sent, there is only {@link #onAbort}. All calls come from the connection's event loop, one
 * after the other, and must not block. What one throws fails the retrieval with {@link
 * Pop3SinkException}; {@link #onAbort} follows, and the rest of the message is dropped.
 *
 * <p>A sink serves one message.
 *
 * @param <R> what a complete message turns into
 */
public interface MessageSink<R> {
  /**
   * The message begins.
   *
   * @param resume to be run, from any thread, once the sink is ready after it was busy; extra runs
   *     do no harm
   */
  default void onBegin(Runnable resume) throws IOException {}

  /**
   * The next octets, dot-stuffing undone.
   *
   * @param octets borrows: valid during the call only, not to be written to
   * @return whether more may come; if false, reading from the server stops until {@code resume} is
   *     run. What was read already, some tens of KiB at most, still comes
   */
  boolean onOctets(ByteBuffer octets) throws IOException;

  /**
   * The message is complete.
   *
   * @return completes when the message is as safe as this sink makes it; only then should it be
   *     deleted from the server
   */
  CompletionStage<R> onComplete() throws IOException;

  /** There is no message, or not all of it: discard what came. Must not throw. */
  void onAbort(Throwable cause);
}

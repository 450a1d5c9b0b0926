// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.fermoposta.pop3.client.MessageSink;
import org.fermoposta.pop3.client.Phase;
import org.fermoposta.pop3.client.Pop3Exception;
import org.fermoposta.pop3.client.Pop3SinkException;
import org.fermoposta.pop3.protocol.Pop3Command;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.jspecify.annotations.Nullable;

// Design note. The sink sees begin, octets, then complete or abort. The exchange is held until the
// sink has completed its message: otherwise small messages could pile up in sinks faster than a
// disk
// takes them. A message that is complete is the sink's alone: neither a cancellation nor the end of
// the connection reaches it then. A sink that fails does not end the connection: the rest of the
// message is read and dropped, as there is no other way to the next reply.

/** RETR or TOP, into a sink. */
final class BodyExchange<R> extends Exchange<R> {
  private final MessageSink<R> sink;
  private final String what;
  private final long maxOctets;
  private final long expectedOctets;
  private long octets;
  private boolean held;

  /**
   * Creates an exchange that was not sent yet.
   *
   * @param maxOctets where the message ends at the latest; 0 for anywhere
   * @param expectedOctets how long it probably is
   */
  BodyExchange(
      Connection connection,
      Pop3Command.OnMessage command,
      MessageSink<R> sink,
      long maxOctets,
      long expectedOctets) {
    super(connection, Phase.COMMAND, command);
    this.sink = sink;
    this.what = command.verb() + " " + command.messageNumber();
    this.maxOctets = maxOctets;
    this.expectedOctets = expectedOctets;
  }

  @Override
  long expectedOctets() {
    return expectedOctets;
  }

  @Override
  public void onStatus(Pop3Reply reply) {
    super.onStatus(reply);
    if (!reply.positive()) {
      return;
    }
    connection().contentBegins(Phase.BODY);
    if (!isOver()) {
      try {
        sink.onBegin(() -> connection().resume(this));
      } catch (IOException | RuntimeException broken) {
        sinkFailed(broken);
      }
    }
  }

  @Override
  public void onBody(ByteBuf piece) {
    try {
      octets += piece.readableBytes();
      if (maxOctets != 0 && octets > maxOctets) {
        tooLong();
      } else if (!isOver()) {
        hand(piece);
      }
    } finally {
      piece.release();
    }
  }

  private void hand(ByteBuf piece) {
    try {
      boolean ready = true;
      if (piece.nioBufferCount() == 1) {
        ready = sink.onOctets(piece.nioBuffer());
      } else {
        for (ByteBuffer part : piece.nioBuffers()) {
          ready = sink.onOctets(part);
        }
      }
      if (!ready) {
        connection().pause(this);
      }
    } catch (IOException | RuntimeException broken) {
      sinkFailed(broken);
    }
  }

  @Override
  void onSuccess(Pop3Reply reply) {
    CompletionStage<R> done;
    try {
      done = sink.onComplete();
    } catch (IOException | RuntimeException broken) {
      sinkFailed(broken);
      return;
    }
    held = true;
    connection().held(this, octets);
    // Never at once, even if done: see Connection on octets that nobody asked for.
    done.whenComplete(
        (value, failure) ->
            connection().channel().eventLoop().execute(() -> release(value, failure)));
  }

  private void release(R value, @Nullable Throwable failure) {
    held = false;
    if (failure != null) {
      Throwable cause = failure.getCause();
      sinkFailed(failure instanceof CompletionException && cause != null ? cause : failure);
    } else if (!isOver()) {
      succeed(value);
    }
    connection().released(this, true);
  }

  @Override
  boolean isHeld() {
    return held;
  }

  @Override
  void fail(Pop3Exception why) {
    if (!isOver() && !held) {
      super.fail(why);
      sink.onAbort(why);
    }
  }

  private void sinkFailed(Throwable cause) {
    fail(
        new Pop3SinkException(
            connection().endpoint(), what + ": the sink failed: " + cause.getMessage(), cause));
    connection().resume(this);
  }

  private void tooLong() {
    Pop3Exception why =
        new Pop3SinkException(
            connection().endpoint(),
            what + ": over " + maxOctets + " octets, the limit of this connection",
            null);
    fail(why);
    connection().abort(why);
  }
}

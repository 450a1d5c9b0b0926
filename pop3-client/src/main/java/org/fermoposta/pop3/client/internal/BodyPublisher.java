// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.fermoposta.pop3.client.MessageSink;
import org.jspecify.annotations.Nullable;

// Design note. The subscription is the message's sink. What comes without demand waits in `pieces`,
// and reading stops: so no more waits than was read from the socket at once. A cancellation is that
// of the command: what the server still sends of the message is dropped as it comes.

/** A message's octets for subscribers that say how much they take; each fetches it anew. */
final class BodyPublisher implements Flow.Publisher<ByteBuffer> {
  private final Connection connection;
  private final Function<MessageSink<Boolean>, CompletableFuture<Boolean>> retrieval;

  BodyPublisher(
      Connection connection, Function<MessageSink<Boolean>, CompletableFuture<Boolean>> retrieval) {
    this.connection = connection;
    this.retrieval = retrieval;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    subscriber.onSubscribe(new Body(subscriber));
  }

  private final class Body extends LoopSubscription<ByteBuffer> implements MessageSink<Boolean> {
    private final ArrayDeque<ByteBuffer> pieces = new ArrayDeque<>();
    private final CompletableFuture<Boolean> taken = new CompletableFuture<>();
    private Runnable resume = () -> {};
    private @Nullable CompletableFuture<Boolean> command;
    private boolean complete;

    Body(Flow.Subscriber<? super ByteBuffer> subscriber) {
      super(connection.channel().eventLoop(), subscriber);
    }

    @Override
    void onDemand() {
      if (command == null) {
        command = retrieval.apply(this);
      } else {
        give();
      }
    }

    @Override
    void onEnd() {
      pieces.clear();
      if (command != null && !complete) {
        command.cancel(false);
      }
      taken.complete(true);
    }

    @Override
    public void onBegin(Runnable resume) {
      this.resume = resume;
    }

    @Override
    public boolean onOctets(ByteBuffer octets) {
      if (isOver()) {
        return true;
      }
      pieces.add(ByteBuffer.allocate(octets.remaining()).put(octets.duplicate()).flip());
      deliver(this::give);
      return pieces.isEmpty();
    }

    @Override
    public CompletionStage<Boolean> onComplete() {
      complete = true;
      deliver(this::give);
      return taken;
    }

    @Override
    public void onAbort(Throwable cause) {
      error(cause);
    }

    private void give() {
      while (demand() > 0 && !isOver()) {
        ByteBuffer piece = pieces.poll();
        if (piece == null) {
          break;
        }
        next(piece);
      }
      if (pieces.isEmpty()) {
        if (complete) {
          complete();
        }
        resume.run();
      }
    }
  }
}

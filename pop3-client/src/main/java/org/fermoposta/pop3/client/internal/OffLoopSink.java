// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.fermoposta.pop3.client.MessageSink;
import org.jspecify.annotations.Nullable;

// Design note. The event loop gathers octets in chunks, a background task writes them; at most one
// such task runs at a time, from when there is work until there is none. Everything shared is
// guarded by `this`; the target is only touched by the task. Memory is bounded: at BUSY_OCTETS the
// loop is told to stop, and what the socket had delivered by then is all that still comes.

/** Copies a message to a target that blocks. */
public final class OffLoopSink<R> implements MessageSink<R> {
  private static final int FIRST_CHUNK_OCTETS = 8 * 1024;
  private static final int CHUNK_OCTETS = 64 * 1024;
  private static final int BUSY_OCTETS = 512 * 1024;
  private static final int READY_OCTETS = 128 * 1024;

  private final BlockingTarget<R> target;
  private final CompletableFuture<R> result = new CompletableFuture<>();
  private final ArrayDeque<ByteBuffer> chunks = new ArrayDeque<>();
  private Runnable resume = () -> {};
  private @Nullable ByteBuffer filling;
  private @Nullable Exception failure;
  private int queuedOctets;
  private boolean busy;
  private boolean running;
  private boolean complete;
  private boolean aborted;
  private boolean over;

  /** Creates a sink. */
  public OffLoopSink(BlockingTarget<R> target) {
    this.target = target;
  }

  @Override
  public synchronized void onBegin(Runnable resume) {
    this.resume = resume;
  }

  @Override
  public synchronized boolean onOctets(ByteBuffer octets) throws IOException {
    if (failure != null) {
      throw new IOException(failure.getMessage(), failure);
    }
    while (octets.hasRemaining()) {
      ByteBuffer chunk = filling;
      if (chunk == null) {
        chunk = ByteBuffer.allocate(queuedOctets == 0 ? FIRST_CHUNK_OCTETS : CHUNK_OCTETS);
        filling = chunk;
      }
      int count = Math.min(chunk.remaining(), octets.remaining());
      chunk.put(chunk.position(), octets, octets.position(), count);
      chunk.position(chunk.position() + count);
      octets.position(octets.position() + count);
      if (!chunk.hasRemaining()) {
        enqueue(chunk);
      }
    }
    // Once busy it stays so until the task says otherwise: a pause without a resume would be for
    // ever.
    busy |= queuedOctets >= BUSY_OCTETS;
    return !busy;
  }

  @Override
  public synchronized CompletionStage<R> onComplete() {
    if (filling != null) {
      enqueue(filling);
    }
    complete = true;
    start();
    return result;
  }

  @Override
  public synchronized void onAbort(Throwable cause) {
    aborted = true;
    filling = null;
    chunks.clear();
    queuedOctets = 0;
    start();
  }

  private void enqueue(ByteBuffer chunk) {
    filling = null;
    queuedOctets += chunk.position();
    chunks.add(chunk.flip());
    start();
  }

  private void start() {
    if (!running && !over) {
      running = true;
      BackgroundThreads.executor().execute(this::work);
    }
  }

  private void work() {
    for (Step step = next(null); step != Step.REST; ) {
      ByteBuffer chunk = step == Step.WRITE ? head() : null;
      Exception broken = null;
      try {
        if (chunk != null) {
          target.write(chunk);
        } else if (step == Step.FINISH) {
          result.complete(target.finish());
        } else if (step == Step.DISCARD) {
          target.discard();
        }
      } catch (IOException | RuntimeException e) {
        broken = e;
      }
      step = next(broken);
    }
  }

  private enum Step {
    WRITE,
    FINISH,
    DISCARD,
    REST
  }

  private synchronized @Nullable ByteBuffer head() {
    return chunks.poll();
  }

  /** Takes the outcome of a step and decides on the next. */
  private Step next(@Nullable Exception broken) {
    Runnable wake = null;
    Step step;
    synchronized (this) {
      if (broken != null && failure == null) {
        failure = broken;
        result.completeExceptionally(broken);
        chunks.clear();
        queuedOctets = 0;
      }
      step = decide();
      running = step != Step.REST;
      if (busy && queuedOctets <= READY_OCTETS) {
        busy = false;
        wake = resume;
      }
    }
    if (wake != null) {
      wake.run();
    }
    return step;
  }

  private Step decide() {
    if (over) {
      return Step.REST;
    }
    if (aborted) {
      over = true;
      return Step.DISCARD;
    }
    ByteBuffer chunk = chunks.peek();
    if (chunk != null) {
      queuedOctets -= chunk.remaining();
      return Step.WRITE;
    }
    if (complete && failure == null && !result.isDone()) {
      return Step.FINISH;
    }
    return Step.REST;
  }
}

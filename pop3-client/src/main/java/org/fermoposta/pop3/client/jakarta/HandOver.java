// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.jakarta;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.fermoposta.pop3.client.MessageSink;
import org.jspecify.annotations.Nullable;

/*
 * Design note. An application expects its stream to be written to by the thread that called, as it
 * may hold a transaction, or know that thread. So the event loop leaves octets here, and the caller
 * fetches them. Everything shared is guarded by `this`.
 */
/** A sink whose message is written by the thread that waits for it; for one message. */
final class HandOver implements MessageSink<Boolean> {
  private static final int BUSY_OCTETS = 256 * 1024;

  private final CompletableFuture<Boolean> written = new CompletableFuture<>();
  private final ArrayDeque<byte[]> pieces = new ArrayDeque<>();
  private Runnable resume = () -> {};
  private int held;
  private boolean paused;
  private boolean ended;
  private boolean refused;

  @Override
  public synchronized void onBegin(Runnable resume) {
    this.resume = resume;
  }

  @Override
  public synchronized boolean onOctets(ByteBuffer octets) throws IOException {
    if (refused) {
      throw new IOException("the stream of the application takes no more");
    }
    byte[] piece = new byte[octets.remaining()];
    octets.get(piece);
    pieces.add(piece);
    held += piece.length;
    paused |= held >= BUSY_OCTETS;
    notifyAll();
    return !paused;
  }

  @Override
  public synchronized CompletionStage<Boolean> onComplete() {
    ended = true;
    notifyAll();
    return written;
  }

  @Override
  public synchronized void onAbort(Throwable cause) {
    ended = true;
    pieces.clear();
    notifyAll();
  }

  /**
   * Writes what comes until the message ends, complete or not, which its future tells.
   *
   * @throws IOException if the stream does; the rest of the message is dropped
   * @throws InterruptedException if interrupted; the same
   */
  void writeTo(OutputStream out) throws IOException, InterruptedException {
    boolean done = false;
    try {
      for (byte[] piece = next(); piece != null; piece = next()) {
        out.write(piece);
      }
      done = true;
    } finally {
      stop(done);
    }
  }

  private byte @Nullable [] next() throws InterruptedException {
    Runnable wake = null;
    byte[] piece;
    synchronized (this) {
      while (pieces.isEmpty() && !ended) {
        wait();
      }
      piece = pieces.poll();
      held -= piece == null ? 0 : piece.length;
      if (paused && held <= BUSY_OCTETS / 2) {
        paused = false;
        wake = resume;
      }
    }
    if (wake != null) {
      wake.run();
    }
    return piece;
  }

  private void stop(boolean done) {
    Runnable wake;
    synchronized (this) {
      refused = !done;
      pieces.clear();
      held = 0;
      paused = false;
      wake = resume;
    }
    // Outside of the lock: dependants run now.
    if (done) {
      written.complete(true);
    } else {
      written.completeExceptionally(new IOException("the stream of the application takes no more"));
    }
    wake.run();
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.fermoposta.pop3.client.MessageSink;
import org.fermoposta.pop3.client.Pop3Exception;

/** A bar on the terminal; nothing where there is none. For one thread, but for the counting. */
final class Progress implements AutoCloseable {
  private static final int WIDTH = 30;
  private static final long REDRAW_MILLIS = 200;

  private final PrintWriter err;
  private final boolean shown;
  private final AtomicLong octets = new AtomicLong();
  private int total;
  private long totalOctets;
  private int done;
  private long drawnNanos;
  private boolean drawn;

  Progress(PrintWriter err, boolean shown) {
    this.err = err;
    this.shown = shown;
  }

  /** Returns a bar that is shown if the program runs in a terminal. */
  static Progress on(PrintWriter err) {
    return new Progress(err, Terminal.console() != null);
  }

  void begin(int messages, long messagesOctets) {
    total = messages;
    totalOctets = messagesOctets;
    draw(true);
  }

  void skipped(long messageOctets) {
    done++;
    octets.addAndGet(Math.max(0, messageOctets));
    draw(false);
  }

  void message() {
    done++;
    draw(false);
  }

  /** Returns a sink that counts what it passes on. */
  <R> MessageSink<R> counting(MessageSink<R> sink) {
    return new MessageSink<>() {
      @Override
      public void onBegin(Runnable resume) throws IOException {
        sink.onBegin(resume);
      }

      @Override
      public boolean onOctets(ByteBuffer piece) throws IOException {
        octets.addAndGet(piece.remaining());
        return sink.onOctets(piece);
      }

      @Override
      public CompletionStage<R> onComplete() throws IOException {
        return sink.onComplete();
      }

      @Override
      public void onAbort(Throwable cause) {
        sink.onAbort(cause);
      }
    };
  }

  /** Waits for a message and redraws the bar meanwhile. */
  <T> T await(CompletableFuture<T> message) throws InterruptedException {
    try {
      while (true) {
        try {
          return message.get(REDRAW_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException stillComing) {
          draw(true);
        }
      }
    } catch (InterruptedException interrupted) {
      message.cancel(true);
      throw interrupted;
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof Pop3Exception known) {
        throw known;
      }
      throw new IllegalStateException("unexpected failure", failure.getCause());
    }
  }

  /** Makes room for a line of text. */
  void clear() {
    if (drawn) {
      err.print("\r\033[K");
      err.flush();
      drawn = false;
    }
  }

  @Override
  public void close() {
    clear();
  }

  private void draw(boolean always) {
    long now = System.nanoTime();
    if (!shown || (!always && now - drawnNanos < TimeUnit.MILLISECONDS.toNanos(REDRAW_MILLIS))) {
      return;
    }
    drawnNanos = now;
    drawn = true;
    err.print("\r" + line() + "\033[K");
    err.flush();
  }

  String line() {
    long read = octets.get();
    double part = totalOctets == 0 ? 0 : Math.min(1, (double) read / totalOctets);
    int filled = (int) (part * WIDTH);
    return "["
        + "#".repeat(filled)
        + ".".repeat(WIDTH - filled)
        + "] "
        + done
        + "/"
        + total
        + " messages, "
        + read / 1024
        + "/"
        + totalOctets / 1024
        + " KiB";
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.fermoposta.pop3.client.Phase;
import org.fermoposta.pop3.client.Pop3ClientConfig;
import org.fermoposta.pop3.client.Pop3Exception;
import org.fermoposta.pop3.client.Pop3SessionClosedException;
import org.fermoposta.pop3.client.Pop3TimeoutException;
import org.fermoposta.pop3.client.ServerMemory;
import org.fermoposta.pop3.protocol.Pop3Command;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.codec.Pop3Request;
import org.fermoposta.pop3.protocol.codec.ReplyConsumer;
import org.jspecify.annotations.Nullable;

// Design note. `sent` are the exchanges that the server has been asked for, in order: the first one
// is `current`, whose reply is being read. `queue` are those that wait: until the connection is
// pipelined the next command goes out when nothing is outstanding any more, and then as long as the
// window has room (see Window). All fields belong to the event loop. `ended` is the first reason
// why the connection is of no more use: it is what every later exchange fails with, so that a
// timeout or a close by this side is told as what it is and not as the loss of the connection that
// follows from it. An exchange that was cancelled stays in `sent` until its reply has been read.
// The next command goes out in a task of its own: until then octets that nobody asked for meet an
// empty codec and end the connection.
//
// There is no deadlock of both sides writing (RFC 2449, section 6.6): writing never waits, and
// reading stops only for sinks that are busy, which need nothing from the server to go on.

/** A TCP connection and the commands on it. */
final class Connection {
  private final Channel channel;
  private final Pop3ClientConfig config;
  private final ArrayDeque<Exchange<?>> queue = new ArrayDeque<>();
  private final ArrayDeque<Exchange<?>> sent = new ArrayDeque<>();
  private final Window window = new Window();
  private final Deadline deadline;
  private @Nullable Pop3Exception ended;
  private boolean content;
  private boolean securing;

  Connection(Channel channel, Pop3ClientConfig config) {
    this.channel = channel;
    this.config = config;
    this.deadline = new Deadline(channel.eventLoop(), this::expired);
  }

  Pop3ClientConfig config() {
    return config;
  }

  String endpoint() {
    return config.endpoint();
  }

  Channel channel() {
    return channel;
  }

  /** Runs on the event loop, at once if this is it. */
  void run(Runnable task) {
    if (channel.eventLoop().inEventLoop()) {
      task.run();
    } else {
      channel.eventLoop().execute(task);
    }
  }

  /** Creates the exchange for the greeting, which needs no command. */
  Exchange<Pop3Reply> greeting() {
    StatusExchange<Pop3Reply> greeting =
        new StatusExchange<>(this, Phase.GREETING, null, reply -> reply, null);
    sent.add(greeting);
    window.sent(greeting);
    return greeting;
  }

  /** From now on the greeting is late after some time. */
  void awaitGreeting() {
    if (ended == null && !sent.isEmpty()) {
      deadline.arm(Phase.GREETING, config.timeouts().command());
    }
  }

  /** A TLS handshake begins; failures are TLS failures until {@link #secured}. */
  void securing() {
    if (ended == null) {
      securing = true;
      deadline.arm(Phase.TLS, config.timeouts().tlsHandshake());
    }
  }

  void secured() {
    securing = false;
    deadline.disarm();
  }

  /** Sends a command when its turn has come and the window has room; from any thread. */
  <T extends @Nullable Object> CompletableFuture<T> send(Exchange<T> exchange) {
    CompletableFuture<T> result = exchange.result;
    result.whenComplete(
        (value, failure) -> {
          if (result.isCancelled()) {
            run(() -> cancelled(exchange));
          }
        });
    run(
        () -> {
          if (ended != null) {
            exchange.fail(ended);
          } else {
            queue.add(exchange);
            next();
          }
        });
    return result;
  }

  /** From now on commands do not wait for the replies before them. */
  void pipeline(int commands, long octets) {
    run(
        () -> {
          window.open(commands, octets);
          next();
        });
  }

  private void next() {
    boolean written = false;
    while (ended == null) {
      Exchange<?> exchange = queue.peek();
      if (exchange == null) {
        break;
      }
      Pop3Command command = exchange.command();
      if (exchange.isOver() || command == null) {
        queue.remove();
        continue;
      }
      if (!window.hasRoomFor(exchange)) {
        break;
      }
      queue.remove();
      boolean first = sent.isEmpty();
      sent.add(exchange);
      window.sent(exchange);
      exchange.onSent();
      if (first) {
        awaitStatus(exchange);
      }
      channel.write(new Pop3Request(command, exchange));
      written = true;
    }
    if (written) {
      channel.flush();
    }
  }

  private void awaitStatus(Exchange<?> exchange) {
    boolean quit = exchange.phase == Phase.QUIT;
    deadline.arm(exchange.phase, quit ? config.timeouts().quit() : config.timeouts().command());
  }

  /** The status line is there and more follows: from now on only silence is limited. */
  void contentBegins(Phase phase) {
    content = true;
    deadline.arm(phase, config.timeouts().idle());
  }

  /** The status line is there and the rest must be soon, however it trickles. */
  void contentLimited(Phase phase, Duration limit) {
    Duration usual = config.timeouts().command();
    deadline.arm(phase, limit.compareTo(usual) < 0 ? limit : usual);
  }

  /** Octets were read. */
  void progress() {
    if (content) {
      deadline.restart();
    }
  }

  /** The reply of an exchange has ended, and that of the next may follow at once. */
  void replyEnded(Exchange<?> exchange) {
    content = false;
    deadline.disarm();
    sent.remove();
    Exchange<?> following = sent.peek();
    if (following != null) {
      awaitStatus(following);
    }
    channel.eventLoop().execute(() -> released(exchange, false));
  }

  /** The reply has ended but its sink is not done with the message yet. */
  void held(Exchange<?> exchange, long octets) {
    if (window.held(exchange, octets)) {
      pause(exchange);
    }
  }

  /** An exchange may no longer be in the way of the next ones. */
  void released(Exchange<?> exchange, boolean wasHeld) {
    if (!exchange.isHeld() && window.released(exchange, wasHeld)) {
      resume(exchange);
      next();
    }
  }

  /** The sink of an exchange is busy: read no more. */
  void pause(Exchange<?> exchange) {
    window.pause(exchange);
    channel.config().setAutoRead(false);
    deadline.disarm();
  }

  /** The sink of an exchange can take more; from any thread. */
  void resume(Exchange<?> exchange) {
    run(
        () -> {
          if (window.resume(exchange) && ended == null && !channel.config().isAutoRead()) {
            Exchange<?> current = sent.peek();
            if (content) {
              deadline.arm(Phase.BODY, config.timeouts().idle());
            } else if (current != null) {
              awaitStatus(current);
            }
            channel.config().setAutoRead(true);
          }
        });
  }

  private void cancelled(Exchange<?> exchange) {
    exchange.fail(
        new Pop3SessionClosedException(endpoint(), exchange.keyword() + ": cancelled", null));
    queue.remove(exchange);
    resume(exchange);
  }

  /** Ends the connection for a reason of this side; from any thread. */
  void abort(Pop3Exception why) {
    run(
        () -> {
          failed(why);
          channel.close();
        });
  }

  void close() {
    channel.close();
  }

  /**
   * The connection is of no more use, for this reason unless there was one before.
   *
   * @return the reason
   */
  Pop3Exception failed(Throwable cause) {
    if (ended != null) {
      return ended;
    }
    Exchange<?> current = sent.peek();
    Phase phase = securing ? Phase.TLS : current == null ? Phase.COMMAND : current.phase;
    Pop3Exception why = Failures.explain(endpoint(), phase, cause);
    ended = why;
    deadline.end();
    if (sent.size() > 1 && !(why instanceof Pop3SessionClosedException)) {
      config.serverMemory().learn(endpoint(), ServerMemory.Trait.PIPELINES_FALSELY);
    }
    List<Exchange<?>> all = new ArrayList<>(sent);
    all.addAll(queue);
    all.removeIf(Exchange::isOver);
    sent.clear();
    queue.clear();
    all.forEach(exchange -> exchange.fail(why));
    return why;
  }

  /**
   * Learns why the channel was closed while nothing was outstanding, so that nobody was told. The
   * codec knows: it refuses a request now.
   */
  void askWhy() {
    channel.write(new Pop3Request(Pop3Command.NOOP, new Reason()));
  }

  boolean isEnded() {
    return ended != null;
  }

  private void expired(Phase phase, Duration limit) {
    abort(new Pop3TimeoutException(endpoint(), phase, limit));
  }

  private final class Reason implements ReplyConsumer {
    @Override
    public void onStatus(Pop3Reply status) {
      throw new IllegalStateException("a reply on a closed connection");
    }

    @Override
    public void onEnd() {
      throw new IllegalStateException("a reply on a closed connection");
    }

    @Override
    public void onFailure(Throwable cause) {
      failed(cause);
    }
  }
}

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
import org.fermoposta.pop3.protocol.Pop3Command;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.codec.Pop3Request;
import org.fermoposta.pop3.protocol.codec.ReplyConsumer;
import org.jspecify.annotations.Nullable;

// Design note. One exchange is with the server at a time; the others wait in `queue`. All fields
// belong to the event loop. `ended` is the first reason why the connection is of no more use: it is
// what every later exchange fails with, so that a timeout or a close by this side is told as what
// it is and not as the loss of the connection that follows from it. An exchange that was cancelled
// stays `current` until its reply has been read. The next command goes out in a task of its own:
// until then octets that nobody asked for meet an empty codec and end the connection.

/** A TCP connection and the commands on it. */
final class Connection {
  private final Channel channel;
  private final Pop3ClientConfig config;
  private final ArrayDeque<Exchange<?>> queue = new ArrayDeque<>();
  private final Deadline deadline;
  private @Nullable Exchange<?> current;
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
    current = greeting;
    return greeting;
  }

  /** From now on the greeting is late after some time. */
  void awaitGreeting() {
    if (ended == null && current != null) {
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

  /** Sends a command once those before it are done; from any thread. */
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

  private void next() {
    while (current == null && ended == null) {
      Exchange<?> exchange = queue.poll();
      if (exchange == null) {
        return;
      }
      Pop3Command command = exchange.command();
      if (exchange.isOver() || command == null) {
        continue;
      }
      current = exchange;
      Duration limit = config.timeouts().command();
      if (exchange instanceof QuitExchange quit) {
        quit.sent();
        limit = config.timeouts().quit();
      }
      deadline.arm(exchange.phase, limit);
      channel.writeAndFlush(new Pop3Request(command, exchange));
    }
  }

  /** The status line is there and more follows: from now on only silence is limited. */
  void contentBegins(Phase phase) {
    content = true;
    deadline.arm(phase, config.timeouts().idle());
  }

  /** Octets were read. */
  void progress() {
    if (content) {
      deadline.restart();
    }
  }

  /** The reply of an exchange has ended. */
  void replyEnded(Exchange<?> exchange) {
    content = false;
    deadline.disarm();
    channel.eventLoop().execute(() -> released(exchange));
  }

  /** An exchange may no longer hold the connection. */
  void released(Exchange<?> exchange) {
    if (isCurrent(exchange) && !content && !exchange.holdsConnection()) {
      current = null;
      channel.config().setAutoRead(true);
      next();
    }
  }

  /** The sink is busy: read no more. */
  void pause() {
    channel.config().setAutoRead(false);
    deadline.disarm();
  }

  /** The sink of an exchange can take more; from any thread. */
  void resume(Exchange<?> exchange) {
    run(
        () -> {
          if (isCurrent(exchange) && content && ended == null && !channel.config().isAutoRead()) {
            deadline.arm(Phase.BODY, config.timeouts().idle());
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
    Phase phase = securing ? Phase.TLS : current == null ? Phase.COMMAND : current.phase;
    Pop3Exception why = Failures.explain(endpoint(), phase, cause);
    ended = why;
    deadline.end();
    List<Exchange<?>> all = new ArrayList<>(queue);
    queue.clear();
    if (current != null && !current.isOver()) {
      all.add(0, current);
    }
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

  @SuppressWarnings("ReferenceEquality") // this very exchange is meant
  private boolean isCurrent(Exchange<?> exchange) {
    return current == exchange;
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

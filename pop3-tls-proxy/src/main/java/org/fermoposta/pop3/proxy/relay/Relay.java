// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy.relay;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/*
 * Both channels are on one event loop, so nothing here is shared between threads and a buffer read
 * from one is written to the other as it is.
 *
 * Memory: a side is read only while the other is writable, so what waits is bounded by the high
 * water mark and one read in each direction.
 *
 * Ends: each side's end of input is passed on when all before it is written. When the client is
 * gone, what it sent still reaches the server, followed by the end of input: a QUIT that arrived is
 * never lost. What the server still sends then is dropped, so that its kernel sees no reset.
 */
/**
 * Passes octets between a client and a server, unchanged, until one of them is done. Neither reads
 * further than the other takes; half-close is passed on. All methods are for the event loop.
 */
public final class Relay {
  /** How long a server may take to end a session whose client has left. */
  private static final Duration PARTING = Duration.ofSeconds(10);

  /** A relay that drains is closed when nothing has passed for so long. */
  private static final Duration QUIET = Duration.ofSeconds(1);

  private final Channel client;
  private final Channel server;
  private final long idleNanos;
  private long lastOctetsNanos;
  private boolean answerAwaited;
  private boolean draining;
  private @Nullable ScheduledFuture<?> timer;

  /**
   * Prepares a relay.
   *
   * @param client the side whose connection may be under TLS; any handlers that it has stay
   * @param server on the same event loop
   * @param idleTimeout without an octet in either direction, after which both are closed
   * @throws IllegalArgumentException if the event loops differ
   */
  public Relay(Channel client, Channel server, Duration idleTimeout) {
    if (!client.eventLoop().equals(server.eventLoop())) {
      throw new IllegalArgumentException("relay: two event loops (expected: one)");
    }
    this.client = client;
    this.server = server;
    this.idleNanos = idleTimeout.toNanos();
  }

  /**
   * Starts to relay. Handlers that still hold undecoded octets are to be removed afterwards: what
   * they fire then is relayed first.
   */
  public void start() {
    lastOctetsNanos = System.nanoTime();
    RelayEnd clientEnd = new RelayEnd(this, client, server, true);
    RelayEnd serverEnd = new RelayEnd(this, server, client, false);
    for (Channel channel : new Channel[] {client, server}) {
      channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
      channel.closeFuture().addListener(closed -> stopTimerOfClosed());
    }
    client.pipeline().addLast("relay", clientEnd);
    server.pipeline().addLast("relay", serverEnd);
    schedule(idleNanos);
    client.config().setAutoRead(server.isWritable());
    server.config().setAutoRead(client.isWritable());
  }

  /**
   * Closes both connections as soon as the server has answered, the client has taken the answer and
   * nothing has passed for a second.
   */
  public void drain() {
    if (!draining) {
      draining = true;
      schedule(QUIET.toNanos());
    }
  }

  void octetsPassed(boolean fromClient) {
    lastOctetsNanos = System.nanoTime();
    answerAwaited = fromClient;
  }

  /** The client's connection is closed and what it sent is written. */
  void clientLeft() {
    schedule(PARTING.toNanos());
  }

  private void closeBoth() {
    client.close();
    server.close();
  }

  private void schedule(long nanos) {
    stopTimer();
    if (client.isActive() || server.isActive()) {
      timer = client.eventLoop().schedule(this::timerFired, nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void timerFired() {
    long quiet = System.nanoTime() - lastOctetsNanos;
    if (!client.isActive() || quiet >= idleNanos) {
      closeBoth();
    } else if (!draining) {
      schedule(idleNanos - quiet);
    } else if (quiet >= QUIET.toNanos() && !answerAwaited && !holdsUnwritten(client)) {
      closeBoth();
    } else {
      schedule(QUIET.toNanos());
    }
  }

  private static boolean holdsUnwritten(Channel channel) {
    return channel.bytesBeforeUnwritable() < channel.config().getWriteBufferHighWaterMark();
  }

  private void stopTimerOfClosed() {
    if (!client.isActive() && !server.isActive()) {
      stopTimer();
    }
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }
}

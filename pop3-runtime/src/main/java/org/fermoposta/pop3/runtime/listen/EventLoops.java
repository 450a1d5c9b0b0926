// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The threads that do IO: one that accepts and a group for connections. One instance per program;
 * close it after the last channel.
 */
public final class EventLoops implements AutoCloseable {
  private static final Duration QUIET = Duration.ZERO;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Transport transport;
  private final EventLoopGroup acceptors;
  private final EventLoopGroup workers;

  private EventLoops(Transport transport, EventLoopGroup acceptors, EventLoopGroup workers) {
    this.transport = transport;
    this.acceptors = acceptors;
    this.workers = workers;
  }

  /**
   * Creates the groups; threads start with their first channel.
   *
   * @param threads event loops for connections; 0 means one per available processor
   */
  public static EventLoops open(Transport transport, int threads) {
    if (threads < 0 || threads > 1024) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: 0 to 1024)");
    }
    int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    return new EventLoops(
        transport,
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("accept", true), transport.ioHandlers()),
        new MultiThreadIoEventLoopGroup(
            count, new DefaultThreadFactory("io", true), transport.ioHandlers()));
  }

  /** The transport that channels on these loops must use. */
  public Transport transport() {
    return transport;
  }

  /** The loops for connections, incoming and outgoing. */
  public EventLoopGroup workers() {
    return workers;
  }

  EventLoopGroup acceptors() {
    return acceptors;
  }

  /** Closes all channels that are left and ends the threads. Waits at most 5 seconds per group. */
  @Override
  public void close() {
    shutDown(acceptors);
    shutDown(workers);
  }

  private static void shutDown(EventLoopGroup group) {
    group
        .shutdownGracefully(QUIET.toMillis(), CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }
}

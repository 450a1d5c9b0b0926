// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads that connections run on; each connection has one of them for its life. {@link
 * #shared} suits most; own ones suit those that unload the classes again, as web containers do.
 */
public final class Pop3Loops implements AutoCloseable {
  private static final class Shared {
    private static final Pop3Loops LOOPS =
        new Pop3Loops(start(Runtime.getRuntime().availableProcessors()), false);

    private Shared() {}
  }

  private final EventLoopGroup group;
  private final boolean owned;

  private Pop3Loops(EventLoopGroup group, boolean owned) {
    this.group = group;
    this.owned = owned;
  }

  /** Returns those that all share by default: daemons, begun with the first connection. */
  public static Pop3Loops shared() {
    return Shared.LOOPS;
  }

  /**
   * Returns new ones, which {@link #close} ends.
   *
   * @param threads 1 or more
   */
  public static Pop3Loops ofThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: >= 1)");
    }
    return new Pop3Loops(start(threads), true);
  }

  /**
   * Returns those of an application that uses Netty itself; they are left running.
   *
   * @throws IllegalArgumentException if the group is not for NIO
   */
  public static Pop3Loops using(IoEventLoopGroup group) {
    if (!group.isIoType(NioIoHandler.class)) {
      throw new IllegalArgumentException("group: " + group + " (expected: one of NioIoHandler)");
    }
    return new Pop3Loops(group, false);
  }

  EventLoopGroup group() {
    return group;
  }

  /**
   * Ends the threads if they are own ones; connections on them must be closed before. Returns at
   * once.
   */
  @Override
  public void close() {
    if (owned) {
      group.shutdownGracefully(0, 5, TimeUnit.SECONDS);
    }
  }

  private static EventLoopGroup start(int threads) {
    return new MultiThreadIoEventLoopGroup(
        threads, new DefaultThreadFactory("pop3-client", true), NioIoHandler.newFactory());
  }
}

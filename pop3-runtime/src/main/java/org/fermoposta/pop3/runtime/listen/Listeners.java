// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.fermoposta.pop3.runtime.config.ListenAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bound listening sockets. Connections have TCP_NODELAY and keepalive, and stop being writable with
 * 64 KiB in their outbound buffer until it is down to 32 KiB: about two TLS records in flight, so
 * that memory per slow reader is small and fast ones are never starved. The allocator is Netty's
 * default ({@code -Dio.netty.allocator.type}).
 *
 * <p>Thread-safe.
 */
public final class Listeners implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Listeners.class);
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(32 * 1024, 64 * 1024);
  private static final long CLOSE_MILLIS = 5000;

  private final Map<Listener, Channel> channels;
  private final Admission admission;

  private Listeners(Map<Listener, Channel> channels, Admission admission) {
    this.channels = channels;
    this.admission = admission;
  }

  /**
   * Binds all listeners, or none. Blocks; not for event loop threads.
   *
   * @throws ListenException if one cannot be bound; those bound before it are closed again
   */
  public static Listeners bind(
      EventLoops loops,
      ListenSettings settings,
      List<Listener> listeners,
      ChildPipelines pipelines) {
    Admission admission = new Admission(settings.maxConnections(), settings.admission());
    Listeners bound = new Listeners(new LinkedHashMap<>(), admission);
    for (Listener listener : listeners) {
      ServerBootstrap bootstrap = bootstrap(loops, settings);
      bootstrap.childHandler(new ChildInitializer(listener, pipelines, admission));
      try {
        bound.channels.put(listener, bind(bootstrap, listener.address()));
      } catch (ListenException e) {
        bound.close();
        throw e;
      }
    }
    bound.channels.forEach(
        (listener, channel) ->
            log.info(
                "{}: listening on {} (tls {}, {})",
                listener.name(),
                channel.localAddress(),
                listener.tls(),
                loops.transport().name()));
    return bound;
  }

  /** The address a listener is bound to, with the port that the system picked if it was 0. */
  public InetSocketAddress address(Listener listener) {
    Channel channel = channels.get(listener);
    if (channel == null) {
      throw new IllegalArgumentException("listener " + listener + " (expected: a bound one)");
    }
    return (InetSocketAddress) channel.localAddress();
  }

  /** As {@link #address(Listener)} for the first listener with this name. */
  public InetSocketAddress address(String name) {
    for (Listener listener : channels.keySet()) {
      if (listener.name().equals(name)) {
        return address(listener);
      }
    }
    throw new IllegalArgumentException("listener " + name + " (expected: a bound one)");
  }

  /** Connections that are open now, without those being refused. */
  public int connections() {
    return admission.admitted();
  }

  /** Connections that had to go without having logged in, to make room for others, so far. */
  public long evicted() {
    return admission.evicted();
  }

  /**
   * Stops accepting; open connections stay. Waits at most 5 seconds. May be called again. With NIO
   * the kernel can take connections for a moment more, until the selector's next turn; they are
   * reset.
   */
  @Override
  public void close() {
    List<ChannelFuture> closing = new ArrayList<>();
    channels.values().forEach(channel -> closing.add(channel.close()));
    for (ChannelFuture future : closing) {
      if (!future.awaitUninterruptibly(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
        log.warn("{} did not close in {} ms", future.channel(), CLOSE_MILLIS);
      }
    }
  }

  private static ServerBootstrap bootstrap(EventLoops loops, ListenSettings settings) {
    ServerBootstrap bootstrap = new ServerBootstrap();
    bootstrap
        .group(loops.acceptors(), loops.workers())
        .channel(loops.transport().serverChannel())
        .option(ChannelOption.SO_BACKLOG, settings.backlog())
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
    KeepAliveOptions.apply(bootstrap, loops.transport(), settings.keepAlive());
    return bootstrap;
  }

  private static Channel bind(ServerBootstrap bootstrap, ListenAddress address) {
    ChannelFuture future = bootstrap.bind(address.toSocketAddress()).awaitUninterruptibly();
    Throwable cause = future.cause();
    if (cause != null) {
      throw ListenException.of(address, cause);
    }
    return future.channel();
  }
}

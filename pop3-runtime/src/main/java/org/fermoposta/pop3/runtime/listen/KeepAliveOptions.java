// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.uring.IoUringChannelOption;
import java.io.IOException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands {@link KeepAliveSettings} to each transport in the words it knows. */
final class KeepAliveOptions {
  private static final Logger log = LoggerFactory.getLogger(KeepAliveOptions.class);

  private KeepAliveOptions() {}

  /** Sets them for the connections that will be accepted. */
  static void apply(ServerBootstrap bootstrap, Transport transport, KeepAliveSettings settings) {
    bootstrap.childOption(ChannelOption.SO_KEEPALIVE, true);
    int idle = (int) settings.idle().toSeconds();
    int interval = (int) settings.interval().toSeconds();
    int userTimeout = (int) settings.userTimeout().toMillis();
    switch (transport.name()) {
      case "epoll":
        bootstrap
            .childOption(EpollChannelOption.TCP_KEEPIDLE, idle)
            .childOption(EpollChannelOption.TCP_KEEPINTVL, interval)
            .childOption(EpollChannelOption.TCP_KEEPCNT, settings.probes())
            .childOption(EpollChannelOption.TCP_USER_TIMEOUT, userTimeout);
        break;
      case "io_uring":
        bootstrap
            .childOption(IoUringChannelOption.TCP_KEEPIDLE, idle)
            .childOption(IoUringChannelOption.TCP_KEEPINTVL, interval)
            .childOption(IoUringChannelOption.TCP_KEEPCNT, settings.probes())
            .childOption(IoUringChannelOption.TCP_USER_TIMEOUT, userTimeout);
        break;
      default:
        nio(bootstrap, settings, idle, interval);
    }
  }

  private static void nio(
      ServerBootstrap bootstrap, KeepAliveSettings settings, int idle, int interval) {
    Set<SocketOption<?>> known = known();
    if (known.contains(ExtendedSocketOptions.TCP_KEEPIDLE)
        && known.contains(ExtendedSocketOptions.TCP_KEEPINTERVAL)
        && known.contains(ExtendedSocketOptions.TCP_KEEPCOUNT)) {
      bootstrap
          .childOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), idle)
          .childOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), interval)
          .childOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), settings.probes());
    } else {
      log.warn("transport nio: keep-alive times cannot be set here, the kernel's apply");
    }
    if (!settings.userTimeout().isZero()) {
      log.warn("transport nio: user-timeout cannot be set (expected: epoll or io-uring for it)");
    }
  }

  private static Set<SocketOption<?>> known() {
    try (SocketChannel probe = SocketChannel.open()) {
      return probe.supportedOptions();
    } catch (IOException e) {
      log.debug("no socket to look at", e);
      return Set.of();
    }
  }
}

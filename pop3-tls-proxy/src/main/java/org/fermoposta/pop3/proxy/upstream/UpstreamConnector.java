// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.fermoposta.pop3.proxy.route.Upstream;
import org.fermoposta.pop3.proxy.route.UpstreamAddressException;
import org.fermoposta.pop3.proxy.route.UpstreamAddresses;
import org.fermoposta.pop3.runtime.listen.TlsMode;
import org.fermoposta.pop3.runtime.listen.Transport;
import org.fermoposta.pop3.runtime.tls.ClientTls;
import org.fermoposta.pop3.runtime.tls.TlsEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens connections to an upstream: resolves its name, tries its addresses in order, waits for the
 * greeting, starts TLS if that is asked for. Thread-safe.
 */
public final class UpstreamConnector {
  private static final Logger log = LoggerFactory.getLogger(UpstreamConnector.class);

  /** As for accepted connections: little in flight per slow peer. */
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(32 * 1024, 64 * 1024);

  private final Upstream upstream;
  private final Transport transport;
  private final @Nullable ClientTls tls;

  /**
   * Creates a connector. Blocks on the file of trusted authorities, if there is one.
   *
   * @throws org.fermoposta.pop3.runtime.tls.TlsException if that file cannot be used
   */
  public UpstreamConnector(Upstream upstream, Transport transport) {
    this.upstream = upstream;
    this.transport = transport;
    this.tls =
        upstream.tls() == TlsMode.NONE
            ? null
            : ClientTls.of(
                new ClientTls.Settings(
                    upstream.trust(), TlsEngine.AUTO, upstream.greetingTimeout()));
  }

  /** What becomes of a connection; one of the methods is called once, on its event loop. */
  public interface Outcome {
    /** The upstream has greeted. */
    void onReady(UpstreamLeg leg);

    /** There is no connection, or it is of no use and was closed. */
    void onUnreachable(Throwable cause);
  }

  /** Connects; does not block. */
  public void connect(EventLoop loop, Outcome outcome) {
    if (NetUtil.createByteArrayFromIpAddressString(upstream.address().host()) != null) {
      resolveAndConnect(loop, outcome);
    } else {
      Thread.ofVirtual().name("resolve").start(() -> resolveAndConnect(loop, outcome));
    }
  }

  private void resolveAndConnect(EventLoop loop, Outcome outcome) {
    try {
      try {
        List<InetSocketAddress> addresses = UpstreamAddresses.resolve(upstream.address());
        loop.execute(() -> connect(loop, addresses, 0, outcome));
      } catch (UpstreamAddressException unknown) {
        loop.execute(() -> outcome.onUnreachable(unknown));
      }
    } catch (RejectedExecutionException stopped) {
      log.debug("the event loop was stopped while {} was resolved", upstream.address(), stopped);
    }
  }

  private void connect(
      EventLoop loop, List<InetSocketAddress> addresses, int index, Outcome outcome) {
    UpstreamOpening opening = new UpstreamOpening(upstream, tls, outcome);
    ChannelFuture connected =
        new Bootstrap()
            .group(loop)
            .channel(transport.channel())
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) upstream.connectTimeout().toMillis())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    opening.install(channel);
                  }
                })
            .connect(addresses.get(index));
    connected.addListener(
        done -> {
          if (done.isSuccess()) {
            opening.connected();
          } else if (index + 1 < addresses.size()) {
            log.debug("{}: trying the next address", addresses.get(index), done.cause());
            connect(loop, addresses, index + 1, outcome);
          } else {
            outcome.onUnreachable(
                new IOException("cannot connect to " + addresses.get(index), done.cause()));
          }
        });
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.fermoposta.pop3.client.Phase;
import org.fermoposta.pop3.client.Pop3ClientConfig;
import org.fermoposta.pop3.client.Pop3ConnectException;
import org.fermoposta.pop3.client.Pop3Exception;
import org.fermoposta.pop3.client.Pop3TimeoutException;
import org.fermoposta.pop3.client.TlsMode;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.codec.Pop3ClientCodec;
import org.jspecify.annotations.Nullable;

/** Looks the name up, connects to one address after the other, and reads the greeting. */
final class Dialer {
  private final Pop3ClientConfig config;
  private final EventLoopGroup loops;

  /** A connection whose greeting is still to come. */
  record Dialed(Connection connection, CompletableFuture<Pop3Reply> greeting) {}

  /** What has to be had before connecting, and takes a while. */
  private record Prepared(@Nullable SslContext tls, List<InetAddress> addresses) {}

  Dialer(Pop3ClientConfig config, EventLoopGroup loops) {
    this.config = config;
    this.loops = loops;
  }

  /** Connects; fails with a {@link Pop3Exception}. */
  CompletableFuture<Dialed> dial() {
    CompletableFuture<Dialed> result = new CompletableFuture<>();
    Duration limit = config.timeouts().connect();
    CompletableFuture.supplyAsync(this::prepare, BackgroundThreads.executor())
        .whenComplete(
            (prepared, failure) -> {
              if (failure != null) {
                result.completeExceptionally(Failures.root(failure));
              } else {
                connect(prepared, 0, result);
              }
            });
    return result
        .orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS)
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedFuture(
                    failure instanceof TimeoutException
                        ? new Pop3TimeoutException(config.endpoint(), Phase.CONNECT, limit)
                        : failure));
  }

  private Prepared prepare() {
    try {
      SslContext tls = config.tls() == TlsMode.IMPLICIT ? TlsContexts.of(config) : null;
      return new Prepared(tls, List.of(InetAddress.getAllByName(config.host())));
    } catch (IOException failure) {
      throw failed(failure);
    }
  }

  private void connect(Prepared prepared, int index, CompletableFuture<Dialed> result) {
    List<InetAddress> addresses = prepared.addresses();
    long share = Math.max(1, config.timeouts().connect().toMillis() / addresses.size());
    Initializer initializer = new Initializer(prepared.tls());
    ChannelFuture connected =
        new Bootstrap()
            .group(loops)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) share)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .handler(initializer)
            .connect(new InetSocketAddress(addresses.get(index), config.port()));
    connected.addListener(
        done -> {
          Dialed dialed = initializer.dialed;
          if (!done.isSuccess() || dialed == null) {
            if (index + 1 < addresses.size() && !result.isDone()) {
              connect(prepared, index + 1, result);
            } else {
              result.completeExceptionally(failed(done.cause()));
            }
          } else if (result.complete(dialed)) {
            initializer.begin(dialed.connection());
          } else {
            connected.channel().close();
          }
        });
  }

  private Pop3Exception failed(@Nullable Throwable cause) {
    String text = cause == null ? "closed" : String.valueOf(cause.getMessage());
    return new Pop3ConnectException(config.endpoint(), "cannot connect: " + text, cause);
  }

  /** Puts TLS, codec and watch into the pipeline, in this order. */
  private final class Initializer extends ChannelInitializer<Channel> {
    private final @Nullable SslHandler tls;
    private @Nullable Dialed dialed;

    Initializer(@Nullable SslContext context) {
      tls = context == null ? null : Tls.handler(context, ByteBufAllocator.DEFAULT, config);
    }

    @Override
    protected void initChannel(Channel channel) {
      Connection connection = new Connection(channel, config);
      Exchange<Pop3Reply> greeting = connection.greeting();
      if (tls != null) {
        connection.securing();
        channel.pipeline().addLast(tls);
      }
      channel
          .pipeline()
          .addLast(
              config
                  .lineEnds()
                  .map(told -> new Pop3ClientCodec(greeting, told))
                  .orElseGet(() -> new Pop3ClientCodec(greeting)));
      channel.pipeline().addLast(new ConnectionWatch(connection));
      dialed = new Dialed(connection, greeting.result);
    }

    /** Connected: the handshake has begun, or the greeting is due. */
    void begin(Connection connection) {
      if (tls == null) {
        connection.awaitGreeting();
      } else {
        Tls.watch(connection, tls).thenRun(connection::awaitGreeting);
      }
    }
  }
}

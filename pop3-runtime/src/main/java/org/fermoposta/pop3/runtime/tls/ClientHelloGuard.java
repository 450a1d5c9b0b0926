// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/*
 * Waits for the ClientHello, chooses what serves it (ServerTls.choose), and puts an SslHandler in
 * its own place. Beside choosing the certificate it is here for one rule: a client that offers
 * application protocols without ours is refused with alert 120 (RFC 7301 section 3.2), which keeps a
 * browser that was lured to this port from talking to it. BoringSSL by netty-tcnative cannot do
 * that: it leaves the extension out and goes on, and afterwards nobody can tell that there was an
 * offer. Doing it here makes both engines behave alike.
 *
 * Bounds: 16 KiB of ClientHello and the handshake timeout, counted from when this handler is added.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write or close that fails has closed the channel.
final class ClientHelloGuard extends SslClientHelloHandler<Choice> {
  private static final int MAX_CLIENT_HELLO = 16 * 1024;

  private final ServerTls tls;
  private final String listener;
  private final long startedNanos = System.nanoTime();
  private @Nullable ScheduledFuture<?> timer;

  ClientHelloGuard(ServerTls tls, String listener) {
    super(MAX_CLIENT_HELLO);
    this.tls = tls;
    this.listener = listener;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    timer =
        ctx.executor()
            .schedule(
                () -> timedOut(ctx), tls.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
    if (timer != null) {
      timer.cancel(false);
    }
    super.handlerRemoved0(ctx);
  }

  @Override
  protected Future<Choice> lookup(ChannelHandlerContext ctx, @Nullable ByteBuf clientHello) {
    ClientHello hello =
        clientHello == null ? ClientHello.UNREADABLE : ClientHello.parse(clientHello);
    try {
      return ctx.executor().newSucceededFuture(tls.choose(hello, ctx.channel(), listener));
    } catch (Refusal refusal) {
      return ctx.executor().newFailedFuture(refusal);
    }
  }

  @Override
  protected void onLookupComplete(ChannelHandlerContext ctx, Future<Choice> found) {
    Throwable cause = found.cause();
    if (cause != null) {
      refuse(ctx, cause);
      return;
    }
    Choice choice = found.getNow();
    Channel channel = ctx.channel();
    SslHandler handler = choice.newHandler(ctx.alloc());
    choice.certificate().ifPresent(shown -> ChannelBindings.shown(channel, shown));
    long elapsed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
    handler.setHandshakeTimeoutMillis(Math.max(1, tls.handshakeTimeout().toMillis() - elapsed));
    handler
        .handshakeFuture()
        .addListener(
            done -> {
              if (!done.isSuccess()) {
                tls.handshakeLog().failed(channel, listener, done.cause());
              } else if (choice instanceof Choice.Own own && own.old()) {
                recordOld(channel, handler.engine().getSession());
              }
            });
    ctx.pipeline().replace(this, ctx.name(), handler);
  }

  private void recordOld(Channel channel, SSLSession session) {
    String version = session.getProtocol();
    tls.legacyReport().add(HandshakeLog.address(channel), version);
    tls.handshakeLog().old(channel, listener, version, session.getCipherSuite());
  }

  private void refuse(ChannelHandlerContext ctx, Throwable cause) {
    tls.handshakeLog().failed(ctx.channel(), listener, cause);
    if (cause instanceof Refusal refusal) {
      ctx.writeAndFlush(Unpooled.wrappedBuffer(refusal.octets()))
          .addListener(ChannelFutureListener.CLOSE);
    } else {
      ctx.close();
    }
    ctx.fireUserEventTriggered(new SslHandshakeCompletionEvent(cause));
  }

  private void timedOut(ChannelHandlerContext ctx) {
    Duration timeout = tls.handshakeTimeout();
    Throwable cause = new SslHandshakeTimeoutException("no ClientHello within " + timeout);
    tls.handshakeLog().failed(ctx.channel(), listener, cause);
    ctx.close();
    ctx.fireUserEventTriggered(new SslHandshakeCompletionEvent(cause));
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.fermoposta.pop3.runtime.logging.ControlCharacters;
import org.jspecify.annotations.Nullable;

/*
 * Waits for the ClientHello, then puts an SslHandler in its own place. It is here for one rule: a
 * client that offers application protocols without ours is refused with alert 120 (RFC 7301 section
 * 3.2), which keeps a browser that was lured to this port from talking to it. BoringSSL by
 * netty-tcnative cannot do that: it leaves the extension out and goes on, and afterwards nobody can
 * tell that there was an offer. Doing it here makes both engines behave alike.
 *
 * Bounds: 16 KiB of ClientHello and the handshake timeout, counted from when this handler is added.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write or close that fails has closed the channel.
final class ClientHelloGuard extends SslClientHelloHandler<Identity> {
  private static final int MAX_CLIENT_HELLO = 16 * 1024;
  private static final byte[] NO_APPLICATION_PROTOCOL = {21, 3, 3, 0, 2, 2, 120};

  private final Identity identity;
  private final Duration timeout;
  private final long startedNanos = System.nanoTime();
  private @Nullable ScheduledFuture<?> timer;

  ClientHelloGuard(Identity identity, Duration timeout) {
    super(MAX_CLIENT_HELLO);
    this.identity = identity;
    this.timeout = timeout;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    timer = ctx.executor().schedule(() -> timedOut(ctx), timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
    if (timer != null) {
      timer.cancel(false);
    }
    super.handlerRemoved0(ctx);
  }

  @Override
  protected Future<Identity> lookup(ChannelHandlerContext ctx, @Nullable ByteBuf clientHello) {
    List<String> offered = clientHello == null ? List.of() : ClientHello.parse(clientHello).alpn();
    if (offered.isEmpty() || offered.contains(TlsPolicy.ALPN)) {
      return ctx.executor().newSucceededFuture(identity);
    }
    String shown = ControlCharacters.escape(String.join(", ", offered));
    return ctx.executor()
        .newFailedFuture(
            new SSLHandshakeException(
                "client offers application protocols " + shown + " (expected: pop3 among them)"));
  }

  @Override
  protected void onLookupComplete(ChannelHandlerContext ctx, Future<Identity> found) {
    Throwable cause = found.cause();
    if (cause != null) {
      refuse(ctx, cause);
      return;
    }
    Identity chosen = found.getNow();
    SslHandler handler = chosen.context().newHandler(ctx.alloc());
    ChannelBindings.shown(ctx.channel(), chosen.material().certificate());
    long elapsed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
    handler.setHandshakeTimeoutMillis(Math.max(1, timeout.toMillis() - elapsed));
    ctx.pipeline().replace(this, ctx.name(), handler);
  }

  private void refuse(ChannelHandlerContext ctx, Throwable cause) {
    ctx.writeAndFlush(Unpooled.wrappedBuffer(NO_APPLICATION_PROTOCOL))
        .addListener(ChannelFutureListener.CLOSE);
    ctx.fireUserEventTriggered(new SslHandshakeCompletionEvent(cause));
  }

  private void timedOut(ChannelHandlerContext ctx) {
    ctx.close();
    ctx.fireUserEventTriggered(
        new SslHandshakeCompletionEvent(
            new SslHandshakeTimeoutException("no ClientHello within " + timeout)));
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.Objects;
import org.fermoposta.pop3.protocol.ClientLine;
import org.fermoposta.pop3.protocol.codec.Pop3CommandDecoder;
import org.fermoposta.pop3.runtime.listen.Listener;
import org.jspecify.annotations.Nullable;

/** Tells a {@link Session} what happens on its connection. */
final class SessionHandler extends ChannelInboundHandlerAdapter {
  private final SessionServices services;
  private final Listener listener;
  private final Pop3CommandDecoder commands;
  private @Nullable Session session;

  SessionHandler(SessionServices services, Listener listener, Pop3CommandDecoder commands) {
    this.services = services;
    this.listener = listener;
    this.commands = commands;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    Session created = new Session(ctx, services, listener, commands);
    session = created;
    services.sessions().register(ctx.channel(), created);
    if (ctx.channel().isActive()) {
      created.begin();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    session().begin();
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    session().onLine((ClientLine) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    session().flush();
    ctx.fireChannelReadComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      session().onWritable();
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        session().onTlsStarted();
      } else {
        session().onTlsFailed(handshake.cause());
      }
    } else if (event instanceof Pop3CommandDecoder.EndOfInput) {
      session().onEndOfInput();
    } else if (event instanceof ChannelInputShutdownEvent) {
      session().onInputShutdown();
    } else if (event instanceof SslCloseCompletionEvent closed && closed.isSuccess()) {
      endInput(ctx);
    }
    ctx.fireUserEventTriggered(event);
  }

  /** A close_notify ends the client's side as a FIN does; it still gets its answers. */
  private static void endInput(ChannelHandlerContext ctx) {
    ChannelHandlerContext tls = ctx.pipeline().context(SessionPipelines.TLS);
    if (tls != null) {
      tls.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    session().onGone();
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    session().onFailure(cause);
  }

  private Session session() {
    return Objects.requireNonNull(session);
  }

  @Override
  public String toString() {
    return String.valueOf(session);
  }
}

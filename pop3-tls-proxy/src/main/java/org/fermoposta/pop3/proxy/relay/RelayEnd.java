// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy.relay;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One side of a {@link Relay}: passes on what its channel reads. */
final class RelayEnd extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(RelayEnd.class);

  private final Relay relay;
  private final Channel self;
  private final Channel peer;
  private final boolean client;
  private final ChannelFutureListener closePeerOnFailure;
  private boolean inputEnded;

  RelayEnd(Relay relay, Channel self, Channel peer, boolean client) {
    this.relay = relay;
    this.self = self;
    this.peer = peer;
    this.client = client;
    this.closePeerOnFailure =
        written -> {
          if (!written.isSuccess()) {
            peer.close();
          }
        };
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (self instanceof DuplexChannel duplex && duplex.isInputShutdown()) {
      // The end of input came before; whoever holds octets from before it hands them over first.
      ctx.executor().execute(this::endInput);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object octets) {
    relay.octetsPassed(client);
    if (peer.isActive()) {
      peer.write(octets).addListener(closePeerOnFailure);
    } else {
      ReferenceCountUtil.release(octets);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    peer.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (peer.isActive()) {
      peer.config().setAutoRead(self.isWritable());
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      endInput();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    endInput();
    if (client && peer.isActive()) {
      // Nobody is there to slow the server down any more.
      peer.config().setAutoRead(true);
      relay.clientLeft();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      log.debug("{}: {}", self, cause.toString());
    } else {
      log.warn("{}: closing the connection", self, cause);
    }
    ctx.close();
  }

  /** Tells the peer, behind all that was passed on, that there will be no more. */
  private void endInput() {
    if (inputEnded) {
      return;
    }
    inputEnded = true;
    // An empty write completes when what was written before it has gone out, or failed.
    peer.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> endPeerOutput());
  }

  private void endPeerOutput() {
    if (!client) {
      // The server is done: there is nothing that the client could still say to anybody.
      // SslHandler sends close_notify first.
      peer.close();
      return;
    }
    SslHandler tls = peer.pipeline().get(SslHandler.class);
    if (tls != null) {
      tls.closeOutbound().addListener(closed -> shutdownOutput());
    } else {
      shutdownOutput();
    }
  }

  private void shutdownOutput() {
    if (peer instanceof DuplexChannel duplex && peer.isActive()) {
      duplex.shutdownOutput();
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.fermoposta.pop3.protocol.Pop3Command;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.codec.Pop3Request;
import org.fermoposta.pop3.protocol.codec.ReplyConsumer;

/** Last in the pipeline: tells the connection of progress, and of its end between two commands. */
final class ConnectionWatch extends ChannelInboundHandlerAdapter {
  private final Connection connection;

  ConnectionWatch(Connection connection) {
    this.connection = connection;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    connection.progress();
    ctx.fireChannelReadComplete();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (!connection.isEnded()) {
      // Nothing was outstanding, so nobody was told why. The codec knows: it refuses a request now.
      ctx.write(new Pop3Request(Pop3Command.NOOP, new Reason()));
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    connection.failed(cause);
    ctx.close();
  }

  private final class Reason implements ReplyConsumer {
    @Override
    public void onStatus(Pop3Reply status) {
      throw new IllegalStateException("a reply on a closed connection");
    }

    @Override
    public void onEnd() {
      throw new IllegalStateException("a reply on a closed connection");
    }

    @Override
    public void onFailure(Throwable cause) {
      connection.failed(cause);
    }
  }
}

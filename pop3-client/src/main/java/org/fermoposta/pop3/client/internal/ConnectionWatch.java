// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

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
      connection.askWhy();
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    connection.failed(cause);
    ctx.close();
  }
}

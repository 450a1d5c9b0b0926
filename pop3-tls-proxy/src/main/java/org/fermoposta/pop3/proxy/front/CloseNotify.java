// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy.front;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;

/** Makes TLS's end of input (close_notify) what TCP's is to the handlers behind it. */
@Sharable
final class CloseNotify extends ChannelInboundHandlerAdapter {
  static final CloseNotify INSTANCE = new CloseNotify();

  private CloseNotify() {}

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslCloseCompletionEvent closed && closed.isSuccess()) {
      ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }
    ctx.fireUserEventTriggered(event);
  }
}

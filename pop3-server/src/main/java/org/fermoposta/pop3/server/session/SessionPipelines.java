// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.ResponseCode;
import org.fermoposta.pop3.protocol.codec.Pop3CommandDecoder;
import org.fermoposta.pop3.protocol.wire.ReplyWriter;
import org.fermoposta.pop3.runtime.listen.ChildPipelines;
import org.fermoposta.pop3.runtime.listen.Listener;
import org.fermoposta.pop3.runtime.listen.TlsMode;
import org.fermoposta.pop3.runtime.tls.ServerTls;

/**
 * A connection's pipeline: {@value #TLS}? - {@value #COMMANDS} - {@value #SESSION}. The first is
 * there from the beginning or from STLS on.
 */
public final class SessionPipelines implements ChildPipelines {
  static final String TLS = "tls";
  static final String COMMANDS = "commands";
  static final String SESSION = "session";

  private static final Pop3Reply FULL =
      Pop3Reply.err(ResponseCode.SYS_TEMP, "too many connections, try again later");

  private final SessionServices services;

  /** Creates pipelines whose sessions share these services. */
  public SessionPipelines(SessionServices services) {
    this.services = services;
  }

  @Override
  public void initialise(Listener listener, Channel channel) {
    // A client may shut down its side behind its last command; it still gets its answers.
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    ChannelPipeline pipeline = channel.pipeline();
    ServerTls tls = services.tls();
    if (listener.tls() == TlsMode.IMPLICIT) {
      if (tls == null) {
        throw new IllegalStateException(listener.name() + ": implicit TLS without a certificate");
      }
      pipeline.addLast(TLS, tls.newHandler(listener.name()));
    }
    Pop3CommandDecoder commands = new Pop3CommandDecoder();
    commands.utf8Arguments(true);
    commands.longInitialResponses(true);
    pipeline.addLast(COMMANDS, commands);
    pipeline.addLast(SESSION, new SessionHandler(services, listener, commands));
  }

  @Override
  public void refuse(Listener listener, Channel channel) {
    if (listener.tls() == TlsMode.IMPLICIT) {
      channel.close();
      return;
    }
    ByteBuf line = channel.alloc().ioBuffer(128);
    ReplyWriter.writeStatus(line, services.settings().language().ascii().of(FULL));
    channel.writeAndFlush(line).addListener(ChannelFutureListener.CLOSE);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy.front;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import java.util.Objects;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.ProtocolLimits;
import org.fermoposta.pop3.protocol.ResponseCode;
import org.fermoposta.pop3.protocol.codec.Pop3CommandDecoder;
import org.fermoposta.pop3.proxy.upstream.UpstreamConnector;
import org.fermoposta.pop3.runtime.lifecycle.ActiveSessions;
import org.fermoposta.pop3.runtime.listen.ChildPipelines;
import org.fermoposta.pop3.runtime.listen.Listener;
import org.fermoposta.pop3.runtime.listen.TlsMode;
import org.fermoposta.pop3.runtime.tls.ServerTls;
import org.jspecify.annotations.Nullable;

/**
 * The pipelines of accepted connections: {@code tls? closeNotify commands front}, and after login
 * {@code tls? closeNotify relay}.
 */
public final class FrontPipelines implements ChildPipelines {
  private static final Pop3Reply FULL =
      Pop3Reply.err(ResponseCode.SYS_TEMP, "too many connections, try again later");

  private final FrontSettings settings;
  private final RelayStart relays;
  private final @Nullable ServerTls tls;
  private final UpstreamConnector upstream;
  private final ActiveSessions sessions;

  /**
   * Creates the pipelines' source.
   *
   * @param relays takes over after login
   * @param tls needed by listeners with implicit TLS or STLS; null if there are none
   * @param sessions where each connection is counted
   */
  public FrontPipelines(
      FrontSettings settings,
      RelayStart relays,
      @Nullable ServerTls tls,
      UpstreamConnector upstream,
      ActiveSessions sessions) {
    this.settings = settings;
    this.relays = relays;
    this.tls = tls;
    this.upstream = upstream;
    this.sessions = sessions;
  }

  @Override
  public void initialise(Listener listener, Channel channel) {
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    if (listener.tls() == TlsMode.IMPLICIT) {
      channel.pipeline().addLast("tls", Objects.requireNonNull(tls).newHandler(listener.name()));
    }
    Pop3CommandDecoder decoder =
        new Pop3CommandDecoder(
            ProtocolLimits.MAX_COMMAND_LINE_OCTETS, settings.maxSaslLine().toIntExact());
    FrontSession session = new FrontSession(settings, listener, tls, upstream, relays, decoder);
    channel
        .pipeline()
        .addLast("closeNotify", CloseNotify.INSTANCE)
        .addLast("commands", decoder)
        .addLast("front", session);
    sessions.register(channel, session);
  }

  @Override
  public void refuse(Listener listener, Channel channel) {
    if (listener.tls() == TlsMode.IMPLICIT) {
      // A handshake only to say no would cost more than the connection.
      channel.close();
      return;
    }
    channel
        .writeAndFlush(Unpooled.wrappedBuffer(FULL.line()))
        .addListener(ChannelFutureListener.CLOSE);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.fermoposta.pop3.protocol.Pop3Command;
import org.fermoposta.pop3.protocol.Pop3ProtocolException;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.codec.Pop3ClientCodec;
import org.fermoposta.pop3.protocol.codec.Pop3Request;
import org.fermoposta.pop3.protocol.codec.ReplyConsumer;
import org.fermoposta.pop3.protocol.wire.LineEnds;
import org.fermoposta.pop3.proxy.route.Upstream;
import org.fermoposta.pop3.proxy.upstream.UpstreamConnector.Outcome;
import org.fermoposta.pop3.runtime.listen.TlsMode;
import org.fermoposta.pop3.runtime.tls.ClientTls;
import org.jspecify.annotations.Nullable;

/**
 * From the accepted connection to the upstream's greeting, and through STLS if that is asked for.
 * An upstream that is configured for STLS is told nothing but STLS in clear: a refusal, a failed
 * handshake or octets behind the answer end the connection (RFC 2595, section 4).
 */
final class UpstreamOpening extends ChannelInboundHandlerAdapter {
  private final Upstream upstream;
  private final @Nullable ClientTls tls;
  private final Outcome outcome;
  private @Nullable Channel channel;
  private boolean done;
  private boolean startingTls;

  UpstreamOpening(Upstream upstream, @Nullable ClientTls tls, Outcome outcome) {
    this.upstream = upstream;
    this.tls = tls;
    this.outcome = outcome;
  }

  void install(Channel newChannel) {
    channel = newChannel;
    if (upstream.tls() == TlsMode.IMPLICIT) {
      addTls();
    }
    newChannel
        .pipeline()
        .addLast("replies", new Pop3ClientCodec(new Greeting(), LineEnds.CRLF))
        .addLast("opening", this);
  }

  /** Starts the timer; called when the connection is there. */
  void connected() {
    Channel connected = channel();
    var timer =
        connected
            .eventLoop()
            .schedule(
                () -> fail(new IOException("no greeting within " + upstream.greetingTimeout())),
                upstream.greetingTimeout().toMillis(),
                TimeUnit.MILLISECONDS);
    connected
        .closeFuture()
        .addListener(
            closed -> {
              timer.cancel(false);
              fail(new IOException("the upstream closed the connection"));
            });
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (!handshake.isSuccess()) {
        fail(new IOException("TLS handshake with the upstream failed", handshake.cause()));
      } else if (startingTls) {
        ready();
      }
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(cause);
  }

  private void greeted(Pop3Reply status) {
    if (!status.positive()) {
      fail(new IOException("the upstream refused the connection: " + status));
    } else if (upstream.tls() == TlsMode.STLS) {
      channel().writeAndFlush(new Pop3Request(Pop3Command.STLS, new StlsAnswer()));
    } else {
      // Later, for the same reason as in UpstreamLeg.send: what stands behind the greeting is
      // found.
      channel().eventLoop().execute(this::ready);
    }
  }

  private void addTls() {
    channel()
        .pipeline()
        .addFirst(
            "tls",
            Objects.requireNonNull(tls)
                .newHandler(
                    channel().alloc(), upstream.address().host(), upstream.address().port()));
  }

  private void ready() {
    if (!done) {
      done = true;
      channel().pipeline().remove(this);
      outcome.onReady(new UpstreamLeg(channel(), upstream));
    }
  }

  private void fail(Throwable cause) {
    if (!done) {
      done = true;
      channel().close();
      outcome.onUnreachable(cause);
    }
  }

  private Channel channel() {
    return Objects.requireNonNull(channel);
  }

  /** The first status line. */
  private final class Greeting implements ReplyConsumer {
    private @Nullable Pop3Reply greeting;

    @Override
    public void onStatus(Pop3Reply status) {
      greeting = status;
    }

    @Override
    public void onEnd() {
      greeted(Objects.requireNonNull(greeting));
    }

    @Override
    public void onFailure(Throwable cause) {
      fail(cause);
    }
  }

  /** The answer to STLS. */
  private final class StlsAnswer implements ReplyConsumer {
    private @Nullable Pop3Reply answer;

    @Override
    public void onStatus(Pop3Reply status) {
      answer = status;
    }

    @Override
    public void onEnd() {
      if (!Objects.requireNonNull(answer).positive()) {
        fail(new Pop3ProtocolException("the upstream refused STLS: " + answer));
        return;
      }
      // What came in clear behind the answer meets the codec below, which ends the connection.
      startingTls = true;
      addTls();
    }

    @Override
    public void onFailure(Throwable cause) {
      fail(cause);
    }
  }
}

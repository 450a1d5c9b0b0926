// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy.front;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.codec.Pop3CommandDecoder;
import org.fermoposta.pop3.protocol.wire.ReplyWriter;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to the client: writes replies, asks for lines, says goodbye. The next line is asked for
 * only while the client takes its replies, so a client that does not read them cannot fill memory.
 */
final class ClientSide {
  /** How long a client has to take the last reply and close. */
  private static final Duration PARTING = Duration.ofSeconds(2);

  private final ChannelHandlerContext ctx;
  private final Pop3CommandDecoder decoder;
  private boolean commandWanted;
  private boolean finished;

  ClientSide(ChannelHandlerContext ctx, Pop3CommandDecoder decoder) {
    this.ctx = ctx;
    this.decoder = decoder;
  }

  void nextCommand() {
    if (ctx.channel().isWritable()) {
      decoder.nextCommand();
    } else {
      commandWanted = true;
    }
  }

  void writabilityChanged() {
    if (commandWanted && ctx.channel().isWritable()) {
      commandWanted = false;
      decoder.nextCommand();
    }
  }

  void nextSaslResponse() {
    decoder.nextSaslResponse();
  }

  /** Whether octets were received in clear behind the command that is being answered. */
  boolean hasUnreadInput() {
    return decoder.hasUnreadInput();
  }

  void reply(Pop3Reply reply) {
    write(Unpooled.wrappedBuffer(reply.line()));
  }

  void reply(Pop3Reply status, List<String> lines) {
    ByteBuf out = ctx.alloc().ioBuffer(512);
    ReplyWriter.writeStatus(out, status);
    lines.forEach(line -> ReplyWriter.writeLine(out, line));
    ReplyWriter.writeFinalDot(out);
    write(out);
  }

  void challenge(String base64) {
    ByteBuf out = ctx.alloc().ioBuffer(base64.length() + 4);
    ReplyWriter.writeChallenge(out, base64.getBytes(StandardCharsets.US_ASCII));
    write(out);
  }

  /**
   * Writes a last reply, if there is one, and closes; what the client still sends is dropped. The
   * input stays open for a moment, since closing it at once could destroy the reply on its way.
   */
  void finish(@Nullable Pop3Reply last) {
    if (finished) {
      return;
    }
    commandWanted = false;
    decoder.discardInput();
    if (last != null) {
      reply(last);
    }
    finished = true;
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    if (tls != null) {
      tls.closeOutbound().addListener(closed -> shutdownOutput());
    } else {
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> shutdownOutput());
    }
    if (ctx.channel().isActive()) {
      ctx.channel().config().setAutoRead(true);
    }
  }

  /** Whether the last reply was written; what is written afterwards is dropped. */
  boolean isFinished() {
    return finished;
  }

  private void write(ByteBuf octets) {
    if (finished) {
      octets.release();
      return;
    }
    ctx.writeAndFlush(octets).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
  }

  private void shutdownOutput() {
    if (!(ctx.channel() instanceof DuplexChannel duplex) || duplex.isInputShutdown()) {
      ctx.channel().close();
      return;
    }
    duplex.shutdownOutput();
    var timer =
        ctx.executor().schedule(() -> duplex.close(), PARTING.toMillis(), TimeUnit.MILLISECONDS);
    duplex.closeFuture().addListener(closed -> timer.cancel(false));
  }
}

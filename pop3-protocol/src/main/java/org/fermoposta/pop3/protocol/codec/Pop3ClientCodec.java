// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.io.IOException;
import java.util.ArrayDeque;
import org.fermoposta.pop3.protocol.Pop3ProtocolException;
import org.fermoposta.pop3.protocol.SaslResponseLine;
import org.fermoposta.pop3.protocol.wire.CommandWriter;
import org.fermoposta.pop3.protocol.wire.LineEnds;
import org.jspecify.annotations.Nullable;

/**
 * The side that speaks to a server: writes {@link Pop3Request}s and {@link SaslResponseLine}s, and
 * hands each reply to the consumer that came with its request. Any number of requests may be
 * outstanding (RFC 2449, section 6.6).
 *
 * <p>Strict where it matters: octets that no request asked for, before a request or behind the
 * reply to STLS, end the connection with {@link Pop3ProtocolException} to every outstanding
 * consumer (RFC 2595, section 4). A connection that ends within a reply fails that reply; a body
 * without its final dot is never complete. When removed from the pipeline it fires what it has not
 * decoded as a {@link ByteBuf} (returns owned).
 *
 * <p>Bodies are not gathered: a consumer that cannot keep up turns auto-read off.
 */
public final class Pop3ClientCodec extends ChannelDuplexHandler {
  private final ArrayDeque<ReplyReader> outstanding = new ArrayDeque<>();
  private final LineEnds lineEnds;
  private @Nullable Throwable failure;

  /**
   * Creates a codec whose first reply is the greeting.
   *
   * @param greeting takes the greeting, a status line without a request
   * @param lineEnds what ends a line; {@link LineEnds#CRLF} unless the server is known to err
   */
  public Pop3ClientCodec(ReplyConsumer greeting, LineEnds lineEnds) {
    this.lineEnds = lineEnds;
    outstanding.add(new ReplyReader(ReplyShape.SINGLE_LINE, greeting, lineEnds));
  }

  /** Returns the number of replies that are still to come. */
  public int outstanding() {
    return outstanding.size();
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof Pop3Request request) {
      if (failure != null) {
        promise.setFailure(failure);
        request.consumer().onFailure(failure);
        return;
      }
      ByteBuf line = ctx.alloc().ioBuffer(64);
      CommandWriter.write(line, request.command());
      outstanding.add(
          new ReplyReader(ReplyShape.of(request.command()), request.consumer(), lineEnds));
      ctx.write(line, promise);
    } else if (message instanceof SaslResponseLine response) {
      ByteBuf line = ctx.alloc().ioBuffer(256);
      CommandWriter.writeLine(line, response.base64());
      ctx.write(line, promise);
    } else {
      ctx.write(message, promise);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof ByteBuf octets)) {
      ctx.fireChannelRead(message);
      return;
    }
    boolean passedOn = false;
    try {
      while (octets.isReadable() && failure == null) {
        if (ctx.isRemoved()) {
          passedOn = true;
          ctx.fireChannelRead(octets);
          return;
        }
        ReplyReader reader = outstanding.peek();
        if (reader == null) {
          throw new Pop3ProtocolException(
              "the server sent " + octets.readableBytes() + " octets that no command asked for");
        }
        if (reader.read(ctx.alloc(), octets)) {
          outstanding.remove();
          reader.end();
        }
      }
    } catch (RuntimeException broken) {
      fail(broken);
      ctx.close();
    } finally {
      if (!passedOn) {
        octets.release();
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail(new IOException("the server closed the connection"));
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(cause);
    ctx.close();
  }

  private void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
    for (ReplyReader reader = outstanding.poll(); reader != null; reader = outstanding.poll()) {
      reader.fail(failure);
    }
  }
}

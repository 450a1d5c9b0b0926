// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.function.Consumer;
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
 * decoded as a {@link ByteBuf} (returns owned); replies that are outstanding then fail.
 *
 * <p>Bodies are not gathered: a consumer that cannot keep up turns auto-read off. Input
 * <b>consumes</b>: each {@link ByteBuf} read is released exactly once. All methods are for the
 * event loop.
 */
public final class Pop3ClientCodec extends ChannelDuplexHandler {
  private final ArrayDeque<ReplyReader> outstanding = new ArrayDeque<>();
  private final LineEndRule lineEnds;
  private @Nullable Throwable failure;
  private boolean reading;

  /**
   * Creates a codec whose first reply is the greeting.
   *
   * @param greeting takes the greeting, a status line without a request
   * @param lineEnds what ends a line; {@link LineEnds#CRLF} unless the server is known to err
   */
  public Pop3ClientCodec(ReplyConsumer greeting, LineEnds lineEnds) {
    this(greeting, LineEndRule.of(lineEnds));
  }

  /**
   * Creates a codec that learns from the greeting what ends a line: a bare LF ends lines only of
   * servers whose greeting ended so. Such servers send Unix text; see {@link LineEnds#CRLF_OR_LF}
   * for what that costs.
   *
   * @param greeting takes the greeting, a status line without a request
   */
  public Pop3ClientCodec(ReplyConsumer greeting) {
    this(greeting, LineEndRule.byFirstLine());
  }

  private Pop3ClientCodec(ReplyConsumer greeting, LineEndRule lineEnds) {
    this.lineEnds = lineEnds;
    outstanding.add(new ReplyReader(greeting, lineEnds));
  }

  /**
   * Forgets what was learnt about line ends, as it was learnt in clear: the next line decides anew.
   * Without effect if the line ends were told.
   */
  public void forgetLineEnds() {
    lineEnds.forget();
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
      ByteBuf line = printed(ctx, 64, out -> CommandWriter.write(out, request.command()));
      outstanding.add(new ReplyReader(request, lineEnds));
      ctx.write(line, promise);
    } else if (message instanceof SaslResponseLine response) {
      ByteBuf line = printed(ctx, 256, out -> CommandWriter.writeLine(out, response.base64()));
      ReplyReader reader = outstanding.peek();
      if (reader != null) {
        reader.responseWritten();
      }
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
    reading = true;
    try {
      while (octets.isReadable() && failure == null) {
        if (ctx.isRemoved()) {
          passedOn = true;
          ctx.fireChannelRead(octets);
          break;
        }
        ReplyReader reader = outstanding.peek();
        if (reader == null) {
          throw new Pop3ProtocolException(
              "the server sent " + octets.readableBytes() + " octets that no command asked for");
        }
        if (reader.read(ctx.alloc(), octets)) {
          if (reader.clearTextEnds() && octets.isReadable()) {
            throw new Pop3ProtocolException(
                "the server sent "
                    + octets.readableBytes()
                    + " octets in clear behind its reply to STLS");
          }
          outstanding.remove();
          reader.end();
        }
      }
    } catch (RuntimeException broken) {
      fail(broken);
      ctx.close();
    } finally {
      reading = false;
      if (!passedOn) {
        octets.release();
      }
    }
    if (ctx.isRemoved()) {
      failRemoved();
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

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    // A consumer that removes this handler still gets the end of the reply that it is taking.
    if (!reading) {
      failRemoved();
    }
  }

  private void failRemoved() {
    fail(new IllegalStateException("the codec was removed with replies outstanding"));
  }

  /** Every consumer is told, even if one of them throws. */
  private void fail(Throwable cause) {
    Throwable first = failure == null ? cause : failure;
    failure = first;
    for (ReplyReader reader = outstanding.poll(); reader != null; reader = outstanding.poll()) {
      try {
        reader.fail(first);
      } catch (RuntimeException unwilling) {
        if (!unwilling.equals(first)) {
          first.addSuppressed(unwilling);
        }
      }
    }
  }

  /** Returns owned: a line that was printed as a whole. */
  private static ByteBuf printed(ChannelHandlerContext ctx, int size, Consumer<ByteBuf> printer) {
    ByteBuf line = ctx.alloc().ioBuffer(size);
    boolean done = false;
    try {
      printer.accept(line);
      done = true;
      return line;
    } finally {
      if (!done) {
        line.release();
      }
    }
  }
}

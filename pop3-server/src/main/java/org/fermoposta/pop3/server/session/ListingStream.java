// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.function.IntPredicate;
import org.fermoposta.pop3.protocol.wire.ReplyWriter;

/** The lines of LIST or UIDL, written piece by piece as the channel takes them. */
final class ListingStream implements ReplyStream {
  private static final int PIECE_OCTETS = 16 * 1024;
  private static final int MAX_LINE_OCTETS = 96;

  private final ChannelHandlerContext ctx;
  private final int count;
  private final IntPredicate hidden;
  private final LineFormat format;
  private final Listener listener;
  // Octet by octet an array is written much faster than a buffer.
  private final byte[] lines = new byte[PIECE_OCTETS];
  private int next = 1;

  /** Writes one message's line. */
  interface LineFormat {
    /** Writes it and returns the offset behind it, at most {@value #MAX_LINE_OCTETS} further. */
    int write(byte[] out, int at, int messageNumber);
  }

  ListingStream(
      ChannelHandlerContext ctx,
      int count,
      IntPredicate hidden,
      LineFormat format,
      Listener listener) {
    this.ctx = ctx;
    this.count = count;
    this.hidden = hidden;
    this.format = format;
    this.listener = listener;
  }

  @Override
  public void proceed() {
    while (ctx.channel().isWritable()) {
      int end = 0;
      while (next <= count && end <= PIECE_OCTETS - MAX_LINE_OCTETS) {
        if (!hidden.test(next)) {
          end = format.write(lines, end, next);
        }
        next++;
      }
      ByteBuf piece = ctx.alloc().ioBuffer(PIECE_OCTETS).writeBytes(lines, 0, end);
      if (next > count) {
        ReplyWriter.writeFinalDot(piece);
        ctx.write(piece);
        listener.onSent();
        return;
      }
      ctx.write(piece);
    }
    ctx.flush();
  }

  @Override
  public void close() {
    next = count + 1;
  }
}

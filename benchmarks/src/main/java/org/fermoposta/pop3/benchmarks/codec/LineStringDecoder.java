// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.function.ToLongFunction;

/** The way of the tutorials: Netty's LineBasedFrameDecoder, a String for each line, then split. */
final class LineStringDecoder {

  private final EmbeddedChannel channel;
  private long count;

  LineStringDecoder(ToLongFunction<String> line) {
    channel =
        new EmbeddedChannel(
            new LineBasedFrameDecoder(65_536),
            new StringDecoder(StandardCharsets.ISO_8859_1),
            new SimpleChannelInboundHandler<String>() {
              @Override
              protected void channelRead0(ChannelHandlerContext context, String text) {
                count += line.applyAsLong(text);
              }
            });
  }

  /** Octets of the message, line ends included; the dot line counts nothing. */
  static int body(String line) {
    if (line.startsWith(".")) {
      return line.length() == 1 ? 0 : line.substring(1).length() + 2;
    }
    return line.length() + 2;
  }

  long run(Reads reads) {
    count = 0;
    for (ByteBuf read : reads.buffers) {
      // A copy, as a read from a socket is one's own: the decoder's cumulation writes into it.
      int length = read.readableBytes();
      channel.writeInbound(
          ByteBufAllocator.DEFAULT
              .directBuffer(length)
              .writeBytes(read, read.readerIndex(), length));
    }
    return count;
  }
}

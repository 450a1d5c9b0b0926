// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.wire.ReplyWriter;
import org.jspecify.annotations.Nullable;

/** Gathers short replies of a pipelined burst, so that they leave in one write. */
final class ReplyBuffer {
  private static final int CAPACITY = 1024;

  private final ChannelHandlerContext ctx;
  private final SpokenLanguage language;
  private @Nullable ByteBuf pending;

  ReplyBuffer(ChannelHandlerContext ctx, SpokenLanguage language) {
    this.ctx = ctx;
    this.language = language;
  }

  /** Appends a reply, in the session's language. */
  void reply(Pop3Reply reply) {
    ReplyWriter.writeStatus(buffer(), language.now().of(reply));
    if (buffer().readableBytes() >= CAPACITY) {
      write();
    }
  }

  /** Returns the buffer to append to; a view, not to be kept. */
  ByteBuf buffer() {
    ByteBuf current = pending;
    if (current == null) {
      current = ctx.alloc().ioBuffer(CAPACITY);
      pending = current;
    }
    return current;
  }

  /** Hands what was gathered to the channel, in order with other writes, without a flush. */
  void write() {
    ByteBuf full = pending;
    if (full != null) {
      pending = null;
      ctx.write(full);
    }
  }

  void flush() {
    write();
    ctx.flush();
  }

  void release() {
    ByteBuf dropped = pending;
    if (dropped != null) {
      pending = null;
      dropped.release();
    }
  }
}

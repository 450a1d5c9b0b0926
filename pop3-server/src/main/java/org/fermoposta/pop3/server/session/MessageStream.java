// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.wire.BodySink;
import org.fermoposta.pop3.protocol.wire.DotStuffer;
import org.fermoposta.pop3.protocol.wire.ReplyWriter;
import org.fermoposta.pop3.protocol.wire.TopLines;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MessageBody;
import org.jspecify.annotations.Nullable;

/** A message on its way from the store to the channel: the reply to RETR or TOP. */
/*
 * One chunk at a time: read on a virtual thread, stuffed and written on the event loop, the next one
 * read when the channel takes more. So a session holds at most one chunk beyond the channel's own
 * outbound buffer, whatever the message's size and however slow the reader.
 *
 * Opening and the first read are one task, because most messages are smaller than a chunk. The
 * status line waits for that read: a message that cannot be read gets -ERR, not half a reply.
 */
final class MessageStream implements ReplyStream {
  private static final int CHUNK_OCTETS = 64 * 1024;
  private static final int FIRST_CHUNK_OCTETS = 32 * 1024;

  private final ChannelHandlerContext ctx;
  private final Executor blocking;
  private final Opener opener;
  private final @Nullable TopLines top;
  private final Listener listener;
  private final BodySink sink;
  private @Nullable MessageBody body;
  private @Nullable DotStuffer stuffer;
  private long position;
  private long octets;
  private boolean reading;
  private boolean closed;

  /** Opens the message; blocks. */
  interface Opener {
    MessageBody open() throws MaildropException;
  }

  /**
   * A stream that has not begun.
   *
   * @param top how much TOP sends; null for all
   */
  MessageStream(
      ChannelHandlerContext ctx,
      Executor blocking,
      Opener opener,
      @Nullable TopLines top,
      Listener listener) {
    this.ctx = ctx;
    this.blocking = blocking;
    this.opener = opener;
    this.top = top;
    this.listener = listener;
    this.sink =
        piece -> {
          octets += piece.readableBytes();
          ctx.write(piece);
        };
  }

  /** Octets of the body that were written so far, as they go over the wire. */
  long octets() {
    return octets;
  }

  /** Whether it answers TOP. */
  boolean isTop() {
    return top != null;
  }

  @Override
  public void proceed() {
    if (reading || closed) {
      return;
    }
    MessageBody opened = body;
    if (opened == null) {
      read(FIRST_CHUNK_OCTETS, null);
    } else if (ctx.channel().isWritable()) {
      read(CHUNK_OCTETS, opened);
    }
  }

  @Override
  public void close() {
    closed = true;
    if (!reading) {
      closeBody();
    }
  }

  private void read(int chunkOctets, @Nullable MessageBody opened) {
    reading = true;
    ByteBuf chunk = ctx.alloc().directBuffer(chunkOctets);
    try {
      blocking.execute(() -> readOffLoop(chunk, opened));
    } catch (RejectedExecutionException stopping) {
      onRead(opened, chunk, stopping);
    }
  }

  private void readOffLoop(ByteBuf chunk, @Nullable MessageBody opened) {
    MessageBody source = opened;
    Throwable failure = null;
    try {
      if (source == null) {
        source = opener.open();
      }
      fill(chunk, source);
    } catch (MaildropException | RuntimeException | Error e) {
      failure = e;
    }
    MessageBody result = source;
    Throwable cause = failure;
    try {
      ctx.executor().execute(() -> onRead(result, chunk, cause));
    } catch (RejectedExecutionException loopIsGone) {
      chunk.release();
      if (result != null) {
        result.close();
      }
    }
  }

  /** Reads from {@link #position} on; only the task that runs now touches it. */
  private void fill(ByteBuf chunk, MessageBody source) throws MaildropException {
    long left = source.storedOctets() - position;
    int wanted = (int) Math.min(chunk.writableBytes(), left);
    int done = 0;
    while (done < wanted) {
      int read = source.read(position + done, chunk.nioBuffer(done, wanted - done));
      if (read <= 0) {
        throw new MaildropException(
            MaildropFailure.TEMPORARY,
            "read " + read + " octets at " + (position + done) + " (expected: at least 1)");
      }
      done += read;
    }
    chunk.writerIndex(wanted);
  }

  private void onRead(@Nullable MessageBody opened, ByteBuf chunk, @Nullable Throwable failure) {
    reading = false;
    boolean first = body == null;
    body = opened;
    if (closed || failure != null || opened == null) {
      chunk.release();
      closeBody();
      if (!closed && failure != null) {
        closed = true;
        fail(first, failure);
      }
      return;
    }
    DotStuffer out = stuffer;
    if (out == null) {
      out = new DotStuffer(ctx.alloc(), opened.form());
      stuffer = out;
      begin(opened);
    }
    position += chunk.readableBytes();
    boolean end = position >= opened.storedOctets();
    if (top != null) {
      chunk.writerIndex(chunk.readerIndex() + top.take(chunk));
      end |= top.isDone();
    }
    try {
      out.stuff(chunk, sink);
      if (end) {
        out.finish(sink);
      }
    } catch (RuntimeException e) {
      closed = true;
      closeBody();
      listener.onCutShort(e);
      return;
    }
    if (end) {
      closed = true;
      closeBody();
      listener.onSent();
    } else {
      ctx.flush();
      proceed();
    }
  }

  private void begin(MessageBody opened) {
    ByteBuf status = ctx.alloc().ioBuffer(64);
    ReplyWriter.writeStatus(
        status, Pop3Reply.ok(top == null ? opened.octets() + " octets" : "top of message"));
    ctx.write(status);
  }

  private void fail(boolean first, Throwable failure) {
    if (first && failure instanceof MaildropException refused) {
      listener.onRefused(refused);
    } else if (first && failure instanceof RuntimeException defect) {
      // Nothing was written yet, so even a store that breaks its contract gets a proper answer.
      listener.onRefused(
          new MaildropException(
              MaildropFailure.TEMPORARY, "cannot read: " + LogText.quote(defect), defect));
    } else {
      listener.onCutShort(failure);
    }
  }

  private void closeBody() {
    MessageBody opened = body;
    if (opened != null) {
      body = null;
      try {
        blocking.execute(opened::close);
      } catch (RejectedExecutionException stopping) {
        opened.close();
      }
    }
  }
}

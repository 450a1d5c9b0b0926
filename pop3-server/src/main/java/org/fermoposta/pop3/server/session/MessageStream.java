// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.fermoposta.pop3.protocol.wire.DotStuffer;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MessageBody;
import org.jspecify.annotations.Nullable;

/** A message on its way from the store to the channel: the reply to RETR or TOP. */
/*
 * One chunk at a time: read on a virtual thread, written on the event loop, the next one read when
 * the channel takes more. So a session holds at most one chunk beyond the channel's own outbound
 * buffer, whatever the message's size and however slow the reader. Chunks grow while the socket takes
 * them whole, for each costs two turns of threads; for a reader that lags they are 64 KiB.
 *
 * How a chunk becomes wire text depends on what is known of the message. If it is known where its
 * lines begin with dots (KnownDots; a READY message has none), chunks are not looked at, and on a
 * connection without TLS what lies in the page cache goes from the file to the socket by the kernel
 * (FileTransfer), a window at a time. Otherwise each chunk passes through the stuffer.
 *
 * Opening and the first read are one task, because most messages are smaller than a chunk. The
 * status line waits for that read: a message that cannot be read gets -ERR, not half a reply. Status
 * line, chunk and final dot of such a message are one buffer.
 *
 * The body is closed when no read and no transfer is under way, exactly once, off the loop. A
 * connection that breaks in a transfer may be the client's doing or the file's: the kernel does not
 * tell sides apart. One octet is read where the transfer ended, and that says.
 */
final class MessageStream implements ReplyStream, FileTransfer.Listener {
  private static final int MIN_CHUNK_OCTETS = 64 * 1024;
  private static final int MAX_CHUNK_OCTETS = 256 * 1024;
  private static final byte[] END = octets(".\r\n");
  private static final byte[] LINE_END_AND_END = octets("\r\n.\r\n");

  private final ChannelHandlerContext ctx;
  private final Executor blocking;
  private final MessageStart start;
  private final List<MessageStart> behind;
  private final ReadAhead ahead;
  private final Listener listener;
  private final MessageSource source;
  private @Nullable DotStuffer stuffer;
  private @Nullable KnownDots dots;
  private int chunkOctets = MIN_CHUNK_OCTETS;
  private long octets;
  private boolean begun;
  private boolean busy;
  private boolean closed;
  private boolean examines;

  /**
   * A stream that has not begun.
   *
   * @param start consumed
   * @param behind what is read together with it, for {@code ahead}; empty if it was read
   */
  MessageStream(
      ChannelHandlerContext ctx,
      Executor blocking,
      MessageStart start,
      List<MessageStart> behind,
      ReadAhead ahead,
      Listener listener) {
    this.ctx = ctx;
    this.blocking = blocking;
    this.start = start;
    this.behind = behind;
    this.ahead = ahead;
    this.listener = listener;
    this.source = start.source();
  }

  private static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Octets of the body that were written so far, as they go over the wire. */
  long octets() {
    return octets;
  }

  /** Whether it answers TOP. */
  boolean isTop() {
    return start.isTop();
  }

  @Override
  public void proceed() {
    if (busy || closed) {
      return;
    }
    if (!begun) {
      begin();
    } else if (ctx.channel().isWritable()) {
      read(ctx.alloc().directBuffer(chunkOctets, chunkOctets));
    }
  }

  @Override
  public void close() {
    closed = true;
    if (!busy) {
      closeSource();
    }
  }

  @Override
  public boolean examines() {
    return examines;
  }

  private void begin() {
    if (start.isRead()) {
      onRead(start.chunk(), start.statusOctets(), start.transferable(), start.failure());
      return;
    }
    busy = true;
    try {
      blocking.execute(this::readStart);
    } catch (RejectedExecutionException stopping) {
      ahead.keep(behind);
      onRead(start.chunk(), start.statusOctets(), 0, stopping);
    }
  }

  private void readStart() {
    start.read();
    if (start.isWhole()) {
      behind.forEach(MessageStart::readWhole);
    }
    try {
      ctx.executor().execute(this::onStart);
    } catch (RejectedExecutionException loopIsGone) {
      start.chunk().release();
      behind.forEach(next -> next.chunk().release());
      source.close();
    }
  }

  private void onStart() {
    if (closed) {
      behind.forEach(next -> next.chunk().release());
    } else {
      ahead.keep(behind);
    }
    onRead(start.chunk(), start.statusOctets(), start.transferable(), start.failure());
  }

  private void read(ByteBuf chunk) {
    busy = true;
    try {
      blocking.execute(() -> readOffLoop(chunk));
    } catch (RejectedExecutionException stopping) {
      onRead(chunk, 0, 0, stopping);
    }
  }

  private void readOffLoop(ByteBuf chunk) {
    long there = 0;
    Throwable failure = null;
    try {
      there = source.next(chunk);
    } catch (MaildropException | RuntimeException | Error e) {
      failure = e;
    }
    long transferable = there;
    Throwable cause = failure;
    try {
      ctx.executor().execute(() -> onRead(chunk, 0, transferable, cause));
    } catch (RejectedExecutionException loopIsGone) {
      chunk.release();
      source.close();
    }
  }

  private void onRead(ByteBuf chunk, int status, long transferable, @Nullable Throwable failure) {
    busy = false;
    MessageBody body = source.body();
    if (closed || failure != null || body == null) {
      chunk.release();
      closeSource();
      if (!closed && failure != null) {
        closed = true;
        fail(!begun, failure);
      }
      return;
    }
    if (!begun) {
      begun = true;
      dots = KnownDots.of(body);
      stuffer = dots == null ? new DotStuffer(ctx.alloc(), body.form()) : null;
    }
    boolean end = source.isAtEnd();
    try {
      write(chunk, status, body, end);
    } catch (RuntimeException e) {
      closed = true;
      closeSource();
      listener.onCutShort(e);
      return;
    }
    if (end) {
      closed = true;
      closeSource();
      listener.onSent();
    } else if (transferable > 0) {
      transfer(transferable, body);
    } else {
      ctx.flush();
      // Whoever took all at once gets more at once: fewer turns of threads. A slow reader does not.
      boolean fast = ctx.channel().isWritable();
      chunkOctets = fast ? Math.min(2 * chunkOctets, MAX_CHUNK_OCTETS) : MIN_CHUNK_OCTETS;
      proceed();
    }
  }

  /**
   * Writes a chunk, which this consumes: a status line maybe, and what the source has read last;
   * and the end of the reply.
   */
  private void write(ByteBuf chunk, int status, MessageBody body, boolean end) {
    long to = source.position();
    long from = to - (chunk.readableBytes() - status);
    KnownDots known = dots;
    if (known == null) {
      stuff(chunk, status, end);
    } else if (known.isDotted(to)) {
      ctx.write(chunk.readRetainedSlice(status));
      known.stuff(from, to, new Slices(chunk, from));
      chunk.release();
      if (end) {
        writeEnd(known, body, to);
      }
    } else {
      boolean room = chunk.writableBytes() >= LINE_END_AND_END.length;
      if (end && room) {
        chunk.writeBytes(end(known, body, to));
      }
      octets += chunk.readableBytes() - status;
      ctx.write(chunk);
      if (end && !room) {
        writeEnd(known, body, to);
      }
    }
  }

  private void stuff(ByteBuf chunk, int status, boolean end) {
    DotStuffer out = Objects.requireNonNull(stuffer);
    if (status > 0) {
      ctx.write(chunk.readRetainedSlice(status));
    }
    out.stuff(chunk, this::writeBody);
    if (end) {
      out.finish(this::writeBody);
    }
  }

  private void writeBody(ByteBuf piece) {
    octets += piece.readableBytes();
    ctx.write(piece);
  }

  private void writeEnd(KnownDots known, MessageBody body, long at) {
    writeBody(Unpooled.wrappedBuffer(end(known, body, at)));
  }

  /** What ends a reply whose text ends at this stored octet. */
  private static byte[] end(KnownDots known, MessageBody body, long at) {
    return at == body.storedOctets() && known.lacksLineEnd() ? LINE_END_AND_END : END;
  }

  private void transfer(long count, MessageBody body) {
    busy = true;
    KnownDots known = Objects.requireNonNull(dots);
    long from = source.position();
    source.skip(count);
    FileTransfer.write(ctx, Objects.requireNonNull(source.file()), known, from, from + count, this);
    if (source.isAtEnd()) {
      writeEnd(known, body, from + count);
    }
    ctx.flush();
  }

  @Override
  public void onProgress(long sent) {
    octets += sent;
    listener.onProgress();
  }

  @Override
  public void onTransferred() {
    busy = false;
    if (closed) {
      closeSource();
    } else if (source.isAtEnd()) {
      closed = true;
      closeSource();
      listener.onSent();
    } else {
      proceed();
    }
  }

  @Override
  public void onTransferFailed(Throwable cause, long at) {
    closed = true;
    if (ctx.channel().isOpen()) {
      busy = false;
      closeSource();
      listener.onCutShort(cause);
      return;
    }
    examines = true;
    try {
      blocking.execute(() -> examine(at));
    } catch (RejectedExecutionException stopping) {
      onExamined(null);
    }
  }

  private void examine(long at) {
    Throwable failure = null;
    try {
      source.probe(at);
    } catch (MaildropException | RuntimeException e) {
      failure = e;
    }
    Throwable found = failure;
    try {
      ctx.executor().execute(() -> onExamined(found));
    } catch (RejectedExecutionException loopIsGone) {
      source.close();
    }
  }

  private void onExamined(@Nullable Throwable found) {
    examines = false;
    busy = false;
    closeSource();
    if (found != null) {
      listener.onCutShort(found);
    } else {
      listener.onLost();
    }
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

  private void closeSource() {
    if (source.isOpen()) {
      try {
        blocking.execute(source::close);
      } catch (RejectedExecutionException stopping) {
        source.close();
      }
    }
  }

  /** Pieces of a chunk, as slices that share it. */
  private final class Slices implements KnownDots.Sink {
    private final ByteBuf chunk;
    private final long start;

    Slices(ByteBuf chunk, long start) {
      this.chunk = chunk;
      this.start = start;
    }

    @Override
    public void piece(long from, long to) {
      int index = chunk.readerIndex() + (int) (from - start);
      writeBody(chunk.retainedSlice(index, (int) (to - from)));
    }

    @Override
    public void dot() {
      writeBody(FileTransfer.dotOctet());
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.DefaultFileRegion;
import java.nio.channels.FileChannel;

/** Octets on their way from a file to a socket without passing through here. Event loop only. */
/*
 * A region has no weight in the channel's outbound buffer, so it does not make the channel
 * unwritable; whoever sends one waits for its end before the next.
 *
 * The native transports take the descriptor's number out of the FileChannel, so it must stay open
 * until the end is told: another file could have got the number. The end is told exactly once, also
 * when the connection goes.
 */
final class FileTransfer implements KnownDots.Sink {
  private static final ByteBuf DOT =
      Unpooled.unreleasableBuffer(Unpooled.directBuffer(1, 1).writeByte('.').asReadOnly());

  private final ChannelHandlerContext ctx;
  private final FileChannel file;
  private final Listener listener;
  private int pending;
  private boolean over;

  /** What is told of a transfer. */
  interface Listener {
    /** The client has taken so many octets more. */
    void onProgress(long octets);

    /** All octets are with the socket. */
    void onTransferred();

    /**
     * The connection is closed with octets of the file unsent: the client is gone, or the file.
     *
     * @param at the first stored octet that was not sent
     */
    void onTransferFailed(Throwable cause, long at);
  }

  private FileTransfer(ChannelHandlerContext ctx, FileChannel file, Listener listener) {
    this.ctx = ctx;
    this.file = file;
    this.listener = listener;
  }

  /**
   * Writes the stored octets from {@code from} to {@code to - 1} to the channel, without a flush.
   *
   * @param file has to stay open until the end is told
   */
  static void write(
      ChannelHandlerContext ctx,
      FileChannel file,
      KnownDots dots,
      long from,
      long to,
      Listener listener) {
    dots.stuff(from, to, new FileTransfer(ctx, file, listener));
  }

  /** One dot. Returns owned, though nothing is lost if it is not released. */
  static ByteBuf dotOctet() {
    return DOT.duplicate();
  }

  @Override
  public void piece(long from, long to) {
    pending++;
    ChannelProgressivePromise promise = ctx.newProgressivePromise();
    promise.addListener(new RegionListener(from, to));
    ctx.write(new BorrowedRegion(file, from, to - from), promise);
  }

  @Override
  public void dot() {
    ctx.write(dotOctet());
    listener.onProgress(1);
  }

  private final class RegionListener implements ChannelProgressiveFutureListener {
    private final long to;
    private long unsent;

    RegionListener(long from, long to) {
      this.to = to;
      this.unsent = from;
    }

    @Override
    public void operationProgressed(ChannelProgressiveFuture future, long progress, long total) {
      sentTo(to - total + progress);
    }

    @Override
    public void operationComplete(ChannelProgressiveFuture future) {
      pending--;
      if (over) {
        return;
      }
      if (future.isSuccess()) {
        if (unsent < to) {
          sentTo(to);
        }
        over = pending == 0;
        if (over) {
          listener.onTransferred();
        }
      } else {
        over = true;
        listener.onTransferFailed(future.cause(), unsent);
      }
    }

    private void sentTo(long position) {
      listener.onProgress(position - unsent);
      unsent = position;
    }
  }

  /** A region that leaves the file open: it belongs to the message. */
  private static final class BorrowedRegion extends DefaultFileRegion {
    BorrowedRegion(FileChannel file, long position, long count) {
      super(file, position, count);
    }

    @Override
    protected void deallocate() {
      // It owns nothing.
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.OptionalLong;
import org.fermoposta.pop3.protocol.wire.TopLines;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MessageBody;
import org.jspecify.annotations.Nullable;

/** The half of a {@link MessageStream} that blocks: opens the message and reads it in order. */
/*
 * Used by one thread at a time; executors order the uses.
 *
 * The kernel may send what lies in the page cache already. What does not would make sendfile, and
 * with it the event loop, wait for a disk, so that is read here. A mapping that is asked and never
 * touched tells which it is (mincore): some 5 microseconds for each MB, 3 % of what sending it costs.
 * It cannot fault, whatever happens to the file. What is evicted between the question and the
 * transfer does make the loop wait; the window is kept small for that.
 */
final class MessageSource {
  /** Shorter than this, reading and writing is as cheap as sendfile. */
  static final int MIN_TRANSFER_OCTETS = 64 * 1024;

  static final int MAX_TRANSFER_OCTETS = 16 * 1024 * 1024;

  private final Opener opener;
  private final boolean headerOnly;
  private final @Nullable TopLines top;
  private final boolean transfers;
  private @Nullable MessageBody body;
  private @Nullable FileChannel file;
  private boolean open;
  private long position;
  private long limit;

  /** Opens the message; blocks. */
  interface Opener {
    MessageBody open() throws MaildropException;
  }

  /**
   * A source that has not been opened.
   *
   * @param topLines how many lines of the body are wanted; empty for the whole message
   * @param transfers whether the connection can take octets from a file
   */
  MessageSource(Opener opener, OptionalLong topLines, boolean transfers) {
    this.opener = opener;
    this.headerOnly = topLines.isPresent() && topLines.getAsLong() == 0;
    this.top = topLines.isPresent() ? new TopLines(topLines.getAsLong()) : null;
    this.transfers = transfers;
  }

  /** Opens the message; {@link #next} does it otherwise. Blocks. */
  MessageBody open() throws MaildropException {
    MessageBody source = opener.open();
    body = source;
    open = true;
    boolean bounded = headerOnly && source.headerEnd().isPresent();
    limit = bounded ? source.headerEnd().getAsLong() : source.storedOctets();
    boolean known = transfers && top == null && KnownDots.of(source) != null;
    file = known ? source.file().orElse(null) : null;
    return source;
  }

  /**
   * The message, closed or not; null before {@link #open} or the first {@link #next}. Returns a
   * view.
   */
  @Nullable MessageBody body() {
    return body;
  }

  /** The file that {@link #next} has found octets to be sent from. */
  @Nullable FileChannel file() {
    return file;
  }

  /** How far the message was read or skipped. */
  long position() {
    return position;
  }

  /** Whether all was read that is wanted. */
  boolean isAtEnd() {
    return position >= limit;
  }

  /** Whether the message holds its file. */
  boolean isOpen() {
    return open;
  }

  /**
   * Fills the buffer behind what it holds with what comes next, unless that may go from the file.
   * Blocks. At the end of what is wanted the message is closed. <b>Borrows</b> the buffer.
   *
   * @return how many octets from {@link #position} on may go from the file now; {@link #skip} them.
   *     0 for none
   */
  long next(ByteBuf chunk) throws MaildropException {
    MessageBody source = body;
    if (source == null) {
      source = open();
    } else if (position > 0) {
      long there = transferable();
      if (there > 0) {
        return there;
      }
    }
    int start = chunk.writerIndex();
    fill(chunk, source);
    if (top != null) {
      cut(chunk, start, top);
    }
    if (isAtEnd()) {
      close();
    }
    return transferable();
  }

  /** Goes on behind octets that went from the file. */
  void skip(long octets) {
    position += octets;
  }

  /**
   * Finds out whether an octet can be read, and the last one before {@link #position}: a transfer
   * that makes no progress fails as soon as the file is shorter than its end. Blocks.
   */
  void probe(long at) throws MaildropException {
    MessageBody source = body;
    if (source != null && open && at < source.storedOctets()) {
      source.read(at, ByteBuffer.allocate(1));
      source.read(position - 1, ByteBuffer.allocate(1));
    }
  }

  /** Closes the message. Blocks, never throws, does nothing the second time. */
  void close() {
    MessageBody opened = body;
    if (opened != null && open) {
      open = false;
      opened.close();
    }
  }

  /** Leaves in the buffer what TOP wants of what was read; knows when that was all. */
  private void cut(ByteBuf chunk, int start, TopLines lines) {
    int before = chunk.readerIndex();
    int read = chunk.writerIndex() - start;
    chunk.readerIndex(start);
    int taken = lines.take(chunk);
    chunk.readerIndex(before).writerIndex(start + taken);
    position -= read - taken;
    if (lines.isDone()) {
      limit = position;
    }
  }

  private void fill(ByteBuf chunk, MessageBody source) throws MaildropException {
    int start = chunk.writerIndex();
    int wanted = (int) Math.min(chunk.writableBytes(), limit - position);
    int done = 0;
    while (done < wanted) {
      int read = source.read(position + done, chunk.nioBuffer(start + done, wanted - done));
      if (read <= 0) {
        throw new MaildropException(
            MaildropFailure.TEMPORARY,
            "read " + read + " octets at " + (position + done) + " (expected: at least 1)");
      }
      done += read;
    }
    chunk.writerIndex(start + wanted);
    position += wanted;
  }

  private long transferable() {
    FileChannel source = file;
    long left = limit - position;
    if (source == null || !open || left < MIN_TRANSFER_OCTETS) {
      return 0;
    }
    // No rest that would be too short by itself.
    long window = left - MAX_TRANSFER_OCTETS < MIN_TRANSFER_OCTETS ? left : MAX_TRANSFER_OCTETS;
    try (Arena arena = Arena.ofConfined()) {
      boolean there = source.map(FileChannel.MapMode.READ_ONLY, position, window, arena).isLoaded();
      return there ? window : 0;
    } catch (IOException cannotBeMapped) {
      // A file that was cut short, or no memory for it. Reading goes on, or says what is wrong.
      return 0;
    }
  }
}

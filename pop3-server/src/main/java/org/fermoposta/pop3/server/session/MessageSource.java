// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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
 * touched tells which it is (mincore): some 20 microseconds for 4 MB, 3 % of what sending them costs.
 * It cannot fault, whatever happens to the file. What is evicted between the question and the
 * transfer does make the loop wait; the window is kept small for that.
 */
final class MessageSource {
  /** Shorter than this, reading and writing is as cheap as sendfile. */
  static final int MIN_TRANSFER_OCTETS = 64 * 1024;

  static final int MAX_TRANSFER_OCTETS = 4 * 1024 * 1024;

  private final Opener opener;
  private final boolean headerOnly;
  private final boolean transfers;
  private @Nullable MessageBody body;
  private @Nullable FileChannel file;
  private boolean bounded;
  private long position;
  private long limit;

  /** Opens the message; blocks. */
  interface Opener {
    MessageBody open() throws MaildropException;
  }

  /**
   * A source that has not been opened.
   *
   * @param headerOnly whether nothing behind the header is wanted, if it is known where that ends
   * @param transfers whether the connection can take octets from a file
   */
  MessageSource(Opener opener, boolean headerOnly, boolean transfers) {
    this.opener = opener;
    this.headerOnly = headerOnly;
    this.transfers = transfers;
  }

  /** The message; null before the first {@link #next}. Returns a view. */
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

  /** Whether all was read that may be wanted. */
  boolean isAtEnd() {
    return position >= limit;
  }

  /** Whether the end is that of the header, found without looking for it. */
  boolean isBounded() {
    return bounded;
  }

  /**
   * Fills the buffer with what comes next, unless that may go from the file. Blocks. <b>Borrows</b>
   * the buffer.
   *
   * @return how many octets from {@link #position} on may go from the file now; {@link #skip} them.
   *     0 for none
   */
  long next(ByteBuf chunk) throws MaildropException {
    MessageBody source = body;
    if (source == null) {
      source = opener.open();
      body = source;
      bounded = headerOnly && source.headerEnd().isPresent();
      limit = bounded ? source.headerEnd().getAsLong() : source.storedOctets();
      file =
          transfers && !bounded && KnownDots.of(source) != null ? source.file().orElse(null) : null;
    } else {
      long there = transferable();
      if (there > 0) {
        return there;
      }
    }
    fill(chunk, source);
    return transferable();
  }

  /** Goes on behind octets that went from the file. */
  void skip(long octets) {
    position += octets;
  }

  /** Finds out whether an octet can be read. Blocks. */
  void probe(long at) throws MaildropException {
    MessageBody source = body;
    if (source != null && at < source.storedOctets()) {
      source.read(at, ByteBuffer.allocate(1));
    }
  }

  /** Closes the message. Blocks, never throws, does nothing the second time. */
  void close() {
    MessageBody opened = body;
    if (opened != null) {
      body = null;
      opened.close();
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
    if (source == null || left < MIN_TRANSFER_OCTETS) {
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

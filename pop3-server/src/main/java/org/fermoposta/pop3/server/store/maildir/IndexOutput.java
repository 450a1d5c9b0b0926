// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/** Writes an index, piece by piece through one buffer. */
final class IndexOutput {

  private static final int BUFFER_OCTETS = 64 * 1024;

  private final FileChannel channel;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER_OCTETS).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C crc = new CRC32C();
  private long position = IndexFormat.CHECKED_FROM;

  private IndexOutput(FileChannel channel) {
    this.channel = channel;
  }

  /** Writes all of it, the mark that makes it valid last. Borrows the channel. */
  static void write(FileChannel channel, IndexContent content) throws IOException {
    new IndexOutput(channel).run(content);
  }

  /** How long the file will be. */
  static long octets(IndexContent content) {
    MessageTable table = content.table();
    return IndexFormat.fileOctets(
        table.count(),
        table.names.length,
        table.places().size(),
        suffixOctets(table),
        table.dotRows.length,
        table.dots.length,
        table.twinIds.size(),
        table.huge.size());
  }

  private static int suffixOctets(MessageTable table) {
    int octets = 0;
    for (Place place : table.places()) {
      octets += place.suffix().length;
    }
    return octets;
  }

  private void run(IndexContent content) throws IOException {
    MessageTable table = content.table();
    List<Place> places = table.places();
    room(IndexFormat.HEADER_OCTETS);
    buffer.putInt(table.count()).putInt(table.names.length);
    buffer.putInt(places.size()).putInt(suffixOctets(table));
    buffer.putInt(table.dotRows.length).putInt(table.dots.length);
    buffer.putInt(table.twinIds.size()).putInt(table.huge.size());
    for (DirectoryStamp stamp : new DirectoryStamp[] {content.fresh(), content.cur()}) {
      buffer.putLong(stamp.inode()).putLong(stamp.modifiedNanos()).putLong(stamp.changedNanos());
    }
    ints(table.nameEnd);
    ints(table.place);
    ints(table.octets);
    ints(table.stored);
    ints(table.headerEnd);
    longs(table.modified);
    octets(table.bits);
    for (Place place : places) {
      room(IndexFormat.PLACE_OCTETS);
      buffer.putInt(place.inCur() ? 1 : 0).putInt(place.suffix().length);
    }
    for (Place place : places) {
      octets(place.suffix());
    }
    ints(table.dotRows);
    ints(table.dotEnd);
    ints(table.dots);
    for (Map.Entry<Integer, String> twin : table.twinIds.entrySet()) {
      room(IndexFormat.TWIN_OCTETS);
      byte[] id = twin.getValue().getBytes(StandardCharsets.US_ASCII);
      buffer.putInt(twin.getKey()).put(id).put(new byte[IndexFormat.ID_OCTETS - id.length]);
    }
    for (Map.Entry<Integer, HugeSizes> huge : table.huge.entrySet()) {
      room(IndexFormat.HUGE_OCTETS);
      HugeSizes sizes = huge.getValue();
      buffer.putInt(huge.getKey());
      buffer.putLong(sizes.octets()).putLong(sizes.stored()).putLong(sizes.headerEnd());
    }
    octets(table.names);
    drain();
    buffer.putLong(IndexFormat.MAGIC).putInt(IndexFormat.VERSION).putInt((int) crc.getValue());
    buffer.flip();
    position = 0;
    writeFully();
  }

  private void ints(int[] values) throws IOException {
    for (int done = 0; done < values.length; ) {
      room(Integer.BYTES);
      int n = Math.min(values.length - done, buffer.remaining() / Integer.BYTES);
      buffer.asIntBuffer().put(values, done, n);
      buffer.position(buffer.position() + n * Integer.BYTES);
      done += n;
    }
  }

  private void longs(long[] values) throws IOException {
    for (int done = 0; done < values.length; ) {
      room(Long.BYTES);
      int n = Math.min(values.length - done, buffer.remaining() / Long.BYTES);
      buffer.asLongBuffer().put(values, done, n);
      buffer.position(buffer.position() + n * Long.BYTES);
      done += n;
    }
  }

  private void octets(byte[] values) throws IOException {
    for (int done = 0; done < values.length; ) {
      room(1);
      int n = Math.min(values.length - done, buffer.remaining());
      buffer.put(values, done, n);
      done += n;
    }
  }

  private void room(int octets) throws IOException {
    if (buffer.remaining() < octets) {
      drain();
    }
  }

  private void drain() throws IOException {
    buffer.flip();
    crc.update(buffer.duplicate());
    writeFully();
  }

  private void writeFully() throws IOException {
    while (buffer.hasRemaining()) {
      position += channel.write(buffer, position);
    }
    buffer.clear();
  }
}

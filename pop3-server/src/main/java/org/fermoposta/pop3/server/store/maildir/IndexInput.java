// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import static org.fermoposta.pop3.server.store.maildir.BadIndexException.check;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/*
 * Design note. Whoever can write to the Maildir can write the index, checksum and all. So beyond
 * the checksum everything is checked that could lead out of an array, out of the heap (the counts
 * must add up to the length of the file, which is bounded) or out of the Maildir (a slash in a
 * name). What remains to be forged concerns the forger's own mail only.
 */
/** Reads an index and believes nothing. */
final class IndexInput {

  private static final int BUFFER_OCTETS = 64 * 1024;

  private final FileChannel channel;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER_OCTETS).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C crc = new CRC32C();
  private long position;

  private IndexInput(FileChannel channel) {
    this.channel = channel;
    buffer.flip();
  }

  /**
   * Reads all of it. Borrows the channel.
   *
   * @throws BadIndexException if it is not a whole, right index of this version within {@code
   *     maxOctets}
   * @throws IOException if it cannot be read
   */
  static IndexContent read(FileChannel channel, long maxOctets) throws IOException {
    return new IndexInput(channel).run(maxOctets);
  }

  private IndexContent run(long maxOctets) throws IOException {
    long length = channel.size();
    check(length >= IndexFormat.HEADER_OCTETS, "too short: " + length + " octets");
    check(length <= maxOctets, length + " octets (expected: at most " + maxOctets + ")");
    need(IndexFormat.CHECKED_FROM);
    check(buffer.getLong() == IndexFormat.MAGIC, "not an index");
    int version = buffer.getInt();
    check(
        version == IndexFormat.VERSION,
        "version " + version + " (expected: " + IndexFormat.VERSION + ")");
    int expectedCrc = buffer.getInt();
    // Of the first piece what follows the checksum; need() adds the others.
    crc.update(buffer.duplicate());
    need(IndexFormat.HEADER_OCTETS - IndexFormat.CHECKED_FROM);
    int[] counts = new int[8];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = buffer.getInt();
      check(counts[i] >= 0, "a negative count");
    }
    long due =
        IndexFormat.fileOctets(
            counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6], counts[7]);
    check(due == length, length + " octets (expected: " + due + ")");
    DirectoryStamp fresh = new DirectoryStamp(buffer.getLong(), buffer.getLong(), buffer.getLong());
    DirectoryStamp cur = new DirectoryStamp(buffer.getLong(), buffer.getLong(), buffer.getLong());
    int[] nameEnd = ints(counts[0]);
    int[] place = ints(counts[0]);
    int[] octets = ints(counts[0]);
    int[] stored = ints(counts[0]);
    int[] headerEnd = ints(counts[0]);
    long[] modified = longs(counts[0]);
    byte[] bits = octets(counts[0]);
    List<Place> places = places(counts[2], counts[3]);
    int[] dotRows = ints(counts[4]);
    int[] dotEnd = ints(counts[4]);
    int[] dots = ints(counts[5]);
    Map<Integer, String> twins = twins(counts[6], counts[0]);
    Map<Integer, HugeSizes> huge = huge(counts[7], counts[0]);
    byte[] names = octets(counts[1]);
    check((int) crc.getValue() == expectedCrc, "wrong checksum");
    new IndexChecks(names, nameEnd, place, octets, stored, headerEnd, bits, places, twins, huge)
        .rows();
    IndexChecks.dots(dotRows, dotEnd, dots, stored);
    return new IndexContent(
        new MessageTable(
            names, nameEnd, place, octets, stored, headerEnd, modified, bits, dotRows, dotEnd, dots,
            twins, huge, places),
        fresh,
        cur);
  }

  private List<Place> places(int count, int suffixOctets) throws IOException {
    int[] pairs = ints(2 * count);
    byte[] suffixes = octets(suffixOctets);
    List<Place> places = new ArrayList<>(count);
    int from = 0;
    for (int i = 0; i < count; i++) {
      int length = pairs[2 * i + 1];
      check((pairs[2 * i] & ~1) == 0 && length >= 0 && length <= suffixes.length - from, "a place");
      byte[] suffix = Arrays.copyOfRange(suffixes, from, from + length);
      check(length == 0 || suffix[0] == ':', "a suffix without a colon");
      for (byte octet : suffix) {
        check(octet != '/' && octet != 0, "a path in a suffix");
      }
      places.add(new Place(pairs[2 * i] == 1, suffix));
      from += length;
    }
    check(from == suffixes.length, "stray suffixes");
    return places;
  }

  private Map<Integer, String> twins(int count, int rows) throws IOException {
    Map<Integer, String> twins = new HashMap<>();
    for (int i = 0; i < count; i++) {
      need(IndexFormat.TWIN_OCTETS);
      int row = buffer.getInt();
      byte[] id = new byte[IndexFormat.ID_OCTETS];
      buffer.get(id);
      int length = 0;
      while (length < id.length && id[length] != 0) {
        check(id[length] > 0x20 && id[length] < 0x7F, "an id of other octets");
        length++;
      }
      check(row >= 0 && row < rows && length > 0, "an id of no message");
      twins.put(row, new String(id, 0, length, StandardCharsets.US_ASCII));
    }
    return twins;
  }

  private Map<Integer, HugeSizes> huge(int count, int rows) throws IOException {
    Map<Integer, HugeSizes> huge = new HashMap<>();
    for (int i = 0; i < count; i++) {
      need(IndexFormat.HUGE_OCTETS);
      int row = buffer.getInt();
      HugeSizes sizes = new HugeSizes(buffer.getLong(), buffer.getLong(), buffer.getLong());
      check(
          row >= 0
              && row < rows
              && sizes.octets() >= 0
              && sizes.stored() >= 0
              && sizes.headerEnd() >= MessageTable.NO_HEADER_END
              && sizes.headerEnd() <= sizes.stored(),
          "a size that cannot be");
      huge.put(row, sizes);
    }
    return huge;
  }

  private int[] ints(int count) throws IOException {
    int[] values = new int[count];
    for (int done = 0; done < count; ) {
      need(Integer.BYTES);
      int n = Math.min(count - done, buffer.remaining() / Integer.BYTES);
      buffer.asIntBuffer().get(values, done, n);
      buffer.position(buffer.position() + n * Integer.BYTES);
      done += n;
    }
    return values;
  }

  private long[] longs(int count) throws IOException {
    long[] values = new long[count];
    for (int done = 0; done < count; ) {
      need(Long.BYTES);
      int n = Math.min(count - done, buffer.remaining() / Long.BYTES);
      buffer.asLongBuffer().get(values, done, n);
      buffer.position(buffer.position() + n * Long.BYTES);
      done += n;
    }
    return values;
  }

  private byte[] octets(int count) throws IOException {
    byte[] values = new byte[count];
    for (int done = 0; done < count; ) {
      need(1);
      int n = Math.min(count - done, buffer.remaining());
      buffer.get(values, done, n);
      done += n;
    }
    return values;
  }

  /** Makes sure that so many octets are in the buffer. */
  private void need(int octets) throws IOException {
    if (buffer.remaining() >= octets) {
      return;
    }
    buffer.compact();
    int before = buffer.position();
    while (buffer.position() < octets) {
      int n = channel.read(buffer, position);
      if (n < 0) {
        throw new BadIndexException("ends at " + position);
      }
      position += n;
    }
    boolean first = position == buffer.position();
    buffer.flip();
    if (!first) {
      crc.update(buffer.duplicate().position(before));
    }
  }
}

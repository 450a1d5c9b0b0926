// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Octets for the wire tests, what should become of them by the plainest means, and buffers. */
final class WireData {

  /** Every kind of memory that a buffer can have. */
  enum Memory {
    HEAP,
    DIRECT,
    HEAP_SLICE,
    DIRECT_SLICE,
    COMPOSITE,
    READ_ONLY
  }

  private static final String[] SOUP = {
    "\r", "\n", ".", "\r\n", "\r\n.", "\n.", ".\r\n", ".\r", "..", "a", "\0", "text", "é"
  };

  private WireData() {}

  static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String text(byte[] octets) {
    return new String(octets, StandardCharsets.ISO_8859_1);
  }

  /** CR, LF, dots and text in any order, with runs of every length that the code tells apart. */
  static byte[] soup(Random random) {
    StringBuilder soup = new StringBuilder();
    int tokens = random.nextInt(24);
    for (int i = 0; i < tokens; i++) {
      int kind = random.nextInt(100);
      if (kind < 80) {
        soup.append(SOUP[random.nextInt(SOUP.length)]);
      } else if (kind < 94) {
        soup.append("x".repeat(random.nextInt(80)));
      } else if (kind < 99) {
        denseLines(soup, random);
      } else {
        soup.append("y".repeat(3900 + random.nextInt(5000)));
      }
    }
    return octets(soup.toString());
  }

  private static void denseLines(StringBuilder soup, Random random) {
    int lines = random.nextInt(40);
    for (int i = 0; i < lines; i++) {
      soup.append("\r\n.").append("z".repeat(random.nextInt(24)));
      if (random.nextInt(12) == 0) {
        soup.append(SOUP[random.nextInt(SOUP.length)]);
      }
    }
  }

  /** Text without a bare LF, otherwise soup. */
  static byte[] crlfSoup(Random random) {
    return octets(text(soup(random)).replaceAll("(?<!\r)\n", "\r\n"));
  }

  /** The wire form by definition: line ends CRLF, first dots doubled, end of text, dot line. */
  static byte[] stuffed(byte[] stored, boolean insertCr) {
    String text = text(stored);
    if (insertCr) {
      text = text.replaceAll("(?<!\r)\n", "\r\n");
    }
    text = text.replace("\n.", "\n..");
    if (text.startsWith(".")) {
      text = "." + text;
    }
    if (!text.isEmpty() && !text.endsWith("\n")) {
      text += "\r\n";
    }
    return octets(text + ".\r\n");
  }

  /** The message by definition, line by line; {@code used} is -1 if the message does not end. */
  record Unstuffed(String message, int used) {}

  static Unstuffed unstuffed(byte[] wire, LineEnds lineEnds) {
    String lineEnd = lineEnds == LineEnds.CRLF ? "\r\n" : "\n";
    String text = text(wire);
    StringBuilder message = new StringBuilder();
    int at = 0;
    while (true) {
      int end = text.indexOf(lineEnd, at);
      String line = end < 0 ? text.substring(at) : text.substring(at, end + lineEnd.length());
      boolean whole = end >= 0;
      if (line.equals(".\r\n") || (line.equals(".\n") && lineEnds == LineEnds.CRLF_OR_LF)) {
        return new Unstuffed(message.toString(), at + line.length());
      }
      if (!whole && (line.equals(".") || line.equals(".\r"))) {
        return new Unstuffed(message.toString(), -1);
      }
      message.append(line.startsWith(".") ? line.substring(1) : line);
      if (!whole) {
        return new Unstuffed(message.toString(), -1);
      }
      at += line.length();
    }
  }

  static ByteBuf buffer(ByteBufAllocator allocator, Memory memory, byte[] octets) {
    int n = octets.length;
    switch (memory) {
      case HEAP:
        return allocator.heapBuffer(Math.max(n, 1)).writeBytes(octets);
      case DIRECT:
        return allocator.directBuffer(Math.max(n, 1)).writeBytes(octets);
      case HEAP_SLICE:
      case DIRECT_SLICE:
        ByteBuf whole =
            memory == Memory.HEAP_SLICE
                ? allocator.heapBuffer(n + 10)
                : allocator.directBuffer(n + 10);
        // What surrounds the slice would be noticed.
        whole.writeBytes(octets("\n.\r\n.")).writeBytes(octets).writeBytes(octets("\n.\r\n."));
        return whole.slice(5, n);
      case COMPOSITE:
        CompositeByteBuf composite = allocator.compositeBuffer();
        int half = n / 2;
        composite.addComponent(true, allocator.heapBuffer(half + 1).writeBytes(octets, 0, half));
        composite.addComponent(
            true, allocator.directBuffer(n - half + 1).writeBytes(octets, half, n - half));
        return composite;
      case READ_ONLY:
        return allocator.heapBuffer(Math.max(n, 1)).writeBytes(octets).asReadOnly();
    }
    throw new AssertionError(memory);
  }

  /** The octets in pieces of random sizes. */
  static List<byte[]> pieces(byte[] octets, Random random) {
    List<byte[]> pieces = new ArrayList<>();
    int max = random.nextInt(4) == 0 ? octets.length + 1 : 1 + random.nextInt(200);
    for (int at = 0; at < octets.length; ) {
      int length = Math.min(octets.length - at, random.nextInt(max + 1));
      pieces.add(Arrays.copyOfRange(octets, at, at + length));
      at += length;
    }
    return pieces;
  }

  /** Whole, octet by octet, and cut in two at every place. */
  static List<List<byte[]>> everyFragmentation(byte[] octets) {
    List<List<byte[]>> ways = new ArrayList<>();
    ways.add(List.of(octets));
    List<byte[]> single = new ArrayList<>();
    for (byte octet : octets) {
      single.add(new byte[] {octet});
    }
    ways.add(single);
    for (int cut = 1; cut < octets.length; cut++) {
      ways.add(
          List.of(
              Arrays.copyOfRange(octets, 0, cut), Arrays.copyOfRange(octets, cut, octets.length)));
    }
    return ways;
  }

  /** Collects and releases pieces; each must have octets. */
  static final class Collected implements BodySink {
    final ByteArrayOutputStream octets = new ByteArrayOutputStream();
    final List<Integer> pieceSizes = new ArrayList<>();

    @Override
    public void onBody(ByteBuf owned) {
      pieceSizes.add(owned.readableBytes());
      byte[] copy = new byte[owned.readableBytes()];
      owned.readBytes(copy);
      octets.writeBytes(copy);
      owned.release();
    }

    byte[] toByteArray() {
      return octets.toByteArray();
    }
  }
}

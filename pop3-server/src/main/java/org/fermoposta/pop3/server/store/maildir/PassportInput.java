// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** Reads a passport line by line through one buffer, and believes nothing. */
final class PassportInput {

  /** Receives the entries in order. What it made of them is void if reading fails. */
  interface Visitor {
    /**
     * One entry: an id and a base name, both in {@code octets}, valid during the call only. False
     * if there was one of the kind already.
     */
    boolean entry(byte[] octets, int idFrom, int idTo, int nameFrom, int nameTo);
  }

  /**
   * What a passport says of itself.
   *
   * @param checksum of all its entries
   */
  record Head(String source, String format, int checksum) {}

  private static final int BUFFER_OCTETS = 64 * 1024;
  private static final int MAX_ID_OCTETS = 70;

  private final FileChannel channel;
  private final byte[] octets = new byte[BUFFER_OCTETS];
  private final CRC32C crc = new CRC32C();
  private long bufferAt;
  private int start;
  private int limit;
  private int from;
  private int to;

  private PassportInput(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Reads all of it. Borrows the channel.
   *
   * @return what the passport says of itself
   * @throws BadPassportException if it is not a whole, right passport of this version
   * @throws IOException if it cannot be read
   */
  static Head read(FileChannel channel, Visitor visitor) throws IOException {
    return new PassportInput(channel).run(visitor);
  }

  private Head run(Visitor visitor) throws IOException {
    String version = value(PassportFormat.MAGIC, "not a passport");
    if (!version.equals(String.valueOf(PassportFormat.VERSION))) {
      throw bad("version " + version + " (expected: " + PassportFormat.VERSION + ")");
    }
    String source = value(PassportFormat.SOURCE, "no source");
    String format = value(PassportFormat.FORMAT, "no format");
    String counted = value(PassportFormat.COUNT, "no count");
    if (!counted.matches("[0-9]{1,9}")
        || !source.matches("[a-z0-9-]{1,32}")
        || !format.matches("[ -~]{1,200}")) {
      throw bad("a damaged head");
    }
    int count = Integer.parseInt(counted);
    if (count > Passport.MAX_ENTRIES) {
      throw bad(count + " messages (expected: at most " + Passport.MAX_ENTRIES + ")");
    }
    for (int i = 0; i < count; i++) {
      entry(visitor);
    }
    int due = (int) crc.getValue();
    if (!value(PassportFormat.CHECKSUM, "no checksum").equals(String.format("%08x", due))) {
      throw bad("wrong checksum");
    }
    if (start < limit || fill() > 0) {
      throw bad("something behind the checksum");
    }
    return new Head(source, format, due);
  }

  private void entry(Visitor visitor) throws IOException {
    nextLine();
    int blank = from;
    while (blank < to && octets[blank] != ' ') {
      if (octets[blank] < 0x21 || octets[blank] == 0x7F) {
        throw bad("an id of other octets");
      }
      blank++;
    }
    if (blank == from || blank == to || blank - from > MAX_ID_OCTETS) {
      throw bad("a line that is not: id, blank, file name");
    }
    int nameEnd = PassportFormat.unescape(octets, blank + 1, to);
    if (nameEnd < 0 || !Passport.isBaseName(octets, blank + 1, nameEnd)) {
      throw bad("a damaged file name");
    }
    if (!visitor.entry(octets, from, blank, blank + 1, nameEnd)) {
      throw bad("an id or a file name that was there before");
    }
  }

  private String value(String key, String otherwise) throws IOException {
    nextLine();
    String line = new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
    if (!line.startsWith(key + " ")) {
      throw bad(otherwise);
    }
    return line.substring(key.length() + 1);
  }

  /** Puts the next line, without its end, between {@code from} and {@code to}. */
  private void nextLine() throws IOException {
    int scan = start;
    while (true) {
      while (scan < limit && octets[scan] != '\n') {
        scan++;
      }
      if (scan < limit) {
        break;
      }
      if (limit - start > PassportFormat.MAX_LINE_OCTETS) {
        throw bad("a line without end");
      }
      int before = start;
      if (fill() == 0) {
        throw bad("cut short");
      }
      scan -= before - start;
    }
    from = start;
    to = scan;
    start = scan + 1;
    crc.update(octets, from, start - from);
  }

  private int fill() throws IOException {
    System.arraycopy(octets, start, octets, 0, limit - start);
    bufferAt += start;
    limit -= start;
    start = 0;
    int n = channel.read(ByteBuffer.wrap(octets, limit, octets.length - limit), bufferAt + limit);
    if (n <= 0) {
      return 0;
    }
    limit += n;
    return n;
  }

  private BadPassportException bad(String why) {
    return new BadPassportException(bufferAt + from, why);
  }
}

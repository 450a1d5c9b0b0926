// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.fermoposta.pop3.protocol.UniqueId;

/**
 * The unique-ids that another server gave to the messages of a Maildir, in the order of its message
 * numbers. Messages in it come first, in its order and with its ids; all others follow with ids of
 * our own. Base names and ids are distinct. Immutable.
 */
public final class Passport {

  /** The most entries there may be. */
  public static final int MAX_ENTRIES = 20_000_000;

  private static final int MAX_NAME_OCTETS = 255;

  private final String source;
  private final String format;
  private final byte[] octets;
  private final int[] ends;

  private Passport(String source, String format, byte[] octets, int[] ends) {
    this.source = source;
    this.format = format;
    this.octets = octets;
    this.ends = ends;
  }

  /**
   * An empty passport to be filled.
   *
   * @param source which kind of server gave the ids, 1 to 32 of {@code a-z0-9-}
   * @param format how it made them, in words or in its own notation; for people; 1 to 200 of 0x20
   *     to 0x7E
   * @throws IllegalArgumentException if one of them is of another form
   */
  public static Builder builder(String source, String format) {
    if (!source.matches("[a-z0-9-]{1,32}")) {
      throw new IllegalArgumentException(
          "source: \"" + source + "\" (expected: 1 to 32 of a-z, 0-9 and -)");
    }
    if (!format.matches("[ -~]{1,200}")) {
      throw new IllegalArgumentException(
          "format of " + format.length() + " characters (expected: 1 to 200 of 0x20 to 0x7E)");
    }
    return new Builder(source, format);
  }

  /** Whether a file name up to its first colon can stand in a passport. */
  static boolean isBaseName(byte[] octets, int from, int to) {
    if (from == to || to - from > MAX_NAME_OCTETS || octets[from] == '.') {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (octets[i] == ':' || octets[i] == '/' || octets[i] == 0) {
        return false;
      }
    }
    return true;
  }

  /** Which kind of server gave the ids. */
  public String source() {
    return source;
  }

  /** How that server made them. */
  public String format() {
    return format;
  }

  /** How many messages are in it. */
  public int count() {
    return ends.length / 2;
  }

  /**
   * The id of an entry, from 0.
   *
   * @throws IndexOutOfBoundsException unless {@code 0 <= index < count()}
   */
  public UniqueId uniqueId(int index) {
    int from = index == 0 ? 0 : ends[2 * index - 1];
    return UniqueId.of(new String(octets, from, ends[2 * index] - from, StandardCharsets.US_ASCII));
  }

  /**
   * The file name of an entry's message up to its first colon. Returns a copy.
   *
   * @throws IndexOutOfBoundsException unless {@code 0 <= index < count()}
   */
  public byte[] baseName(int index) {
    return Arrays.copyOfRange(octets, ends[2 * index], ends[2 * index + 1]);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Passport passport
        && source.equals(passport.source)
        && format.equals(passport.format)
        && Arrays.equals(octets, passport.octets)
        && Arrays.equals(ends, passport.ends);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(octets);
  }

  @Override
  public String toString() {
    return "Passport[" + source + " " + format + ", " + count() + " messages]";
  }

  /** Gathers a passport, in the order of the old server's numbers. Not thread-safe. */
  public static final class Builder {
    private final String source;
    private final String format;
    private final Set<ByteBuffer> names = new HashSet<>();
    private final Set<String> ids = new HashSet<>();
    private byte[] octets = new byte[4096];
    private int[] ends = new int[128];
    private int length;
    private int count;

    private Builder(String source, String format) {
      this.source = source;
      this.format = format;
    }

    /** Whether a message has this id already. */
    public boolean hasId(String id) {
      return ids.contains(id);
    }

    /** Whether a message of this name is in it already. */
    public boolean hasName(byte[] baseName) {
      return names.contains(ByteBuffer.wrap(baseName));
    }

    /**
     * Adds the next message.
     *
     * @param baseName its file name up to the first colon; copied
     * @return false, and it is not added, if its name or id is in the passport already
     * @throws IllegalArgumentException if the name is no base name, the id is not one that RFC 1939
     *     allows, or there are too many
     */
    public boolean add(byte[] baseName, UniqueId id) {
      if (!isBaseName(baseName, 0, baseName.length)) {
        throw new IllegalArgumentException(
            "base name of " + baseName.length + " octets (expected: 1 to 255, none of : / NUL)");
      }
      if (!id.isConformant()) {
        throw new IllegalArgumentException(
            "unique-id of " + id.value().length() + " octets (expected: 1 to 70 of 0x21 to 0x7E)");
      }
      if (count == MAX_ENTRIES) {
        throw new IllegalArgumentException("more than " + MAX_ENTRIES + " messages");
      }
      byte[] name = baseName.clone();
      if (hasId(id.value()) || hasName(name)) {
        return false;
      }
      names.add(ByteBuffer.wrap(name));
      ids.add(id.value());
      if (2 * count == ends.length) {
        ends = Arrays.copyOf(ends, 2 * ends.length);
      }
      append(id.value().getBytes(StandardCharsets.US_ASCII));
      ends[2 * count] = length;
      append(name);
      ends[2 * count + 1] = length;
      count++;
      return true;
    }

    private void append(byte[] more) {
      if (length + more.length > octets.length) {
        octets = Arrays.copyOf(octets, Math.max(length + more.length, octets.length * 2));
      }
      System.arraycopy(more, 0, octets, length, more.length);
      length += more.length;
    }

    /** The passport so far. */
    public Passport build() {
      return new Passport(
          source, format, Arrays.copyOf(octets, length), Arrays.copyOf(ends, 2 * count));
    }
  }
}

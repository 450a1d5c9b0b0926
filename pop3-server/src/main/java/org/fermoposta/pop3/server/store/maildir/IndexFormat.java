// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

/*
 * Layout, all numbers little-endian:
 *
 *   magic (8 octets), version (int), CRC32C of all that follows (int)
 *   messages, octets of names, places, octets of place suffixes, dot rows, dots, twins, huge (ints)
 *   stamps of new/ and of cur/ (3 longs each)
 *   columns: nameEnd, place, octets, stored, headerEnd (int), modified (long), bits (byte)
 *   places: directory (int) and suffix length (int) each; then all suffixes
 *   dotRows, dotEnd, dots (int)
 *   twins: row (int) and id (70 octets, filled up with zeros)
 *   huge: row (int), octets, stored, headerEnd (long)
 *   names
 *
 * The header gives the length of the file exactly, so that nothing is allocated for numbers that
 * the file is too short for.
 */
/** Sizes and marks of the index file. */
final class IndexFormat {

  static final long MAGIC = 0x0A58_4449_504F_5046L;
  static final int VERSION = 1;
  static final int CHECKED_FROM = 16;
  static final int HEADER_OCTETS = CHECKED_FROM + 8 * Integer.BYTES + 6 * Long.BYTES;
  static final int ROW_OCTETS = 5 * Integer.BYTES + Long.BYTES + 1;
  static final int PLACE_OCTETS = 2 * Integer.BYTES;
  static final int ID_OCTETS = 70;
  static final int TWIN_OCTETS = Integer.BYTES + ID_OCTETS;
  static final int HUGE_OCTETS = Integer.BYTES + 3 * Long.BYTES;

  private IndexFormat() {}

  /** Octets of a whole file with these counts, none of them negative. */
  static long fileOctets(
      long messages,
      long nameOctets,
      long places,
      long suffixOctets,
      long dotRows,
      long dots,
      long twins,
      long huge) {
    return HEADER_OCTETS
        + messages * ROW_OCTETS
        + nameOctets
        + places * PLACE_OCTETS
        + suffixOctets
        + (2 * dotRows + dots) * Integer.BYTES
        + twins * TWIN_OCTETS
        + huge * HUGE_OCTETS;
  }
}

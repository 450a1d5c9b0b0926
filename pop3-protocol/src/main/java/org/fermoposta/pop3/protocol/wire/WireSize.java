// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

/**
 * What one pass over a stored message tells of it as it will be on the wire; see {@link WireScan}.
 * Immutable. All offsets and counts are octets.
 */
public final class WireSize {

  private final long octets;
  private final long storedOctets;
  private final long bareLfs;
  private final long dotLines;
  private final long[] dotOffsets;
  private final long headerEnd;
  private final WireForm form;
  private final boolean ascii;

  WireSize(
      long octets,
      long storedOctets,
      long bareLfs,
      long dotLines,
      long[] ownedDotOffsets,
      long headerEnd,
      WireForm form,
      boolean ascii) {
    this.octets = octets;
    this.storedOctets = storedOctets;
    this.bareLfs = bareLfs;
    this.dotLines = dotLines;
    this.dotOffsets = ownedDotOffsets;
    this.headerEnd = headerEnd;
    this.form = form;
    this.ascii = ascii;
  }

  /**
   * The message's size as STAT and LIST tell it (RFC 1939 section 11; T10-T12, T17): every line end
   * is two octets, a missing last one is counted, doubled dots are not.
   */
  public long octets() {
    return octets;
  }

  /** The octets that were scanned. */
  public long storedOctets() {
    return storedOctets;
  }

  /**
   * What goes over the wire between status line and final dot line: the size and the extra dots.
   */
  public long stuffedOctets() {
    return octets + dotLines;
  }

  /** What has to be done to send it. */
  public WireForm form() {
    return form;
  }

  /** Whether no octet is beyond ASCII. */
  public boolean isAscii() {
    return ascii;
  }

  /** How many LFs lack their CR. */
  public long bareLfs() {
    return bareLfs;
  }

  /** How many lines begin with a dot. */
  public long dotLines() {
    return dotLines;
  }

  /**
   * How many of these lines' offsets were kept: all of them, or as many as the scan was told to.
   */
  public int keptDotOffsets() {
    return dotOffsets.length;
  }

  /**
   * The offset in the stored octets of the {@code index}th dot that begins a line, ascending.
   *
   * @throws IndexOutOfBoundsException unless {@code 0 <= index < keptDotOffsets()}
   */
  public long dotOffset(int index) {
    return dotOffsets[index];
  }

  /** Whether the stored text is not empty and its last line has no line end. */
  public boolean lacksLineEnd() {
    return octets - bareLfs != storedOctets;
  }

  /**
   * The offset in the stored octets of the first body octet, just behind the blank line; -1 if
   * there is no blank line.
   */
  public long headerEnd() {
    return headerEnd;
  }

  @Override
  public String toString() {
    return "WireSize[octets="
        + octets
        + ", storedOctets="
        + storedOctets
        + ", form="
        + form
        + ", bareLfs="
        + bareLfs
        + ", dotLines="
        + dotLines
        + ", headerEnd="
        + headerEnd
        + "]";
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.surrogate;

import org.fermoposta.pop3.protocol.wire.WireScan;

/** Whole lines in the place of others. Immutable. */
final class Patch {
  private final long from;
  private final long to;
  private final byte[] octets;
  private final long wireDelta;

  /**
   * Lines that stand where others did.
   *
   * @param from where the others begin in the stored message
   * @param before the others
   * @param octets kept, not copied, and not to be changed
   */
  Patch(long from, byte[] before, byte[] octets) {
    this.from = from;
    this.to = from + before.length;
    this.octets = octets;
    this.wireDelta = wire(octets) - wire(before);
  }

  private static long wire(byte[] lines) {
    WireScan scan = new WireScan(0);
    scan.update(lines, 0, lines.length);
    return scan.finish().octets();
  }

  /** The first stored octet that is replaced. */
  long from() {
    return from;
  }

  /** What stands there instead. Returns a view: not to be changed. */
  byte[] octets() {
    return octets;
  }

  /** How many octets more are stored. */
  long delta() {
    return octets.length - (to - from);
  }

  /** How many octets more go over the wire. */
  long wireDelta() {
    return wireDelta;
  }
}

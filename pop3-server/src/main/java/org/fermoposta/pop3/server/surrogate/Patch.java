// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.surrogate;

import org.fermoposta.pop3.protocol.wire.WireScan;

/**
 * Octets in the place of others.
 *
 * @param from the first stored octet that is replaced
 * @param to the one behind the last
 * @param octets what stands there instead; not to be changed
 * @param wireDelta how many octets more they are on the wire
 */
record Patch(long from, long to, byte[] octets, long wireDelta) {

  /** A patch of whole lines. */
  static Patch of(long from, byte[] before, byte[] octets) {
    return new Patch(from, from + before.length, octets, wire(octets) - wire(before));
  }

  private static long wire(byte[] lines) {
    WireScan scan = new WireScan(0);
    scan.update(lines, 0, lines.length);
    return scan.finish().octets();
  }

  /** How many octets more are stored. */
  long delta() {
    return octets.length - (to - from);
  }
}

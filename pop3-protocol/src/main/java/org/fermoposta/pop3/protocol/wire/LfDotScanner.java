// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import java.nio.ByteBuffer;

/**
 * Finds a line that begins with a dot: the two octets LF and {@code .}, the one thing that stuffing
 * and unstuffing look for.
 *
 * <p>Implementations are stateless and safe for use by any threads. A further one can be provided
 * through {@link java.util.ServiceLoader}; {@link LfDotScanners#best()} says which is in use.
 */
public interface LfDotScanner {

  /**
   * The index of the LF of the first "LF ." that lies wholly in {@code [from, to)}, or -1.
   *
   * @throws IndexOutOfBoundsException if the range is not within the array
   */
  int indexOf(byte[] octets, int from, int to);

  /**
   * The same in a buffer, by absolute indices. <b>Borrows</b> the buffer; neither its position nor
   * its limit nor its byte order matters or changes, except that {@code to} must be within the
   * limit.
   *
   * @throws IndexOutOfBoundsException if the range is not within the limit
   */
  int indexOf(ByteBuffer octets, int from, int to);

  /**
   * Whether this machine runs it well, asked once at start: false for one that needs what the
   * processor lacks. Where several say true, the highest {@link #rank()} is taken.
   */
  boolean isUsable();

  /** The higher, the faster: 0 for the one that is always there. */
  int rank();

  /** A short name for logs and benchmarks. */
  String name();
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

/**
 * The one pass that gives every LF its CR and doubles a line's first dot, eight octets at a time,
 * from array to array.
 */
final class LineEndExpansion {

  /** So many octets more than twice the input must be free in the output. */
  static final int SLACK = 16;

  private static final int WORD = 8;

  private LineEndExpansion() {}

  /**
   * Expands {@code [from, to)} into {@code out} from {@code at} on and returns the index behind
   * what was written.
   *
   * @param previous the octet before the first; LF at the start of a message
   * @param insertCr whether an LF without CR gets one; otherwise it stays as it is, and still a dot
   *     behind it is doubled
   */
  static int expand(
      byte[] in, int from, int to, byte[] out, int at, int previous, boolean insertCr) {
    int i = from;
    int o = at;
    if (i < to && previous == '\n' && in[i] == '.') {
      out[o++] = '.';
    }
    while (i <= to - WORD) {
      long word = (long) Words.LONG.get(in, i);
      Words.LONG.set(out, o, word);
      long lfs = Words.zeros(word ^ Words.LFS);
      if (lfs == 0) {
        i += WORD;
        o += WORD;
        continue;
      }
      int lf = Words.first(lfs);
      i += lf;
      o += lf;
      if (insertCr && (i > from ? in[i - 1] : previous) != '\r') {
        out[o++] = '\r';
      }
      out[o++] = '\n';
      i++;
      if (i < to && in[i] == '.') {
        out[o++] = '.';
      }
    }
    for (; i < to; i++) {
      byte octet = in[i];
      if (octet == '\n' && insertCr && (i > from ? in[i - 1] : previous) != '\r') {
        out[o++] = '\r';
      }
      out[o++] = octet;
      if (octet == '\n' && i + 1 < to && in[i + 1] == '.') {
        out[o++] = '.';
      }
    }
    return o;
  }
}

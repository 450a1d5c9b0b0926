// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.codec;

import org.fermoposta.pop3.protocol.wire.LineEnds;

/** What ends the lines of one server: as it was told, or as its first line shows. */
final class LineEndRule {
  private final boolean byFirstLine;
  private LineEnds current;
  private boolean decided;

  private LineEndRule(LineEnds current, boolean byFirstLine) {
    this.current = current;
    this.byFirstLine = byFirstLine;
    decided = !byFirstLine;
  }

  static LineEndRule of(LineEnds lineEnds) {
    return new LineEndRule(lineEnds, false);
  }

  static LineEndRule byFirstLine() {
    return new LineEndRule(LineEnds.CRLF_OR_LF, true);
  }

  /** The next line decides anew, unless the rule was told. */
  void forget() {
    if (byFirstLine) {
      current = LineEnds.CRLF_OR_LF;
      decided = false;
    }
  }

  /** Returns the rule for what follows. */
  LineEnds current() {
    return current;
  }

  boolean bareLfEnds() {
    return current == LineEnds.CRLF_OR_LF;
  }

  /** A line has ended. */
  void lineEnded(boolean withCr) {
    if (!decided) {
      decided = true;
      current = withCr ? LineEnds.CRLF : LineEnds.CRLF_OR_LF;
    }
  }
}

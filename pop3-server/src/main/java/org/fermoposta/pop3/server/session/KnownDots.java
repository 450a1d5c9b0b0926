// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import java.util.OptionalInt;
import org.fermoposta.pop3.protocol.wire.WireForm;
import org.fermoposta.pop3.server.maildrop.MessageBody;
import org.jspecify.annotations.Nullable;

/**
 * A stored message whose every LF has its CR and whose lines that begin with a dot are known, so
 * that it goes over the wire without being looked at (RFC 1939 section 3).
 */
/*
 * Pieces overlap by one octet: [start, dot] and then from the dot on again, so the dot doubles
 * itself. Where a range begins with such a dot, that first piece would be a single octet, and the
 * sink is asked for a dot of its own instead: one octet is not worth a system call.
 *
 * Nothing is carried from range to range, so ranges may be cut anywhere and come from the file by
 * turns with buffers.
 */
final class KnownDots {
  /** With more the pieces get short: then one pass over the octets is cheaper. */
  static final int MAX_LINES = 16;

  private final MessageBody body;
  private final int count;
  private int next;

  /** Takes the pieces of a range in order. */
  interface Sink {
    /** The stored octets from {@code from} to {@code to - 1}. */
    void piece(long from, long to);

    /** One dot. */
    void dot();
  }

  private KnownDots(MessageBody body, int count) {
    this.body = body;
    this.count = count;
  }

  /** What is known of a message; null if it has to be looked at on its way. */
  static @Nullable KnownDots of(MessageBody body) {
    if (body.form() == WireForm.READY) {
      return new KnownDots(body, 0);
    }
    OptionalInt lines = body.form() == WireForm.CRLF ? body.dotLines() : OptionalInt.empty();
    return lines.isPresent() && lines.getAsInt() <= MAX_LINES
        ? new KnownDots(body, lines.getAsInt())
        : null;
  }

  /**
   * Hands the stored octets from {@code from} to {@code to - 1} to the sink as they go over the
   * wire. Each range begins where the one before has ended or behind it.
   */
  void stuff(long from, long to, Sink sink) {
    long start = from;
    for (; next < count && body.dotOffset(next) < to; next++) {
      long dot = body.dotOffset(next);
      if (dot == start) {
        sink.dot();
      } else if (dot > start) {
        sink.piece(start, dot + 1);
        start = dot;
      }
    }
    if (start < to) {
      sink.piece(start, to);
    }
  }

  /** Whether a line that begins in this range, the next one to be handed on, begins with a dot. */
  boolean isDotted(long to) {
    return next < count && body.dotOffset(next) < to;
  }

  /** Whether the text's last line has no line end, so that CRLF belongs before the final dot. */
  boolean lacksLineEnd() {
    return body.octets() != body.storedOctets();
  }
}

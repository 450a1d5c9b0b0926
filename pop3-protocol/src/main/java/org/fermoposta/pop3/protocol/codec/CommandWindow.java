// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.codec;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Objects;
import org.fermoposta.pop3.protocol.ClientLine;
import org.fermoposta.pop3.protocol.CommandLineParser;
import org.fermoposta.pop3.protocol.MalformedLine;
import org.fermoposta.pop3.protocol.Pop3Command;
import org.fermoposta.pop3.protocol.Verb;
import org.jspecify.annotations.Nullable;

/**
 * The few hundred octets in which lines are found and parsed. What may be a secret is wiped once it
 * was handed on: the octets of PASS, APOP, AUTH, a SASL line and a line that is dropped.
 */
final class CommandWindow {
  private static final byte[] AUTH = {'A', 'U', 'T', 'H', ' '};

  private final CommandLineParser parser = new CommandLineParser();
  private final int maxLineOctets;
  private final byte[] octets;
  private int from;
  private int to;

  /** No LF at or behind {@code from} and before this. */
  private int searched;

  private boolean skipping;
  private boolean longInitialResponses;

  CommandWindow(int maxLineOctets) {
    this.maxLineOctets = maxLineOctets;
    // Twice the line, so that a burst of commands costs one copy for many of them.
    this.octets = new byte[2 * maxLineOctets + 2];
  }

  void utf8Arguments(boolean allowed) {
    parser.utf8Arguments(allowed);
  }

  void longInitialResponses(boolean allowed) {
    longInitialResponses = allowed;
  }

  boolean hasOctets() {
    return from < to || skipping;
  }

  int length() {
    return to - from;
  }

  void clear() {
    Arrays.fill(octets, from, to, (byte) 0);
    from = 0;
    to = 0;
    searched = 0;
    skipping = false;
  }

  void drainTo(ByteBuf out) {
    out.writeBytes(octets, from, to - from);
    clear();
  }

  /** Takes what fits; returns how much that was, at least 1. */
  int fill(ByteBuf in) {
    int oldTo = to;
    if (from > 0) {
      System.arraycopy(octets, from, octets, 0, to - from);
      to -= from;
      searched -= from;
      from = 0;
    }
    int length = Math.min(octets.length - to, in.readableBytes());
    in.readBytes(octets, to, length);
    to += length;
    if (to < oldTo) {
      // What was moved to the front may be the beginning of a secret.
      Arrays.fill(octets, to, oldTo, (byte) 0);
    }
    return length;
  }

  /**
   * Returns the next line; null if its CRLF is not here yet. Afterwards there is room to fill,
   * unless {@link #holdsLongAuth}.
   */
  @Nullable ClientLine nextCommand() {
    byte[] line = octets;
    if (searched == from && !skipping) {
      Pop3Command frequent = parser.parseFrequent(line, from, to);
      if (frequent != null) {
        from = parser.lineEnd();
        searched = from;
        return frequent;
      }
    }
    int end = to;
    for (int at = searched; at < end; at++) {
      if (line[at] == '\n' && at > from && line[at - 1] == '\r') {
        int start = from;
        boolean tooLong = at + 1 - start > maxLineOctets;
        if (tooLong && holdsLongAuth()) {
          return null;
        }
        from = at + 1;
        searched = from;
        if (skipping || tooLong) {
          skipping = false;
          Arrays.fill(line, start, from, (byte) 0);
          return MalformedLine.Problem.TOO_LONG.line();
        }
        return parse(line, start, at - 1);
      }
    }
    searched = end;
    if (holdsLongAuth()) {
      return null;
    }
    if (end - from >= maxLineOctets) {
      skipping = true;
    }
    if (skipping && end > from) {
      // Keep the last octet: it may be the CR of the CRLF that ends the skipping.
      Arrays.fill(line, from, end - 1, (byte) 0);
      from = end - 1;
    }
    return null;
  }

  /**
   * Returns whether the line that begins here, of which {@link #nextCommand} found no end within
   * the limit, is an AUTH that may be longer.
   */
  boolean holdsLongAuth() {
    if (!longInitialResponses || skipping || to - from < maxLineOctets) {
      return false;
    }
    for (int i = 0; i < AUTH.length; i++) {
      int octet = octets[from + i];
      if (octet != AUTH[i] && (octet != AUTH[i] + 0x20 || AUTH[i] == ' ')) {
        return false;
      }
    }
    return true;
  }

  /** Moves octets up to the next CRLF; returns whether it was found. */
  boolean moveLineTo(SaslLineReader reader) {
    int start = from;
    int at = start;
    boolean complete = false;
    while (at < to && !complete) {
      complete = reader.add(octets[at++]);
    }
    Arrays.fill(octets, start, at, (byte) 0);
    from = at;
    searched = at;
    return complete;
  }

  /** Returns what a line that begins the array says. */
  ClientLine parse(byte[] line, int length) {
    return parse(line, 0, length);
  }

  private ClientLine parse(byte[] line, int start, int end) {
    ClientLine parsed =
        parser.parse(line, start, end)
            ? parser.command(line)
            : Objects.requireNonNull(parser.problem()).line();
    Verb verb = parser.verb();
    if (verb == Verb.PASS || verb == Verb.AUTH || verb == Verb.APOP) {
      Arrays.fill(line, start, end, (byte) 0);
    }
    return parsed;
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.codec;

import java.util.Arrays;
import org.fermoposta.pop3.protocol.ClientLine;
import org.fermoposta.pop3.protocol.MalformedLine;

/**
 * Gathers one line of a SASL exchange, or one of AUTH with its initial response, which may be long;
 * exists only while one is awaited.
 */
final class SaslLineReader {
  private static final int FIRST_CAPACITY = 256;

  private final int maxLineOctets;
  private byte[] line = new byte[FIRST_CAPACITY];
  private int length;
  private boolean carriageReturn;
  private boolean tooLong;
  private boolean bareLineEnd;
  private boolean nul;

  SaslLineReader(int maxLineOctets) {
    this.maxLineOctets = maxLineOctets;
  }

  /** Returns whether octets of a line were taken whose end was not. */
  boolean hasBegun() {
    return length > 0 || carriageReturn || tooLong || bareLineEnd;
  }

  /** Takes an octet; returns whether it completed the line. */
  boolean add(byte octet) {
    if (octet == '\n' && carriageReturn) {
      return true;
    }
    bareLineEnd |= carriageReturn || octet == '\n';
    nul |= octet == 0;
    carriageReturn = octet == '\r';
    if (carriageReturn) {
      return false;
    }
    if (length + 2 >= maxLineOctets) {
      tooLong = true;
      return false;
    }
    if (length == line.length) {
      byte[] larger = Arrays.copyOf(line, Math.min(2 * length, maxLineOctets));
      Arrays.fill(line, (byte) 0);
      line = larger;
    }
    line[length++] = octet;
    return false;
  }

  /** What a line's octets, from the first on and without its CRLF, mean; they are borrowed. */
  interface Meaning {
    ClientLine of(byte[] line, int length);
  }

  /** Returns the completed line and wipes this copy of it. */
  ClientLine line(Meaning meaning) {
    try {
      if (tooLong) {
        return MalformedLine.Problem.TOO_LONG.line();
      }
      if (bareLineEnd) {
        return MalformedLine.Problem.BARE_LINE_END.line();
      }
      if (nul) {
        return MalformedLine.Problem.CONTROL.line();
      }
      return meaning.of(line, length);
    } finally {
      Arrays.fill(line, (byte) 0);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.UniqueId;

/** Prints replies. Every method borrows its buffer and moves the writerIndex. */
public final class ReplyWriter {
  private static final byte[] FINAL_DOT = {'.', '\r', '\n'};

  private ReplyWriter() {}

  /** Writes a status line. */
  public static void writeStatus(ByteBuf out, Pop3Reply reply) {
    out.writeBytes(reply.line());
  }

  /** Writes a line of LIST. */
  public static void writeSize(ByteBuf out, int messageNumber, long octets) {
    Decimals.write(out, messageNumber);
    out.writeByte(' ');
    Decimals.write(out, octets);
    crlf(out);
  }

  /**
   * Writes a line of LIST and returns the offset behind it: at most 32 octets.
   *
   * @throws IndexOutOfBoundsException if the array is too short
   */
  public static int writeSize(byte[] out, int at, int messageNumber, long octets) {
    int end = Decimals.write(out, at, messageNumber);
    out[end++] = ' ';
    return writeLineEnd(out, Decimals.write(out, end, octets));
  }

  /**
   * Writes what a line of UIDL has before the unique-id, and returns the offset behind it: at most
   * 11 octets.
   *
   * @throws IndexOutOfBoundsException if the array is too short
   */
  public static int writeNumber(byte[] out, int at, int messageNumber) {
    int end = Decimals.write(out, at, messageNumber);
    out[end++] = ' ';
    return end;
  }

  /** Writes CRLF and returns the offset behind it. */
  public static int writeLineEnd(byte[] out, int at) {
    out[at] = '\r';
    out[at + 1] = '\n';
    return at + 2;
  }

  /** Writes a line of UIDL. */
  public static void writeUniqueId(ByteBuf out, int messageNumber, UniqueId id) {
    Decimals.write(out, messageNumber);
    out.writeByte(' ');
    out.writeCharSequence(id.value(), StandardCharsets.ISO_8859_1);
    crlf(out);
  }

  /**
   * Writes a line of text within a multi-line reply, dot-stuffed.
   *
   * @throws IllegalArgumentException if the text holds CR or LF
   */
  public static void writeLine(ByteBuf out, String text) {
    if (text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("line: holds CR or LF (expected: one line)");
    }
    if (text.startsWith(".")) {
      out.writeByte('.');
    }
    ByteBufUtil.writeUtf8(out, text);
    crlf(out);
  }

  /** Writes the dot that ends a multi-line reply. */
  public static void writeFinalDot(ByteBuf out) {
    out.writeBytes(FINAL_DOT);
  }

  /** Writes a challenge of a SASL exchange: {@code +}, a blank, base64 (RFC 5034, section 4). */
  public static void writeChallenge(ByteBuf out, byte[] base64) {
    out.writeByte('+');
    out.writeByte(' ');
    out.writeBytes(base64);
    crlf(out);
  }

  private static void crlf(ByteBuf out) {
    out.writeShort(('\r' << 8) | '\n');
  }
}

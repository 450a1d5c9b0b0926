// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.codec;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** The messages and listings that all are measured on: generated, the same on every machine. */
enum Corpus {
  /** Typical text: 301 lines, about 15 KB, one line that begins with a dot. */
  TEXT15K,
  /** An attachment: 69,000 lines of 76 base64 characters. */
  B64_5M,
  /** Every one of 16,384 lines of 32 octets begins with a dot. */
  DOTS512K,
  /** 174,762 lines of one character. */
  TINY512K;

  static final int LISTING_LINES = 100_000;

  /** The message with CRLF line ends, as a store of ours holds it. */
  byte[] crlf() {
    Random random = new Random(42);
    StringBuilder text = new StringBuilder();
    switch (this) {
      case TEXT15K:
        header(text);
        for (int line = 12; line < 301; line++) {
          text.append(line == 150 ? ".signature" : words(random, 20 + random.nextInt(62)))
              .append("\r\n");
        }
        break;
      case B64_5M:
        header(text);
        for (int line = 0; line < 69_000; line++) {
          base64(text, random, 76);
          text.append("\r\n");
        }
        break;
      case DOTS512K:
        for (int line = 0; line < 16_384; line++) {
          text.append('.');
          base64(text, random, 29);
          text.append("\r\n");
        }
        break;
      case TINY512K:
        for (int line = 0; line < 174_762; line++) {
          text.append((char) ('a' + line % 26)).append("\r\n");
        }
        break;
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** The message with LF line ends, as a Maildir holds it. */
  byte[] lf() {
    return new String(crlf(), StandardCharsets.US_ASCII)
        .replace("\r\n", "\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** The message as RETR sends it, dots doubled, with the dot line that ends it. */
  byte[] wire() {
    byte[] crlf = crlf();
    ByteArrayOutputStream wire = new ByteArrayOutputStream(crlf.length + 32_768);
    boolean lineStart = true;
    for (byte octet : crlf) {
      if (lineStart && octet == '.') {
        wire.write('.');
      }
      wire.write(octet);
      lineStart = octet == '\n';
    }
    wire.writeBytes(".\r\n".getBytes(StandardCharsets.US_ASCII));
    return wire.toByteArray();
  }

  /** A LIST reply without its status line. */
  static byte[] list() {
    Random random = new Random(43);
    StringBuilder text = new StringBuilder();
    for (int n = 1; n <= LISTING_LINES; n++) {
      text.append(n).append(' ').append(900 + random.nextInt(200_000)).append("\r\n");
    }
    return text.append(".\r\n").toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** A UIDL reply without its status line: ids of 24 characters. */
  static byte[] uidl() {
    Random random = new Random(44);
    StringBuilder text = new StringBuilder();
    for (int n = 1; n <= LISTING_LINES; n++) {
      text.append(n).append(' ');
      base64(text, random, 24);
      text.append("\r\n");
    }
    return text.append(".\r\n").toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static void header(StringBuilder text) {
    for (int line = 0; line < 8; line++) {
      text.append("Received: from mx").append(line).append(".example.org by mail.example.com\r\n");
    }
    text.append("From: a@example.org\r\nTo: b@example.com\r\nSubject: Benchmark\r\n\r\n");
  }

  private static String words(Random random, int length) {
    StringBuilder line = new StringBuilder(length);
    while (line.length() < length) {
      line.append(
          line.length() > 0 && random.nextInt(6) == 0 ? ' ' : (char) ('a' + random.nextInt(26)));
    }
    return line.toString();
  }

  private static void base64(StringBuilder text, Random random, int length) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(64)));
    }
  }
}

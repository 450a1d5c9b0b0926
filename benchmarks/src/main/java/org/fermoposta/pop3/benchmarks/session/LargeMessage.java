// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.session;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A message of 25 MB that needs no change on its way, as one with a large attachment. */
final class LargeMessage {
  static final int OCTETS = 25_000_000;
  static final String USER = "big";

  private static final String HEAD = "Subject: 25 MB\r\n\r\n";
  private static final int LINE_OCTETS = 78;

  private LargeMessage() {}

  /** The octet at a position; what a client compares with. */
  static byte octet(int position) {
    if (position < HEAD.length()) {
      return (byte) HEAD.charAt(position);
    }
    if (position >= OCTETS - 2) {
      return (byte) (position == OCTETS - 2 ? '\r' : '\n');
    }
    int inLine = (position - HEAD.length()) % LINE_OCTETS;
    if (inLine >= LINE_OCTETS - 2) {
      return (byte) (inLine == LINE_OCTETS - 2 ? '\r' : '\n');
    }
    return (byte) ('A' + (position * 7 + position / LINE_OCTETS) % 26);
  }

  /** All of it and the final dot. */
  static byte[] onWire() {
    byte[] all = new byte[OCTETS + 3];
    for (int i = 0; i < OCTETS; i++) {
      all[i] = octet(i);
    }
    byte[] end = ".\r\n".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(end, 0, all, OCTETS, end.length);
    return all;
  }

  /** Puts it into the user's Maildir and returns the file. */
  static Path deliver(Path root) throws IOException {
    Path maildir = root.resolve(USER);
    for (String sub : new String[] {"new", "tmp", "cur"}) {
      Files.createDirectories(maildir.resolve(sub));
    }
    Path file = maildir.resolve("cur").resolve("1795574700.M1P1.mail.example.net:2,S");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      out.write(onWire(), 0, OCTETS);
    }
    return file;
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.CharBuffer;
import java.util.Arrays;
import org.fermoposta.pop3.protocol.Secret;

/** A password from a terminal, which does not show it, or from the first line of an input. */
final class PasswordInput {

  private static final int MAX_OCTETS = 1024;

  private PasswordInput() {}

  /**
   * Reads it.
   *
   * @throws IOException if there is none, or it is longer than 1024 octets
   */
  static Secret read(InputStream in) throws IOException {
    Console console = in.equals(System.in) ? System.console() : null;
    if (console != null && console.isTerminal()) {
      char[] typed = console.readPassword("Password: ");
      if (typed == null || typed.length == 0) {
        throw new IOException("no password");
      }
      try {
        return Secret.ofUtf8(CharBuffer.wrap(typed));
      } finally {
        Arrays.fill(typed, '\0');
      }
    }
    byte[] octets = new byte[MAX_OCTETS];
    int length = 0;
    try {
      for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
        if (length == MAX_OCTETS) {
          throw new IOException("password too long (expected: <= " + MAX_OCTETS + " octets)");
        }
        octets[length++] = (byte) c;
      }
      int end = length > 0 && octets[length - 1] == '\r' ? length - 1 : length;
      if (end == 0) {
        throw new IOException("no password (expected: one line)");
      }
      return Secret.copyOf(octets, 0, end);
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }
}

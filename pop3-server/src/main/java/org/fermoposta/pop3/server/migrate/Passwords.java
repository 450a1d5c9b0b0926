// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.migrate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.fermoposta.pop3.protocol.Secret;

/** Who logs in to a server with what. Immutable; {@code toString} shows no password. */
public final class Passwords {

  private static final long MAX_FILE_OCTETS = 64L << 20;

  private final Map<String, Secret> byUser;
  private final Optional<Secret> forAll;

  private Passwords(Map<String, Secret> byUser, Optional<Secret> forAll) {
    this.byUser = byUser;
    this.forAll = forAll;
  }

  /** One password, whoever logs in. */
  public static Passwords same(Secret password) {
    return new Passwords(Map.of(), Optional.of(password));
  }

  /**
   * The first line of a file, whoever logs in.
   *
   * @throws IOException if it cannot be read, or its first line is empty
   */
  public static Passwords firstLine(Path file) throws IOException {
    byte[] octets = octets(file);
    try {
      int end = end(octets, 0);
      if (end == 0) {
        throw new IOException(file + ": no password in the first line");
      }
      return same(Secret.copyOf(octets, 0, end));
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }

  /**
   * A file with a line {@code user:password} for each user; empty lines and those that begin with
   * {@code #} are passed over.
   *
   * @throws IOException if it cannot be read, or a line is of another form
   */
  public static Passwords users(Path file) throws IOException {
    Map<String, Secret> byUser = new HashMap<>();
    byte[] octets = octets(file);
    try {
      int line = 0;
      int from = 0;
      while (from < octets.length) {
        line++;
        int end = end(octets, from);
        if (end > from && octets[from] != '#') {
          int colon = from;
          while (colon < end && octets[colon] != ':') {
            colon++;
          }
          if (colon == from || colon + 1 >= end) {
            throw new IOException(file + ":" + line + ": not user:password (expected: that)");
          }
          byUser.put(
              new String(octets, from, colon - from, StandardCharsets.UTF_8),
              Secret.copyOf(octets, colon + 1, end));
        }
        from = end;
        while (from < octets.length && octets[from] != '\n') {
          from++;
        }
        from++;
      }
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
    return new Passwords(byUser, Optional.empty());
  }

  private static byte[] octets(Path file) throws IOException {
    if (Files.size(file) > MAX_FILE_OCTETS) {
      throw new IOException(file + ": " + Files.size(file) + " octets (expected: <= 64 MiB)");
    }
    return Files.readAllBytes(file);
  }

  private static int end(byte[] octets, int from) {
    int end = from;
    while (end < octets.length && octets[end] != '\n' && octets[end] != '\r') {
      end++;
    }
    return end;
  }

  /** A user's password. */
  Secret of(String user) throws MigrationException {
    Secret own = byUser.get(user);
    if (own != null) {
      return own;
    }
    return forAll.orElseThrow(() -> new MigrationException("no password of this user"));
  }

  @Override
  public String toString() {
    return "Passwords[" + byUser.size() + " users]";
  }
}

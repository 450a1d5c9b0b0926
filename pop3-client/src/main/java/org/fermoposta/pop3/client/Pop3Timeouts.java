// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import java.time.Duration;

/**
 * How long the phases of a connection may take; whichever is exceeded ends it with {@link
 * Pop3TimeoutException}. All are positive. Time in which a sink is busy does not count.
 *
 * @param connect name look-up and TCP connection, over all addresses; default 30 s
 * @param tlsHandshake from the first octet to the verified certificate; default 30 s
 * @param command from a command to the end of its status line, for the greeting too; default 60 s
 * @param idle silence within a listing or a message; default 60 s
 * @param quit from QUIT to its answer, while the server deletes; default 120 s
 */
public record Pop3Timeouts(
    Duration connect, Duration tlsHandshake, Duration command, Duration idle, Duration quit) {
  private static final Duration MAX = Duration.ofDays(1);

  /** The defaults. */
  public static final Pop3Timeouts DEFAULTS =
      new Pop3Timeouts(
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofSeconds(120));

  /**
   * @throws IllegalArgumentException if one is below 1 ms or above a day
   */
  public Pop3Timeouts {
    require("connect", connect);
    require("tlsHandshake", tlsHandshake);
    require("command", command);
    require("idle", idle);
    require("quit", quit);
  }

  /** Returns the same limit for every phase. */
  public static Pop3Timeouts all(Duration limit) {
    return new Pop3Timeouts(limit, limit, limit, limit, limit);
  }

  private static void require(String name, Duration limit) {
    if (limit.toMillis() < 1 || limit.compareTo(MAX) > 0) {
      throw new IllegalArgumentException(
          name + " timeout: " + limit + " (expected: 1 ms to 1 day)");
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

/** What became of the deletions when the session was quit (RFC 1939, section 6). */
public enum CommitResult {
  /** The server confirmed: what was marked is gone. */
  CONFIRMED,

  /** The server answered {@code -ERR}: some of what was marked may still be there. */
  REFUSED,

  /**
   * QUIT was sent but no answer came: ask for the unique-ids in the next session to learn what is
   * gone.
   */
  UNCERTAIN
}

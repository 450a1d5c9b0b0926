// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

/** A stored password. Immutable; shows neither salt nor hash in {@code toString}. */
interface PasswordHash {

  /**
   * Whether the password is the stored one. Takes the same time for any wrong password of one
   * length. Borrows the octets and may overwrite them.
   */
  boolean matches(byte[] password);

  /** Scheme and parameters: hashes of one cost take the same work. */
  String cost();

  /** What it serves mechanisms that do not show the password. */
  default StoredCredentials credentials() {
    return StoredCredentials.NONE;
  }
}

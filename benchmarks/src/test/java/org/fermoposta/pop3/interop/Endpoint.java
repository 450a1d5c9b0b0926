// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.nio.file.Path;

/**
 * Where a maildrop is read, and by whom.
 *
 * @param encryption what the peer has to insist on
 * @param authorities PEM file with what the peer has to check the server's certificate against
 */
record Endpoint(Encryption encryption, int port, String user, String password, Path authorities) {
  /** The certificates under test are for this name. */
  static final String HOST = "localhost";

  String port(String prefix) {
    return prefix + port;
  }
}

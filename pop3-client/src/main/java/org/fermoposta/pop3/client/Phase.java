// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import java.util.Locale;

/** What a connection is at, for exceptions. */
public enum Phase {
  /** Looking the host's name up and connecting to one of its addresses. */
  CONNECT,
  /** The TLS handshake, or STLS before it. */
  TLS,
  /** Waiting for the server's first line. */
  GREETING,
  /** CAPA. */
  CAPABILITIES,
  /** USER and PASS, or AUTH. */
  LOGIN,
  /** Any command within the session, up to its status line. */
  COMMAND,
  /** A listing behind its status line. */
  LISTING,
  /** A message behind its status line. */
  BODY,
  /** QUIT. */
  QUIT;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

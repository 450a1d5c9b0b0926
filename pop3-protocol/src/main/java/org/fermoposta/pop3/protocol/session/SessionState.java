// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.session;

/** The states of a session (RFC 1939, section 3), AUTHORIZATION split into its steps. */
public enum SessionState {
  /** Before login. */
  AUTHORIZATION,
  /** Before login, right behind a USER: the next command must be PASS. */
  PASSWORD_EXPECTED,
  /** Within AUTH: what the client sends are the mechanism's lines, not commands. */
  SASL_EXCHANGE,
  /** Logged in; the maildrop is open. */
  TRANSACTION,
  /** QUIT was received after login; the marked messages are being deleted. */
  UPDATE,
  /** Over; nothing more is read. */
  CLOSED
}

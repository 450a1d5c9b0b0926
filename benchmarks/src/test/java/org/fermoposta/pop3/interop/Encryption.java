// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

/** How a peer has to protect a connection. */
enum Encryption {
  /** Not at all. */
  CLEAR,
  /** By STLS (RFC 2595), and not go on without. */
  STLS,
  /** TLS from the first octet (RFC 8314). */
  TLS
}

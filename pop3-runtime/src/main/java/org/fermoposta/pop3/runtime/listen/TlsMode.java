// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

/** How TLS comes to a connection of a listener. */
public enum TlsMode {
  /** Never. */
  NONE,
  /** In clear first; the client may ask for it by STLS (RFC 2595 section 4). */
  STLS,
  /** From the first octet (RFC 8314 section 3). */
  IMPLICIT
}

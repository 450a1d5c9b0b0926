// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

/** What ends a line that the peer sent (RFC 1939 section 3 knows CRLF only). */
public enum LineEnds {
  /** CRLF only; in a message a bare LF is data, in a listing it is an error. The default. */
  CRLF,

  /**
   * CRLF or a bare LF, for servers that send Unix text. In a message line ends are handed on as
   * they came. Unsafe where somebody else sees the same octets by the strict rule: then a message
   * that holds {@code LF . LF} ends early here.
   */
  CRLF_OR_LF
}

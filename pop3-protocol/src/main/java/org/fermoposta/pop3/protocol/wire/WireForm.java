// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

/**
 * What a stored message needs on its way to the wire, found by {@link WireScan} and used by {@link
 * DotStuffer}. The order is that of the work.
 */
public enum WireForm {
  /**
   * Nothing: every LF has its CR, no line begins with a dot, and the text is empty or ends with
   * CRLF. Its octets followed by {@code .CRLF} are the body of the reply.
   */
  READY,

  /** Every LF has its CR: dots may have to be doubled and a last CRLF to be added. */
  CRLF,

  /** Bare LFs, alone or among CRLFs: each gets a CR; dots and the end as in {@link #CRLF}. */
  LF
}

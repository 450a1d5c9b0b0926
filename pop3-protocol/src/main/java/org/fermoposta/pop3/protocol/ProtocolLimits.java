// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol;

/** Sizes that the RFCs fix, in octets. */
public final class ProtocolLimits {
  /** The longest command line, CRLF included: RFC 2449, section 4. */
  public static final int MAX_COMMAND_LINE_OCTETS = 255;

  /**
   * The longest status line and the longest capability line, CRLF included: RFC 2449, section 4.
   */
  public static final int MAX_REPLY_LINE_OCTETS = 512;

  /** The longest unique-id: RFC 1939, section 7, UIDL. */
  public static final int MAX_UNIQUE_ID_OCTETS = 70;

  /**
   * The longest line of a SASL exchange that a server reads unless told otherwise, CRLF included.
   * RFC 5034, section 4 sets no limit; OAuth tokens with many claims reach tens of KiB.
   */
  public static final int DEFAULT_MAX_SASL_LINE_OCTETS = 128 * 1024;

  private ProtocolLimits() {}
}

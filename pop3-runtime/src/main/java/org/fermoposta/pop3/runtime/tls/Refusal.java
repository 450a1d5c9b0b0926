// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import javax.net.ssl.SSLHandshakeException;

/** A ClientHello that is answered with an alert of ours before an engine sees it. */
final class Refusal extends SSLHandshakeException {
  private static final long serialVersionUID = 1L;

  static final int UNRECOGNIZED_NAME = 112;
  static final int NO_APPLICATION_PROTOCOL = 120;

  private final int alert;

  Refusal(int alert, String reason) {
    super(reason);
    this.alert = alert;
  }

  /** The record to send (RFC 8446 section 6): a fatal alert. */
  byte[] octets() {
    return new byte[] {21, 3, 3, 0, 2, 2, (byte) alert};
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

/** When TLS begins. With TLS the host's name is always checked against its certificate. */
public enum TlsMode {
  /** TLS before the greeting (RFC 8314, section 3.3); port 995. The default. */
  IMPLICIT(995),

  /** TLS by STLS before any credential (RFC 2595, section 4), or no session; port 110. */
  STLS_REQUIRED(110),

  /**
   * TLS by STLS if the server offers it, and then it must succeed; port 110. Whoever can alter the
   * connection can take the offer out, so this protects only from the second time on: a server that
   * the {@link ServerMemory} knows to have secured a connection must do so again. Without TLS
   * passwords in clear are still refused unless allowed.
   */
  STLS_IF_AVAILABLE(110),

  /** No TLS; port 110. */
  PLAINTEXT(110);

  private final int defaultPort;

  TlsMode(int defaultPort) {
    this.defaultPort = defaultPort;
  }

  /** Returns the registered port. */
  public int defaultPort() {
    return defaultPort;
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * How a connection is secured, for users to see (RFC 8314, section 5).
 *
 * @param protocol {@code TLSv1.3} or {@code TLSv1.2}
 * @param cipherSuite by its IANA name
 * @param byStls whether TLS began with STLS, not at once
 * @param pinned whether the server's key is one that was pinned
 * @param certificates the server's, its own first; never empty
 */
public record TlsInfo(
    String protocol,
    String cipherSuite,
    boolean byStls,
    boolean pinned,
    List<X509Certificate> certificates) {
  public TlsInfo {
    certificates = List.copyOf(certificates);
  }

  @Override
  public String toString() {
    return "TlsInfo[" + protocol + ", " + cipherSuite + (pinned ? ", pinned]" : "]");
  }
}

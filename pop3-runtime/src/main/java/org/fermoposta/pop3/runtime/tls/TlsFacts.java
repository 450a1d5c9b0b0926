// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * What was negotiated on a connection.
 *
 * @param version such as {@code TLSv1.3}
 * @param cipher the cipher suite's name
 * @param clientCertificate the client's own, verified against the configured authorities; empty if
 *     it showed none
 */
public record TlsFacts(String version, String cipher, Optional<X509Certificate> clientCertificate) {

  /** The facts of a channel whose handshake is over; empty without TLS. */
  public static Optional<TlsFacts> of(Channel channel) {
    SslHandler handler = channel.pipeline().get(SslHandler.class);
    if (handler == null) {
      return Optional.empty();
    }
    SSLSession session = handler.engine().getSession();
    return Optional.of(
        new TlsFacts(session.getProtocol(), session.getCipherSuite(), client(session)));
  }

  private static Optional<X509Certificate> client(SSLSession session) {
    try {
      Certificate[] chain = session.getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate own
          ? Optional.of(own)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException none) {
      return Optional.empty();
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** TLS as a client: 1.2 or 1.3, ALPN {@code pop3}, host name checked. */
final class TlsContexts {
  private TlsContexts() {}

  /** Reading the system's certificates takes a while, so it is done once. Blocks. */
  static SslContext trusting(List<X509Certificate> certificates) throws SSLException {
    return certificates.isEmpty() ? SystemTrust.context() : build(certificates);
  }

  private static SslContext build(List<X509Certificate> certificates) throws SSLException {
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3", "TLSv1.2")
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    "pop3"))
            .endpointIdentificationAlgorithm("HTTPS");
    if (!certificates.isEmpty()) {
      builder.trustManager(certificates);
    }
    return builder.build();
  }

  private static final class SystemTrust {
    private static @Nullable SslContext built;

    private SystemTrust() {}

    static synchronized SslContext context() throws SSLException {
      SslContext context = built;
      if (context == null) {
        context = build(List.of());
        built = context;
      }
      return context;
    }
  }
}

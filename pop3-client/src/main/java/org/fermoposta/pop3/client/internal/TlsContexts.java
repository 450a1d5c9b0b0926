// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.WeakHashMap;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.fermoposta.pop3.client.ClientCertificate;
import org.fermoposta.pop3.client.Pop3ClientConfig;
import org.fermoposta.pop3.client.TlsTrust;
import org.jspecify.annotations.Nullable;

// Design note. A context lives as long as the configuration it was made for, so that connections
// resume the TLS sessions of earlier ones; all configurations without own trust and certificate
// share one. Reading the system's certificates takes a while and is done once.

/** TLS as a client: 1.2 or 1.3, ALPN {@code pop3}. May block. */
final class TlsContexts {
  private static final Map<Pop3ClientConfig, SslContext> OWN = new WeakHashMap<>();
  private static @Nullable X509TrustManager system;
  private static @Nullable SslContext usual;

  private TlsContexts() {}

  static synchronized SslContext of(Pop3ClientConfig config) throws SSLException {
    TlsTrust trust = config.trust();
    Optional<ClientCertificate> certificate = config.clientCertificate();
    if (trust.equals(TlsTrust.system()) && certificate.isEmpty()) {
      SslContext context = usual == null ? build(trust, certificate) : usual;
      usual = context;
      return context;
    }
    SslContext known = OWN.get(config);
    SslContext context = known == null ? build(trust, certificate) : known;
    OWN.put(config, context);
    return context;
  }

  private static SslContext build(TlsTrust trust, Optional<ClientCertificate> certificate)
      throws SSLException {
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
            // ServerTrust checks the name.
            .endpointIdentificationAlgorithm(null)
            .trustManager(new ServerTrust(trust, vouching(trust)));
    certificate.ifPresent(
        own -> builder.keyManager(own.key(), own.chain().toArray(new X509Certificate[0])));
    return builder.build();
  }

  private static X509TrustManager vouching(TlsTrust trust) throws SSLException {
    try {
      if (trust.manager().isPresent()) {
        return trust.manager().get();
      } else if (!trust.certificates().isEmpty()) {
        return managerOf(keyStore(trust.certificates()));
      }
      X509TrustManager known = system == null ? managerOf(null) : system;
      system = known;
      return known;
    } catch (GeneralSecurityException | IOException unusable) {
      throw new SSLException("trusted certificates: " + unusable.getMessage(), unusable);
    }
  }

  private static KeyStore keyStore(List<X509Certificate> certificates)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (int i = 0; i < certificates.size(); i++) {
      store.setCertificateEntry(String.valueOf(i), certificates.get(i));
    }
    return store;
  }

  private static X509TrustManager managerOf(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager usable) {
        return usable;
      }
    }
    throw new IllegalStateException(
        "no X509TrustManager from " + Objects.requireNonNull(factory.getAlgorithm()));
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.fermoposta.pop3.client.KeyPin;
import org.fermoposta.pop3.client.TlsTrust;

/** Decides within the handshake, so that nothing is sent to a server that is not believed. */
final class ServerTrust extends X509ExtendedTrustManager {
  private final TlsTrust trust;
  private final X509TrustManager vouching;

  ServerTrust(TlsTrust trust, X509TrustManager vouching) {
    this.trust = trust;
    this.vouching = vouching;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String keyExchange, SSLEngine engine)
      throws CertificateException {
    X509Certificate certificate = chain[0];
    if (!trust.pinsAlone()) {
      if (vouching instanceof X509ExtendedTrustManager extended) {
        extended.checkServerTrusted(chain, keyExchange, engine);
      } else {
        vouching.checkServerTrusted(chain, keyExchange);
      }
      // The JDK does not look at the dates where that very certificate is trusted.
      certificate.checkValidity();
      CertificateNames.check(certificate, engine.getPeerHost(), trust.domain());
    }
    KeyPin pin = KeyPin.of(certificate);
    if (!trust.pins().isEmpty() && !trust.pins().contains(pin)) {
      throw new CertificateException(
          "the server's key is " + pin + " (expected: one of " + trust.pins() + ")");
    }
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return vouching.getAcceptedIssuers();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String keyExchange, Socket socket)
      throws CertificateException {
    throw new CertificateException("no engine, so no host name (expected: an SSLEngine)");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String keyExchange)
      throws CertificateException {
    throw new CertificateException("no engine, so no host name (expected: an SSLEngine)");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String keyExchange, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("this is the client's side");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String keyExchange, Socket socket)
      throws CertificateException {
    throw new CertificateException("this is the client's side");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String keyExchange)
      throws CertificateException {
    throw new CertificateException("this is the client's side");
  }
}

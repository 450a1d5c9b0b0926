// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the contexts of certificates, all with the same clients' trust and ticket keys.
 *
 * <p>Contexts share ticket keys, but each has a session id context of its own, derived from its
 * certificate and from which clients' certificates it trusts: a session is resumed only where the
 * handshake would have ended alike, also on another node. That keeps a session that was made
 * without a client certificate out of a context that demands one, and {@code tls-server-end-point}
 * true on resumed sessions.
 *
 * @param engine which engine
 * @param trust of clients' certificates; null: they are not asked for one
 * @param tickets the keys of session tickets
 */
record TlsContexts(TlsEngine engine, @Nullable ClientTrust trust, TicketKeys tickets) {
  private static final int CACHED_SESSIONS = 2048;

  /**
   * A context.
   *
   * @param old whether it also speaks TLS 1.0 and 1.1
   * @param staples whether engines will be given OCSP responses
   * @throws TlsException if the engine refuses the material
   */
  SslContext build(KeyMaterial material, boolean old, boolean staples) {
    try {
      SslContextBuilder builder =
          TlsPolicy.apply(SslContextBuilder.forServer(material.key(), material.chain()), engine);
      if (old) {
        TlsPolicy.admitOld(builder);
      }
      if (trust != null) {
        builder
            .trustManager(trust.trustManagers())
            .clientAuth(trust.required() ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
      }
      if (staples && TlsPolicy.isOpenSsl(engine)) {
        builder.enableOcsp(true);
      }
      builder.sessionCacheSize(CACHED_SESSIONS).sessionTimeout(tickets.lifetime().toSeconds());
      SslContext context = builder.build();
      if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
        sessions.setSessionIdContext(sessionIdContext(material.certificate()));
      }
      tickets.apply(context);
      return context;
    } catch (SSLException | IllegalArgumentException e) {
      throw new TlsException("cannot set up TLS with " + material + ": " + e.getMessage(), e);
    }
  }

  /** A context that proves to an ACME server who we are (RFC 8737). */
  SslContext challenge(KeyMaterial material) {
    try {
      return TlsPolicy.challenge(
              SslContextBuilder.forServer(material.key(), material.chain()), engine)
          .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new TlsException("cannot set up TLS with " + material + ": " + e.getMessage(), e);
    }
  }

  private byte[] sessionIdContext(X509Certificate certificate) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(certificate.getEncoded());
      if (trust != null) {
        digest.update(trust.fingerprint());
      }
      return digest.digest(); // 32 octets are what fits.
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-256 of a certificate", e);
    }
  }
}

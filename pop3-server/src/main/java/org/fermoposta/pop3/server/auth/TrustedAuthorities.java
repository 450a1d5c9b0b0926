// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS towards back ends: whom to trust. */
public final class TrustedAuthorities {

  private TrustedAuthorities() {}

  /**
   * Trusts the authorities of a file. Blocks on it.
   *
   * @param file PEM; null for the authorities the JDK trusts
   * @throws IllegalArgumentException if the file cannot be used
   */
  public static SSLContext context(@Nullable Path file) {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(file == null ? null : store(file));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "file " + file + ": " + e.getMessage() + " (expected: PEM certificates)", e);
    }
  }

  private static KeyStore store(Path file) throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority" + count++, each);
      }
      if (count == 0) {
        throw new IllegalArgumentException(
            "file " + file + ": no certificate (expected: PEM, one or more)");
      }
      return store;
    }
  }
}

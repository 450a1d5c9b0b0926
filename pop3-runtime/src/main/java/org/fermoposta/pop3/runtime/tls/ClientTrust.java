// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CRL;
import java.security.cert.CRLException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Which certificates of clients are good. Immutable. */
final class ClientTrust {
  private static final long MAX_CRL_BYTES = 64L << 20;

  private final TrustManagerFactory trustManagers;
  private final boolean required;
  private final byte[] fingerprint;

  private ClientTrust(TrustManagerFactory trustManagers, boolean required, byte[] fingerprint) {
    this.trustManagers = trustManagers;
    this.required = required;
    this.fingerprint = fingerprint;
  }

  /**
   * Reads authorities and revocation lists as configured; null if clients are not asked. Blocks.
   *
   * @throws TlsException if a file is missing, broken or empty
   */
  static @Nullable ClientTrust load(TlsSettings settings) {
    Path authorities = settings.clientCa();
    if (authorities == null) {
      return null;
    }
    boolean required = settings.clientCertificates() == ClientCertificates.REQUIRED;
    List<X509Certificate> roots = KeyMaterial.certificates(authorities);
    Path lists = settings.clientCrl();
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((byte) (required ? 1 : 0));
      for (X509Certificate root : roots) {
        digest.update(root.getEncoded());
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      if (lists == null) {
        factory.init(store(roots));
      } else {
        Collection<? extends CRL> revoked = lists(lists);
        for (CRL list : revoked) {
          if (list instanceof java.security.cert.X509CRL x509) {
            digest.update(x509.getEncoded());
          }
        }
        factory.init(revocation(roots, revoked));
      }
      return new ClientTrust(factory, required, digest.digest());
    } catch (GeneralSecurityException | IOException e) {
      throw TlsException.at(authorities, 0, "cannot be used: " + e.getMessage(), e);
    }
  }

  TrustManagerFactory trustManagers() {
    return trustManagers;
  }

  boolean required() {
    return required;
  }

  /** Tells one trust from another. */
  byte[] fingerprint() {
    return fingerprint.clone();
  }

  private static KeyStore store(List<X509Certificate> roots)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (int i = 0; i < roots.size(); i++) {
      store.setCertificateEntry("client-ca-" + i, roots.get(i));
    }
    return store;
  }

  private static CertPathTrustManagerParameters revocation(
      List<X509Certificate> roots, Collection<? extends CRL> lists)
      throws GeneralSecurityException {
    Set<TrustAnchor> anchors =
        roots.stream().map(root -> new TrustAnchor(root, null)).collect(Collectors.toSet());
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
    PKIXRevocationChecker checker =
        (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
    // Lists only: a handshake must not wait for somebody's OCSP responder.
    checker.setOptions(
        EnumSet.of(
            PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
    parameters.addCertPathChecker(checker);
    return new CertPathTrustManagerParameters(parameters);
  }

  private static Collection<? extends CRL> lists(Path file) throws CertificateException {
    try {
      if (Files.size(file) > MAX_CRL_BYTES) {
        throw TlsException.at(file, 0, "too large for revocation lists (expected: <= 64MiB)", null);
      }
      try (InputStream in = Files.newInputStream(file)) {
        Collection<? extends CRL> lists = CertificateFactory.getInstance("X.509").generateCRLs(in);
        if (lists.isEmpty()) {
          throw TlsException.at(file, 0, "no list in it (expected: BEGIN X509 CRL)", null);
        }
        return lists;
      }
    } catch (NoSuchFileException e) {
      throw TlsException.at(file, 0, "no such file", e);
    } catch (CRLException | IOException e) {
      throw TlsException.at(file, 0, "broken revocation list: " + e.getMessage(), e);
    }
  }
}

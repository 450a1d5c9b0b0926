// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Which certificates of a server are believed. Unless keys are {@linkplain #pinnedAlone pinned
 * alone} a certificate must be vouched for, be valid now, and be for the host (RFC 7817, section
 * 3): a DNS name or address in its subjectAltName, a wildcard for the whole left-most label only,
 * never the common name (RFC 9525, section 2). Immutable; connections with the same instance resume
 * each other's TLS sessions.
 */
public final class TlsTrust {
  private static final TlsTrust SYSTEM =
      new TlsTrust(List.of(), null, Set.of(), false, Optional.empty());

  private final List<X509Certificate> certificates;
  private final @Nullable X509TrustManager manager;
  private final Set<KeyPin> pins;
  private final boolean pinsAlone;
  private final Optional<String> domain;

  private TlsTrust(
      List<X509Certificate> certificates,
      @Nullable X509TrustManager manager,
      Set<KeyPin> pins,
      boolean pinsAlone,
      Optional<String> domain) {
    this.certificates = certificates;
    this.manager = manager;
    this.pins = pins;
    this.pinsAlone = pinsAlone;
    this.domain = domain;
  }

  /** Returns trust in whom the system trusts; the default. */
  public static TlsTrust system() {
    return SYSTEM;
  }

  /**
   * Returns trust in these certificates, and in those that they signed, instead of the system's.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static TlsTrust certificates(Collection<X509Certificate> certificates) {
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("trusted certificates: none (expected: one or more)");
    }
    return new TlsTrust(List.copyOf(certificates), null, Set.of(), false, Optional.empty());
  }

  /**
   * As {@link #certificates(Collection)}, from a file that is read at once.
   *
   * @param pem a file with one or more certificates in PEM
   * @throws IOException if it cannot be read or holds no certificate
   */
  public static TlsTrust certificates(Path pem) throws IOException {
    try (InputStream in = Files.newInputStream(pem)) {
      List<X509Certificate> all =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (all.isEmpty()) {
        throw new IOException(pem + ": no certificates (expected: one or more in PEM)");
      }
      return certificates(all);
    } catch (CertificateException malformed) {
      throw new IOException(pem + ": no certificates in PEM", malformed);
    }
  }

  /** Returns trust in what a manager vouches for; host names are checked all the same. */
  public static TlsTrust manager(X509TrustManager manager) {
    return new TlsTrust(List.of(), manager, Set.of(), false, Optional.empty());
  }

  /**
   * Returns trust in these keys whoever vouches for them: the certificate's names, dates and issuer
   * do not count. For a server with a certificate of its own making, once its user has compared the
   * key; or for an application that looked up {@code TLSA 3 1 1} records with DNSSEC (RFC 7671,
   * section 5.1).
   *
   * @throws IllegalArgumentException if there is none
   */
  public static TlsTrust pinnedAlone(Collection<KeyPin> keys) {
    return new TlsTrust(List.of(), null, required(keys), true, Optional.empty());
  }

  /**
   * Returns this trust, but only if the server's key is one of these as well. Keep a spare key in
   * the list: a server that changes its key is not reached any more.
   *
   * @throws IllegalArgumentException if there is none
   */
  public TlsTrust pinned(Collection<KeyPin> keys) {
    return new TlsTrust(certificates, manager, required(keys), pinsAlone, domain);
  }

  /**
   * Returns this trust, with certificates for a mail domain accepted beside those for the host: by
   * its name, or by the SRV name {@code _pop3s} or {@code _pop3} of it (RFC 6186, section 6). For
   * hosts that an insecure DNS look-up of that domain gave.
   *
   * @param mailDomain what stands behind the at sign
   */
  public TlsTrust forDomain(String mailDomain) {
    String ascii = Pop3ClientConfig.asciiHost(mailDomain);
    return new TlsTrust(certificates, manager, pins, pinsAlone, Optional.of(ascii));
  }

  /** Returns the certificates trusted instead of the system's; empty for none. */
  public List<X509Certificate> certificates() {
    return certificates;
  }

  /** Returns the manager that vouches, if one was given. */
  public Optional<X509TrustManager> manager() {
    return Optional.ofNullable(manager);
  }

  /** Returns the keys of which the server must have one; empty for any. */
  public Set<KeyPin> pins() {
    return pins;
  }

  /** Returns whether the key is all that counts. */
  public boolean pinsAlone() {
    return pinsAlone;
  }

  /** Returns the mail domain whose certificates are accepted too. */
  public Optional<String> domain() {
    return domain;
  }

  private static Set<KeyPin> required(Collection<KeyPin> keys) {
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("pinned keys: none (expected: one or more)");
    }
    return Set.copyOf(keys);
  }
}

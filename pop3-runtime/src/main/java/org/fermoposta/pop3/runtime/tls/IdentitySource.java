// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.fermoposta.pop3.protocol.Secret;
import org.jspecify.annotations.Nullable;

/** Where a server's certificates come from. Used by one thread at a time. */
final class IdentitySource {
  private static final Clock CLOCK = Clock.systemUTC();

  private final @Nullable TlsSettings settings;
  private final @Nullable KeyMaterial fixed;
  private final TlsEngine engine;
  private final TicketKeys tickets;

  private IdentitySource(
      @Nullable TlsSettings settings, @Nullable KeyMaterial fixed, TlsEngine engine) {
    this.settings = settings;
    this.fixed = fixed;
    this.engine = engine;
    this.tickets =
        new TicketKeys(
            settings == null ? TicketSettings.defaults() : settings.tickets(), System::nanoTime);
  }

  static IdentitySource of(TlsSettings settings) {
    return new IdentitySource(settings, null, settings.engine());
  }

  static IdentitySource of(KeyMaterial material, TlsEngine engine) {
    return new IdentitySource(null, material, engine);
  }

  TicketKeys tickets() {
    return tickets;
  }

  /** Whether certificates are made here, and so renewed by loading. */
  boolean isSelfSigned() {
    return settings != null && settings.selfSigned() != null;
  }

  /**
   * Loads all. Blocks.
   *
   * @param before what was in use; OCSP responses that were fetched are kept
   * @throws TlsException if anything is not usable
   */
  synchronized Identities load(@Nullable Identities before) {
    tickets.reload();
    ClientTrust trust = settings == null ? null : ClientTrust.load(settings);
    TlsContexts contexts = new TlsContexts(engine, trust, tickets);
    List<Identity> all = new ArrayList<>();
    if (settings == null) {
      all.add(identity(java.util.Objects.requireNonNull(fixed), contexts));
    } else if (settings.selfSigned() != null) {
      KeyMaterial made = new SelfSigned(settings.selfSigned(), CLOCK).ensure(settings.names());
      all.add(identity(made, contexts));
    } else {
      for (CertificateSettings certificate : settings.allCertificates()) {
        all.add(load(certificate, contexts, before));
      }
    }
    return new Identities(all);
  }

  /** The files that {@link #load} reads. */
  Set<Path> files() {
    Set<Path> files = new TreeSet<>();
    if (settings == null) {
      return files;
    }
    if (settings.selfSigned() != null) {
      files.add(settings.selfSigned().resolve("server.pem"));
    }
    add(files, settings.clientCa(), settings.clientCrl(), settings.tickets().keys());
    for (CertificateSettings certificate : settings.allCertificates()) {
      add(
          files,
          certificate.certificate(),
          certificate.key(),
          certificate.keystore(),
          certificate.ocspResponse());
    }
    return files;
  }

  private static Identity load(
      CertificateSettings certificate, TlsContexts contexts, @Nullable Identities before) {
    KeyMaterial material = material(certificate);
    Set<String> names = new TreeSet<>();
    certificate.names().forEach(name -> names.add(HostNames.normal(name)));
    return new Identity(
        material,
        names.isEmpty() ? CertificateNames.of(material.certificate()) : names,
        contexts,
        stapling(certificate, material, before));
  }

  private static KeyMaterial material(CertificateSettings settings) {
    Path certificate = settings.certificate();
    Path keystore = settings.keystore();
    if (certificate != null) {
      Path key = settings.key() == null ? certificate : settings.key();
      Secret password = settings.keyPassword();
      return KeyMaterial.load(certificate, key, password, CLOCK);
    }
    if (keystore == null) {
      throw new IllegalStateException("CertificateSettings lets no such thing through");
    }
    return KeyStores.load(keystore, settings.keystorePassword(), CLOCK);
  }

  private static @Nullable Stapling stapling(
      CertificateSettings settings, KeyMaterial material, @Nullable Identities before) {
    if (settings.ocspResponse() != null) {
      return Stapling.fromFile(material, settings.ocspResponse(), CLOCK);
    }
    if (!settings.ocspFetch()) {
      return null;
    }
    if (before != null) {
      for (Identity old : before.all()) {
        Stapling kept = old.stapling();
        if (kept != null && kept.fetches(material.certificate())) {
          return kept;
        }
      }
    }
    return Stapling.fetched(material, CLOCK);
  }

  private static Identity identity(KeyMaterial material, TlsContexts contexts) {
    return new Identity(material, CertificateNames.of(material.certificate()), contexts, null);
  }

  private static void add(Set<Path> files, @Nullable Path... more) {
    for (Path file : more) {
      if (file != null) {
        files.add(file);
      }
    }
  }
}

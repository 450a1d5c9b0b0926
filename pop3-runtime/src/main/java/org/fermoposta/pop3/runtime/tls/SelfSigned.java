// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS for the first run, before there is a certificate that everybody trusts: an authority of one's
 * own, and a server certificate from it. Clients that are given {@code ca.pem} trust this server
 * and go on doing so, for the authority stays while server certificates are renewed.
 *
 * <p>Files in the directory: {@code ca.pem} (to hand to clients), {@code ca-key.pem} and {@code
 * server.pem} (key and certificate together, so that they cannot get apart; both mode 0600), {@code
 * lock}.
 */
public final class SelfSigned {
  private static final Logger log = LoggerFactory.getLogger(SelfSigned.class);
  private static final Duration RENEW_BEFORE = Duration.ofDays(30);
  private static final List<String> ALWAYS = List.of("localhost", "127.0.0.1", "::1");

  private static final ReentrantLock THREADS = new ReentrantLock();

  private final Path directory;
  private final Clock clock;

  /** For a directory, which is created when needed. */
  public SelfSigned(Path directory, Clock clock) {
    this.directory = directory;
    this.clock = clock;
  }

  /** The authority's certificate, for clients. */
  public Path authorityFile() {
    return directory.resolve("ca.pem");
  }

  /**
   * Returns the server certificate that is there, or issues a new one if there is none, it has less
   * than 30 days left, or its names differ. The authority is made once and again only when it ends.
   * Holds a lock on the directory meanwhile. Blocks.
   *
   * @param names host names and IP addresses beside localhost, 127.0.0.1 and ::1
   * @throws TlsException if a name is none, or a file cannot be read or written or is broken
   */
  public KeyMaterial ensure(Collection<String> names) {
    Set<String> wanted = new TreeSet<>();
    ALWAYS.forEach(name -> wanted.add(HostNames.normal(name)));
    for (String name : names) {
      if (!HostNames.isValid(name)) {
        throw new TlsException(
            "name \"" + name + "\" (expected: a host name or an IP address)", null);
      }
      wanted.add(HostNames.normal(name));
    }
    // A file lock is for other processes only; between threads it is an error.
    THREADS.lock();
    try {
      Files.createDirectories(directory);
      try (FileChannel lockFile =
              FileChannel.open(
                  directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = lockFile.lock()) {
        log.trace("holding {}", lock);
        return server(authority(), wanted);
      }
    } catch (AccessDeniedException e) {
      String user = System.getProperty("user.name");
      throw new TlsException(
          e.getFile() + ": permission denied (expected: writable for user " + user + ")", e);
    } catch (IOException | GeneralSecurityException e) {
      throw new TlsException("cannot keep certificates in " + directory + ": " + e, e);
    } finally {
      THREADS.unlock();
    }
  }

  private KeyMaterial authority() throws IOException, GeneralSecurityException {
    Path file = directory.resolve("ca-key.pem");
    KeyMaterial authority = Files.exists(file) ? load(file) : null;
    if (authority == null || !isFresh(authority.certificate())) {
      authority = Certificates.authority(clock.instant());
      PrivateFiles.writePrivate(file, Certificates.pem(authority));
      PrivateFiles.writePublic(authorityFile(), Certificates.pem(authority.chain()));
      log.info("made a new authority; give {} to clients", authorityFile());
    } else if (!Files.exists(authorityFile())) {
      PrivateFiles.writePublic(authorityFile(), Certificates.pem(authority.chain()));
    }
    return authority;
  }

  private KeyMaterial server(KeyMaterial authority, Set<String> wanted)
      throws IOException, GeneralSecurityException {
    Path file = directory.resolve("server.pem");
    if (Files.exists(file)) {
      KeyMaterial server = load(file);
      if (isFresh(server.certificate())
          && names(server.certificate()).equals(wanted)
          && isIssued(server.certificate(), authority.certificate())) {
        return server;
      }
    }
    KeyMaterial server = Certificates.server(authority, wanted, clock.instant());
    PrivateFiles.writePrivate(file, Certificates.pem(server));
    log.info(
        "issued a certificate for {}, valid until {}",
        wanted,
        server.certificate().getNotAfter().toInstant());
    return server;
  }

  private KeyMaterial load(Path file) throws IOException {
    if (PrivateFiles.tighten(file)) {
      log.warn("{} was open to other users; now only its owner can read it", file);
    }
    X509Certificate certificate = KeyMaterial.certificates(file).get(0);
    // An expired one is not an error here but a reason to renew: check it as of its own time.
    Clock valid = Clock.fixed(certificate.getNotAfter().toInstant(), clock.getZone());
    return KeyMaterial.load(file, file, null, valid);
  }

  private boolean isFresh(X509Certificate certificate) {
    Instant now = clock.instant();
    return now.plus(RENEW_BEFORE).isBefore(certificate.getNotAfter().toInstant())
        && !now.isBefore(certificate.getNotBefore().toInstant());
  }

  private static boolean isIssued(X509Certificate certificate, X509Certificate authority) {
    try {
      certificate.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      log.info("server certificate is not from this authority: {}", e.toString());
      return false;
    }
  }

  private static Set<String> names(X509Certificate certificate) throws CertificateParsingException {
    Set<String> names = new TreeSet<>();
    Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
    if (alternatives != null) {
      alternatives.forEach(name -> names.add(HostNames.normal(String.valueOf(name.get(1)))));
    }
    return names;
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * The event loop only reads the volatile field and a clock. Fetching runs on a virtual thread of its
 * own, at most one at a time. A failure leaves the last good response in use until it is stale; a
 * stale one is never shown, since clients refuse it where they would do without.
 */
/** The OCSP response of one certificate. Thread-safe. */
final class Stapling {
  private static final Logger log = LoggerFactory.getLogger(Stapling.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final Duration RETRY = Duration.ofMinutes(5);

  private final X509Certificate certificate;
  private final X509Certificate issuer;
  private final @Nullable URI responder;
  private final Clock clock;
  private final AtomicBoolean fetching = new AtomicBoolean();
  private volatile @Nullable OcspResponse current;
  private volatile Instant due = Instant.MIN;

  private Stapling(KeyMaterial material, @Nullable URI responder, Clock clock) {
    if (material.chain().size() < 2) {
      throw new TlsException(
          "OCSP for "
              + material.certificate().getSubjectX500Principal()
              + " needs the issuer (expected: its certificate as the second of the chain)",
          null);
    }
    this.certificate = material.certificate();
    this.issuer = material.chain().get(1);
    this.responder = responder;
    this.clock = clock;
  }

  /**
   * From a file that somebody else renews. Blocks. A response that is not usable is logged, and
   * nothing is stapled.
   *
   * @throws TlsException if the chain lacks the issuer
   */
  static Stapling fromFile(KeyMaterial material, Path file, Clock clock) {
    Stapling stapling = new Stapling(material, null, clock);
    try {
      if (Files.size(file) > OcspResponse.MAX_OCTETS) {
        throw new IOException("too large (expected: <= 64KiB)");
      }
      stapling.accept(Files.readAllBytes(file));
    } catch (IOException | OCSPException e) {
      log.warn("{}: nothing is stapled: {}", file, String.valueOf(e.getMessage()));
    }
    return stapling;
  }

  /**
   * From the responder that the certificate names; {@link #fetchIfDue} asks it.
   *
   * @throws TlsException if it names none by http, or the chain lacks the issuer
   */
  static Stapling fetched(KeyMaterial material, Clock clock) {
    return new Stapling(material, responder(material.certificate()), clock);
  }

  /** What to staple now; null if there is nothing fresh. The caller does not change it. */
  byte @Nullable [] response() {
    OcspResponse response = current;
    return response != null && response.isFresh(clock.instant()) ? response.der() : null;
  }

  /** Whether this is for that certificate and fetches. */
  boolean fetches(X509Certificate other) {
    return responder != null && certificate.equals(other);
  }

  /** Starts to fetch if half of the response's time is over. Returns at once. */
  void fetchIfDue() {
    if (responder != null
        && !clock.instant().isBefore(due)
        && fetching.compareAndSet(false, true)) {
      Thread.ofVirtual()
          .name("ocsp")
          .start(
              () -> {
                try {
                  fetch(responder);
                } finally {
                  fetching.set(false);
                }
              });
    }
  }

  /** Fetches in this thread. Blocks for 15 seconds at most; a failure is logged. */
  void fetchNow() {
    if (responder != null) {
      fetch(responder);
    }
  }

  private void fetch(URI from) {
    due = clock.instant().plus(RETRY);
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(from)
              .timeout(TIMEOUT)
              .header("Content-Type", "application/ocsp-request")
              .POST(
                  HttpRequest.BodyPublishers.ofByteArray(OcspResponse.request(certificate, issuer)))
              .build();
      CompletableFuture<HttpResponse<byte[]>> sent =
          client.sendAsync(
              request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), OcspResponse.MAX_OCTETS));
      HttpResponse<byte[]> answer;
      try {
        answer = sent.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        sent.cancel(true);
        client.shutdownNow();
        throw new OCSPException("no answer within " + TIMEOUT.toSeconds() + "s", e);
      }
      if (answer.statusCode() != 200) {
        throw new OCSPException("HTTP status " + answer.statusCode() + " (expected: 200)");
      }
      accept(answer.body());
      log.info("OCSP response from {} for {}: {}", from, subject(), current);
    } catch (ExecutionException | OCSPException e) {
      log.warn("no OCSP response from {} for {}: {}", from, subject(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept(byte[] der) throws OCSPException {
    OcspResponse response = OcspResponse.verified(der, certificate, issuer, clock.instant());
    current = response;
    Duration half = Duration.between(response.thisUpdate(), response.nextUpdate()).dividedBy(2);
    Instant middle = response.thisUpdate().plus(half);
    Instant soonest = clock.instant().plus(RETRY);
    due = middle.isAfter(soonest) ? middle : soonest;
  }

  private String subject() {
    return certificate.getSubjectX500Principal().getName();
  }

  private static URI responder(X509Certificate certificate) {
    try {
      AuthorityInformationAccess access =
          AuthorityInformationAccess.fromExtensions(
              new JcaX509CertificateHolder(certificate).getExtensions());
      if (access != null) {
        for (AccessDescription description : access.getAccessDescriptions()) {
          GeneralName place = description.getAccessLocation();
          if (AccessDescription.id_ad_ocsp.equals(description.getAccessMethod())
              && place.getTagNo() == GeneralName.uniformResourceIdentifier
              && place.getName().toString().startsWith("http://")) {
            return URI.create(place.getName().toString());
          }
        }
      }
    } catch (java.security.cert.CertificateEncodingException | IllegalArgumentException e) {
      throw new TlsException("OCSP responder in the certificate is broken: " + e, e);
    }
    throw new TlsException(
        "certificate of "
            + certificate.getSubjectX500Principal()
            + " names no OCSP responder (expected: ocsp-fetch false, or one by http)",
        null);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What is not wrong yet with certificates in use. */
final class CertificateWarnings {
  private static final Duration SOON = Duration.ofDays(30);
  private static final String TLS_FEATURE = "1.3.6.1.5.5.7.1.24";

  private CertificateWarnings() {}

  /** One line for each; empty if all is well. */
  static List<String> of(Identities identities, Instant now) {
    List<String> warnings = new ArrayList<>();
    for (Identity identity : identities.all()) {
      X509Certificate certificate = identity.material().certificate();
      String subject = "certificate of " + certificate.getSubjectX500Principal().getName();
      expiry(identity.material().chain(), now, warnings);
      Set<String> own = CertificateNames.of(certificate);
      if (identity.names().isEmpty()) {
        warnings.add(subject + ": no DNS name in it, so no client's SNI chooses it");
      }
      for (String name : identity.names()) {
        if (!covers(own, name)) {
          warnings.add(
              subject + " is not for " + name + ", which names says (it is for " + own + ")");
        }
      }
      if (certificate.getExtensionValue(TLS_FEATURE) != null && identity.stapling() == null) {
        warnings.add(subject + ": it demands an OCSP response, and there is none (set ocsp-fetch)");
      }
      if (identity.material().chain().size() == 1
          && !certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal())) {
        warnings.add(
            subject
                + ": no certificate of its issuer in the file; clients may not find the way to a"
                + " root that they know");
      }
    }
    return warnings;
  }

  private static void expiry(List<X509Certificate> chain, Instant now, List<String> warnings) {
    for (X509Certificate certificate : chain) {
      Instant end = certificate.getNotAfter().toInstant();
      Duration left = Duration.between(now, end);
      if (left.compareTo(SOON) <= 0) {
        warnings.add(
            "certificate of "
                + certificate.getSubjectX500Principal().getName()
                + (left.isNegative()
                    ? " expired at " + end
                    : " expires in " + left.toDays() + " days, at " + end));
      }
    }
  }

  private static boolean covers(Set<String> own, String name) {
    int dot = name.indexOf('.');
    return own.contains(name) || (dot > 0 && own.contains("*" + name.substring(dot)));
  }
}

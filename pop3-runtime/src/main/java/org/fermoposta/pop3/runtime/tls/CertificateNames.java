// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The host names that a certificate is for (RFC 6125 section 6.4: DNS-ID). */
final class CertificateNames {
  private static final int DNS = 2;

  private CertificateNames() {}

  /** The DNS-IDs, lower case, with wildcards as {@code *.example.org}; not the common name. */
  static Set<String> of(X509Certificate certificate) {
    Set<String> names = new TreeSet<>();
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (List<?> name : alternatives) {
          if (name.get(0) instanceof Integer kind && kind == DNS) {
            String text = String.valueOf(name.get(1));
            if (HostNames.isValid(text)) {
              names.add(HostNames.normal(text));
            }
          }
        }
      }
    } catch (CertificateParsingException e) {
      throw new TlsException(
          "names in the certificate of " + certificate.getSubjectX500Principal() + " are broken",
          e);
    }
    return names;
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/** Which users a client certificate is of. Thread-safe. */
@FunctionalInterface
public interface CertificateNames {

  /** Names that the certificate vouches for, the first that is an account counts; may be empty. */
  List<String> of(X509Certificate certificate);

  /** The mail addresses among the subject alternative names, in their order. */
  static CertificateNames emailSan() {
    return certificate -> {
      try {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        // 1 is rfc822Name (RFC 5280, section 4.2.1.6).
        return names == null
            ? List.of()
            : names.stream()
                .filter(name -> Integer.valueOf(1).equals(name.get(0)))
                .map(name -> String.valueOf(name.get(1)))
                .toList();
      } catch (CertificateParsingException e) {
        return List.of(); // What cannot be read names nobody.
      }
    };
  }

  /** The common name of the subject; none if there are several. */
  static CertificateNames commonName() {
    return certificate -> {
      X500Name subject = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
      RDN[] names = subject.getRDNs(BCStyle.CN);
      return names.length == 1 && !names[0].isMultiValued()
          ? List.of(IETFUtils.valueToString(names[0].getFirst().getValue()))
          : List.of();
    };
  }

  /**
   * By a file with lines {@code fingerprint user}: the SHA-256 of the certificate, in hexadecimal
   * digits with or without colons. It is read again when it changes, as a passwd file.
   *
   * @throws PasswdFormatException if its content is wrong
   * @throws IOException if it cannot be read
   */
  static CertificateNames fingerprints(Path file) throws IOException {
    WatchedFile<Map<String, String>> users =
        new WatchedFile<>(
            file,
            (name, octets) -> MapFile.parse(name, octets, CertificateNames::fingerprint),
            Map::size,
            Clock.systemUTC());
    return certificate ->
        Optional.ofNullable(users.now().get(sha256(certificate))).stream().toList();
  }

  private static Optional<String> fingerprint(String written) {
    String hex = written.replace(":", "").toLowerCase(Locale.ROOT);
    return hex.matches("[0-9a-f]{64}") ? Optional.of(hex) : Optional.empty();
  }

  private static String sha256(X509Certificate certificate) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(certificate.getEncoded()));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException("certificate: cannot be encoded", e);
    }
  }
}

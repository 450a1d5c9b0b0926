// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fermoposta.pop3.client.TestCertificate;
import org.fermoposta.pop3.client.TlsTrust;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CL8: names as RFC 7817, section 3 has them. */
@SuppressWarnings("NullAway.Init") // set before all tests
class CertificateNamesTest {
  private static final HexFormat HEX = HexFormat.of();

  @TempDir static Path directory;
  private static X509Certificate names;
  private static X509Certificate service;
  private static X509Certificate commonNameOnly;

  @BeforeAll
  static void makeCertificates() throws Exception {
    // keytool refuses some of these names, so their octets are given.
    String dns =
        Stream.of(
                "pop.example.org",
                "*.wild.example.org",
                "*.org",
                "xn--bcher-kva.example",
                "part*.example.net")
            .map(name -> element("82", HEX.formatHex(name.getBytes(US_ASCII))))
            .collect(Collectors.joining());
    String addresses =
        element("87", "c0000207") + element("87", "20010db8000000000000000000000007");
    names = make("names", "hex:" + element("30", dns + addresses));
    service = make("service", "hex:" + srvName("_pop3s.example.org"));
    commonNameOnly = make("mail", "email:test@example.org");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pop.example.org",
        "POP.Example.ORG",
        "pop.example.org.",
        "a.wild.example.org",
        "xn--bcher-kva.example",
        "192.0.2.7",
        "2001:db8::7",
        "2001:DB8:0:0:0:0:0:7"
      })
  @DisplayName("N087 CL8: DNS names without case, one label for a wildcard, addresses")
  void right(String host) {
    assertDoesNotThrow(() -> CertificateNames.check(names, host, Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "example.org",
        "mail.example.org",
        "wild.example.org",
        "a.b.wild.example.org",
        ".wild.example.org",
        "example.org",
        "part1.example.net",
        "part*.example.net.",
        "192.0.2.8",
        "2001:db8::8",
        "pop.example.org.evil.example",
        "test"
      })
  @DisplayName("N087 CL8: no wildcard for several labels, part of one, or a top-level domain")
  void wrong(String host) {
    CertificateException refused =
        assertThrows(
            CertificateException.class,
            () -> CertificateNames.check(names, host, Optional.empty()));
    assertTrue(String.valueOf(refused.getMessage()).contains("pop.example.org"));
  }

  @Test
  @DisplayName("CL8 DS4: an SRV name counts for the mail domain that was asked for, and only then")
  void services() {
    assertDoesNotThrow(
        () -> CertificateNames.check(service, "mx7.hoster.example", Optional.of("example.org")));
    assertThrows(
        CertificateException.class,
        () -> CertificateNames.check(service, "example.org", Optional.empty()));
    assertThrows(
        CertificateException.class,
        () -> CertificateNames.check(service, "mx7.hoster.example", Optional.of("example.net")));
    assertDoesNotThrow(
        () -> CertificateNames.check(names, "mx7.hoster.example", Optional.of("pop.example.org")));
  }

  @Test
  @DisplayName("N087 CL8: a common name is not looked at")
  void commonName() {
    assertThrows(
        CertificateException.class,
        () -> CertificateNames.check(commonNameOnly, "test", Optional.empty()));
  }

  private static X509Certificate make(String name, String subjectAlternativeName) throws Exception {
    return TlsTrust.certificates(
            TestCertificate.make(directory, name, subjectAlternativeName).pem())
        .certificates()
        .get(0);
  }

  /** GeneralNames with one otherName of RFC 4985. */
  private static String srvName(String name) {
    String text = element("16", HEX.formatHex(name.getBytes(US_ASCII)));
    return element("30", element("a0", "06082b06010505070807" + element("a0", text)));
  }

  private static String element(String tag, String content) {
    int octets = content.length() / 2;
    return tag + (octets < 128 ? "" : "81") + HEX.toHexDigits((byte) octets) + content;
  }
}

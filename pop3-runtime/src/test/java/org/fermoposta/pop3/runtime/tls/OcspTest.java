// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OcspTest {
  private final Instant now = Instant.now();
  private final Instant tomorrow = now.plus(Duration.ofDays(1));

  @TempDir Path directory;
  private TestCertificates authority;
  private KeyMaterial server;

  @BeforeEach
  void issue() throws Exception {
    authority = new TestCertificates();
    server = authority.server("EC", "pop.example.org");
  }

  private byte[] response(
      KeyMaterial about, KeyMaterial signer, @Nullable CertificateStatus status, Instant next)
      throws Exception {
    DigestCalculator sha1 =
        new JcaDigestCalculatorProviderBuilder().build().get(CertificateID.HASH_SHA1);
    CertificateID id =
        new CertificateID(
            sha1,
            new JcaX509CertificateHolder(authority.authority.certificate()),
            about.certificate().getSerialNumber());
    BasicOCSPRespBuilder builder =
        new BasicOCSPRespBuilder(
            new RespID(
                SubjectPublicKeyInfo.getInstance(signer.certificate().getPublicKey().getEncoded()),
                sha1));
    builder.addResponse(
        id, status, Date.from(next.minus(Duration.ofDays(2))), Date.from(next), null);
    boolean own = signer.certificate().equals(authority.authority.certificate());
    X509CertificateHolder[] chain =
        own
            ? new X509CertificateHolder[0]
            : new X509CertificateHolder[] {new JcaX509CertificateHolder(signer.certificate())};
    return new OCSPRespBuilder()
        .build(
            OCSPRespBuilder.SUCCESSFUL,
            builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(signer.key()),
                chain,
                Date.from(now)))
        .getEncoded();
  }

  private OcspResponse verified(byte[] der) throws OCSPException {
    return OcspResponse.verified(der, server.certificate(), authority.authority.certificate(), now);
  }

  private void assertRefused(String expected, byte[] der) {
    OCSPException e = assertThrows(OCSPException.class, () -> verified(der));
    assertTrue(String.valueOf(e.getMessage()).contains(expected), e::getMessage);
  }

  @Test
  void takesWhatTheIssuerOrItsResponderSays() throws Exception {
    byte[] der = response(server, authority.authority, CertificateStatus.GOOD, tomorrow);
    assertEquals(tomorrow.getEpochSecond(), verified(der).nextUpdate().getEpochSecond());
    assertNotNull(
        verified(response(server, authority.responder(), CertificateStatus.GOOD, tomorrow)));
  }

  @Test
  void refusesWhatOthersSay() throws Exception {
    KeyMaterial stranger = new TestCertificates().authority;
    assertRefused("signed by", response(server, stranger, CertificateStatus.GOOD, tomorrow));
    // Of the same issuer, but not for this purpose.
    assertRefused("signed by", response(server, server, CertificateStatus.GOOD, tomorrow));
    byte[] der = response(server, authority.authority, CertificateStatus.GOOD, tomorrow);
    der[der.length - 1] ^= 1;
    assertThrows(OCSPException.class, () -> verified(der));
  }

  @Test
  void refusesWhatIsStaleOrNotGoodOrAboutAnother() throws Exception {
    assertRefused(
        "valid from",
        response(server, authority.authority, CertificateStatus.GOOD, now.minusSeconds(1)));
    assertRefused(
        "revoked or unknown", response(server, authority.authority, new UnknownStatus(), tomorrow));
    KeyMaterial other = authority.server("EC", "other.example.org");
    assertRefused(
        "nothing in it about",
        response(other, authority.authority, CertificateStatus.GOOD, tomorrow));
  }

  @Test
  void anyOctetsAreNoResponse() throws Exception {
    byte[] good = response(server, authority.authority, CertificateStatus.GOOD, tomorrow);
    for (int length = 0; length < good.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(good, length);
      assertThrows(OCSPException.class, () -> verified(cut), "first " + length);
    }
  }

  @Test
  void showsNothingStale() throws Exception {
    Path file = directory.resolve("ocsp.der");
    Files.write(file, response(server, authority.authority, CertificateStatus.GOOD, tomorrow));
    assertNotNull(Stapling.fromFile(server, file, Clock.fixed(now, ZoneOffset.UTC)).response());
    Moving clock = new Moving(now);
    Stapling stapling = Stapling.fromFile(server, file, clock);
    clock.now = tomorrow.plusSeconds(1);
    assertNull(stapling.response());
  }

  @Test
  void staplesFromAFile() throws Exception {
    assumeTrue(OpenSslClient.isInstalled(), "needs openssl");
    Path file = directory.resolve("ocsp.der");
    Files.write(file, response(server, authority.authority, CertificateStatus.GOOD, tomorrow));
    Path certificate = TestCertificates.write(directory, "server", server);
    CertificateSettings settings =
        new CertificateSettings(certificate, null, null, null, null, List.of(), file, false);
    ServerTls tls =
        ServerTls.of(TlsSettings.certificates(List.of(settings)).with(TlsEngine.OPENSSL));
    try (TestTls server = new TestTls(tls)) {
      for (String version : List.of("-tls1_2", "-tls1_3")) {
        String said = OpenSslClient.quit(server.implicitPort(), version, "-status");
        assertTrue(said.contains("OCSP Response Status: successful"), said);
        assertTrue(said.contains("Cert Status: good"), said);
      }
      // A client that does not ask gets none.
      String said = OpenSslClient.quit(server.implicitPort(), "-tls1_3");
      assertFalse(said.contains("OCSP Response Status"), said);
      // A broken one is not stapled, and does not keep the certificate from use.
      Files.writeString(file, "nothing");
      tls.reload();
      said = OpenSslClient.quit(server.implicitPort(), "-status");
      assertTrue(said.contains("OCSP response: no response sent"), said);
      assertTrue(said.contains("+OK secure"), said);
    }
  }

  @Test
  void fetchesFromTheResponderOfTheCertificate() throws Exception {
    assumeTrue(OpenSslClient.isInstalled(), "needs openssl");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    KeyMaterial own =
        authority.server(Duration.ofDays(9), "http://127.0.0.1:" + port + "/", "pop.example.org");
    Path ca = TestCertificates.write(directory, "ca", authority.authority);
    Path index = directory.resolve("index.txt");
    Files.writeString(
        index,
        "V\t300101000000Z\t\t"
            + String.format("%04X", own.certificate().getSerialNumber())
            + "\tunknown\t/CN=pop.example.org\n");
    Path certificate = TestCertificates.write(directory, "server", own);
    CertificateSettings settings =
        new CertificateSettings(certificate, null, null, null, null, List.of(), null, true);
    ServerTls tls =
        ServerTls.of(TlsSettings.certificates(List.of(settings)).with(TlsEngine.OPENSSL));
    Process responder =
        new ProcessBuilder(
                "openssl",
                "ocsp",
                "-port",
                String.valueOf(port),
                "-index",
                index.toString(),
                "-CA",
                ca.toString(),
                "-rsigner",
                ca.toString(),
                "-rkey",
                ca.toString(),
                "-ndays",
                "2",
                "-resp_no_certs")
            .redirectErrorStream(true)
            .start();
    try (TestTls server = new TestTls(tls)) {
      // It says so when it listens, one way or another.
      String said = String.valueOf(responder.inputReader().readLine());
      assertTrue(said.contains("ACCEPT") || said.contains("aiting"), said);
      Stapling stapling = Objects.requireNonNull(tls.identities().all().get(0).stapling());
      assertNull(stapling.response());
      stapling.fetchNow();
      assertNotNull(stapling.response());
      said = OpenSslClient.quit(server.implicitPort(), "-status");
      assertTrue(said.contains("Cert Status: good"), said);
      assertEquals(
          List.of("expires in 8 days"), tls.warnings().stream().map(OcspTest::days).toList());
      tls.reload();
      assertEquals(stapling, tls.identities().all().get(0).stapling(), "kept over a reload");
    } finally {
      responder.destroyForcibly();
    }
    stapling(own).fetchNow(); // Nobody answers: logged, nothing thrown.
  }

  @Test
  void warnsOfACertificateThatDemandsWhatIsNotThere() throws Exception {
    KeyMaterial own =
        authority.server(Duration.ofDays(90), "http://127.0.0.1:1/", "pop.example.org");
    ServerTls tls = ServerTls.of(own, TlsEngine.JDK, Duration.ofSeconds(20));
    assertTrue(
        tls.warnings().toString().contains("demands an OCSP response"), tls.warnings()::toString);
    TlsException e =
        assertThrows(TlsException.class, () -> Stapling.fetched(server, Clock.systemUTC()));
    assertTrue(String.valueOf(e.getMessage()).contains("names no OCSP responder"), e::getMessage);
    KeyMaterial alone = new KeyMaterial(own.key(), List.of(own.certificate()));
    e = assertThrows(TlsException.class, () -> Stapling.fetched(alone, Clock.systemUTC()));
    assertTrue(String.valueOf(e.getMessage()).contains("needs the issuer"), e::getMessage);
  }

  private static Stapling stapling(KeyMaterial material) {
    return Stapling.fetched(material, Clock.systemUTC());
  }

  private static String days(String warning) {
    int at = warning.indexOf("expires");
    return at < 0 ? warning : warning.substring(at, warning.indexOf(','));
  }

  private static final class Moving extends Clock {
    volatile Instant now;

    Moving(Instant now) {
      this.now = now;
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }
  }
}

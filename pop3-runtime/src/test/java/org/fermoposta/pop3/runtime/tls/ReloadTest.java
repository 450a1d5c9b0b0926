// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.handler.ssl.OpenSsl;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;
import org.fermoposta.pop3.runtime.listen.Network;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ReloadTest {
  @TempDir Path directory;
  private TestCertificates authority;
  private Path certificate;
  private Path key;
  private KeyMaterial first;

  @BeforeEach
  void issue() throws Exception {
    authority = new TestCertificates();
    first = authority.server("EC", "pop.example.org");
    certificate = directory.resolve("cert.pem");
    key = directory.resolve("key.pem");
    write(first, first);
  }

  private void write(KeyMaterial chain, KeyMaterial secret) throws Exception {
    Files.writeString(certificate, Certificates.pem(chain.chain()));
    Files.writeString(key, Certificates.pem(secret));
  }

  private static X509Certificate inUse(ServerTls tls) {
    return tls.identities().all().get(0).material().certificate();
  }

  @Test
  @DisplayName("L16: a change is taken once it stands still")
  void takesAChange() throws Exception {
    ServerTls tls = ServerTls.of(TlsSettings.files(certificate, key));
    TlsWatch watch = tls.newWatch();
    assertFalse(watch.lookAtFiles());
    KeyMaterial second = authority.server("EC", "pop.example.org");
    write(second, second);
    assertFalse(watch.lookAtFiles(), "it may still be written");
    assertEquals(first.certificate(), inUse(tls));
    assertTrue(watch.lookAtFiles());
    assertEquals(second.certificate(), inUse(tls));
    assertFalse(watch.lookAtFiles());
  }

  @Test
  @DisplayName("L16, N060: half a change keeps the old pair, and the other half completes it")
  void survivesHalfAChange() throws Exception {
    ServerTls tls = ServerTls.of(TlsSettings.files(certificate, key));
    TlsWatch watch = tls.newWatch();
    KeyMaterial second = authority.server("EC", "pop.example.org");
    write(second, first);
    for (int look = 0; look < 5; look++) {
      assertFalse(watch.lookAtFiles());
      assertEquals(first.certificate(), inUse(tls));
    }
    Files.writeString(certificate, "-----BEGIN CERTIFICATE-----\nMII");
    assertFalse(watch.lookAtFiles());
    assertFalse(watch.lookAtFiles());
    Files.delete(certificate);
    assertFalse(watch.lookAtFiles());
    assertFalse(watch.lookAtFiles());
    assertEquals(first.certificate(), inUse(tls));
    write(second, second);
    assertFalse(watch.lookAtFiles());
    assertTrue(watch.lookAtFiles());
    assertEquals(second.certificate(), inUse(tls));
  }

  @Test
  @DisplayName("L16, N060: an expired certificate is not taken")
  void keepsTheOldOneForAnExpiredOne() throws Exception {
    ServerTls tls = ServerTls.of(TlsSettings.files(certificate, key));
    KeyMaterial expired = authority.server(Duration.ofMinutes(-1), null, "pop.example.org");
    write(expired, expired);
    TlsException e = assertThrows(TlsException.class, tls::reload);
    assertTrue(String.valueOf(e.getMessage()).contains("certificate expired at"), e::getMessage);
    assertEquals(first.certificate(), inUse(tls));
  }

  @Test
  @DisplayName("L16: a link that is turned to another directory is noticed")
  void followsLinks() throws Exception {
    Path link = directory.resolve("live");
    Path one = Files.createDirectory(directory.resolve("one"));
    Path two = Files.createDirectory(directory.resolve("two"));
    KeyMaterial second = authority.server("EC", "pop.example.org");
    TestCertificates.write(one, "all", first);
    TestCertificates.write(two, "all", second);
    Files.createSymbolicLink(link, one);
    Path file = link.resolve("all.pem");
    ServerTls tls = ServerTls.of(TlsSettings.files(file, file));
    TlsWatch watch = tls.newWatch();
    Files.delete(link);
    Files.createSymbolicLink(link, two);
    assertFalse(watch.lookAtFiles());
    assertTrue(watch.lookAtFiles());
    assertEquals(second.certificate(), inUse(tls));
  }

  @Test
  void warnsBeforeTheEnd() throws Exception {
    KeyMaterial soon = authority.server(Duration.ofDays(7), null, "pop.example.org");
    write(soon, soon);
    CertificateSettings settings =
        new CertificateSettings(
            certificate, key, null, null, null, List.of("pop.example.net"), null, false);
    List<String> warnings = ServerTls.of(TlsSettings.certificates(List.of(settings))).warnings();
    assertEquals(2, warnings.size(), warnings::toString);
    assertTrue(
        warnings.get(0).startsWith("certificate of CN=pop.example.org expires in 6 days"),
        warnings::toString);
    assertTrue(
        warnings.get(1).startsWith("certificate of CN=pop.example.org is not for pop.example.net"),
        warnings::toString);
    write(first, first);
    assertEquals(List.of(), ServerTls.of(TlsSettings.files(certificate, key)).warnings());
    Files.writeString(certificate, Certificates.pem(List.of(first.certificate())));
    warnings = ServerTls.of(TlsSettings.files(certificate, key)).warnings();
    assertTrue(warnings.toString().contains("no certificate of its issuer"), warnings::toString);
  }

  @ParameterizedTest
  @CsvSource({"BC,EC", "BC,RSA", "JDK,EC", "JDK,RSA"})
  @DisplayName("PKCS#12 of old (triple DES) and new (PBES2) encryption is read")
  void readsKeyStores(String maker, String algorithm) throws Exception {
    KeyMaterial made = authority.server(algorithm, "pop.example.org");
    Path file = keyStore(maker, made, "sesame");
    KeyMaterial read = KeyStores.load(file, Secret.ofUtf8("sesame"), Clock.systemUTC());
    assertEquals(made.chain(), read.chain());
    assertEquals(algorithm, read.key().getAlgorithm());
    CertificateSettings settings =
        new CertificateSettings(
            null, null, null, file, Secret.ofUtf8("sesame"), List.of(), null, false);
    ServerTls tls = ServerTls.of(TlsSettings.certificates(List.of(settings)));
    assertEquals(made.certificate(), inUse(tls));
  }

  @ParameterizedTest
  @ValueSource(strings = {"BC", "JDK"})
  void saysThatAKeyStoreCannotBeRead(String maker) throws Exception {
    Path file = keyStore(maker, first, "sesame");
    for (Secret wrong : new @Nullable Secret[] {Secret.ofUtf8("hunter2"), null}) {
      TlsException e =
          assertThrows(TlsException.class, () -> KeyStores.load(file, wrong, Clock.systemUTC()));
      String message = String.valueOf(e.getMessage());
      assertTrue(message.startsWith(file + ": cannot be read: "), message);
      assertFalse(message.contains("hunter2"), message);
    }
    Files.writeString(file, "nothing");
    assertThrows(
        TlsException.class, () -> KeyStores.load(file, Secret.ofUtf8("sesame"), Clock.systemUTC()));
    Files.delete(file);
    TlsException e =
        assertThrows(TlsException.class, () -> KeyStores.load(file, null, Clock.systemUTC()));
    assertEquals(file + ": no such file", e.getMessage());
  }

  @Test
  @DisplayName("only what is asked for is TLS 1.0: networks of the fence, and old clients")
  void fencesOldClients() {
    LegacySettings fence =
        new LegacySettings(
            List.of("old"), List.of(Network.parse("10.0.0.0/8"), Network.parse("fd00::/8")));
    assertTrue(fence.admits("old", address("10.1.2.3")));
    assertTrue(fence.admits("old", address("fd00::1")));
    assertFalse(fence.admits("old", address("11.0.0.1")));
    assertFalse(fence.admits("pop3s", address("10.1.2.3")));
    assertThrows(
        InvalidSettingException.class, () -> new LegacySettings(List.of("old"), List.of()));
    assertThrows(
        InvalidSettingException.class,
        () -> new LegacySettings(List.of(), List.of(Network.parse("10.0.0.0/8"))));
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.0/8,pop3s,-tls1,TLSv1",
    "127.0.0.0/8,pop3s,-tls1_1,TLSv1.1",
    "127.0.0.0/8,pop3s,-tls1_3,",
    "127.0.0.0/8,other,-tls1,",
    "10.0.0.0/8,pop3s,-tls1,",
    "10.0.0.0/8,pop3s,-tls1_2,"
  })
  @DisplayName("L7: TLS 1.0 and 1.1 behind the fence only, counted by address")
  void servesOldClientsBehindTheFence(
      String network, String listener, String version, @Nullable String seen) throws Exception {
    assumeTrue(OpenSsl.isAvailable() && OpenSslClient.isInstalled(), "needs both openssl");
    TlsSettings plain = TlsSettings.files(certificate, key);
    ServerTls tls =
        ServerTls.of(
            new TlsSettings(
                certificate,
                key,
                null,
                List.of(),
                null,
                List.of(),
                UnknownName.DEFAULT,
                ClientCertificates.OFF,
                null,
                null,
                TicketSettings.defaults(),
                new LegacySettings(List.of(listener), List.of(Network.parse(network))),
                TlsEngine.OPENSSL,
                plain.handshakeTimeout(),
                Duration.ZERO));
    try (TestTls server = new TestTls(tls)) {
      String said =
          OpenSslClient.quit(server.implicitPort(), version, "-cipher", "DEFAULT:@SECLEVEL=0");
      boolean old = version.equals("-tls1") || version.equals("-tls1_1");
      assertEquals(seen != null || !old, said.contains("+OK secure"), said);
      List<LegacyReport.Use> uses = tls.legacyReport().uses();
      if (seen == null) {
        assertEquals(List.of(), uses);
      } else {
        assertEquals(1, uses.size());
        assertEquals("127.0.0.1", uses.get(0).address());
        assertEquals(seen, uses.get(0).version());
        assertEquals(1, uses.get(0).handshakes());
      }
    }
  }

  @Test
  void theReportIsBounded() {
    LegacyReport report = new LegacyReport(Clock.systemUTC());
    for (int i = 0; i < 5000; i++) {
      report.add("10.0." + i / 256 + "." + i % 256, "TLSv1");
    }
    report.add("10.0.0.7", "TLSv1");
    assertEquals(4096, report.uses().size());
    assertEquals(5000 - 4096, report.others());
    assertEquals("10.0.0.7", report.uses().get(0).address());
    assertEquals(2, report.uses().get(0).handshakes());
  }

  @Test
  void failedHandshakesAreLoggedWithinBounds() {
    long[] now = {0};
    HandshakeLog log = new HandshakeLog(() -> now[0]);
    for (int i = 0; i < 20; i++) {
      assertEquals(0, log.admit());
    }
    for (int i = 0; i < 1000; i++) {
      assertEquals(-1, log.admit());
    }
    now[0] += Duration.ofSeconds(3).toNanos();
    assertEquals(1000, log.admit());
    assertEquals(-1, log.admit());
    now[0] += Duration.ofHours(3).toNanos();
    assertEquals(1, log.admit());
    for (int i = 0; i < 19; i++) {
      assertEquals(0, log.admit());
    }
    assertEquals(-1, log.admit());
  }

  @Test
  void settingsSayWhatDoesNotFit() {
    assertThrows(
        IllegalArgumentException.class, () -> new TicketSettings(null, Duration.ofSeconds(59)));
    assertNull(TicketSettings.defaults().keys());
    assertThrows(
        IllegalArgumentException.class,
        () -> new CertificateSettings(null, null, null, null, null, List.of(), null, false));
  }

  private static java.net.InetAddress address(String text) {
    byte[] octets = io.netty.util.NetUtil.createByteArrayFromIpAddressString(text);
    try {
      return java.net.InetAddress.getByAddress(octets);
    } catch (java.net.UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private Path keyStore(String maker, KeyMaterial material, String password) throws Exception {
    Path file = directory.resolve("store.p12");
    KeyStore store =
        maker.equals("BC")
            ? KeyStore.getInstance("PKCS12", new BouncyCastleProvider())
            : KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "one",
        material.key(),
        password.toCharArray(),
        material.chain().toArray(X509Certificate[]::new));
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, password.toCharArray());
    }
    return file;
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SniTest {
  @TempDir Path directory;
  private TestCertificates authority;
  private List<CertificateSettings> certificates;
  private Path trust;

  @BeforeEach
  void issue() throws Exception {
    authority = new TestCertificates();
    certificates = new ArrayList<>();
    trust = directory.resolve("ca.pem");
    java.nio.file.Files.writeString(trust, Certificates.pem(authority.authority.chain()));
    add("first", "EC", "pop.example.org");
    add("first-rsa", "RSA", "pop.example.org");
    add("second", "EC", "pop.example.net", "*.mail.example.net");
  }

  private void add(String file, String algorithm, String... names) throws Exception {
    Path written = TestCertificates.write(directory, file, authority.server(algorithm, names));
    certificates.add(CertificateSettings.files(written, null));
  }

  private ServerTls tls(TlsEngine engine, UnknownName unknown) {
    TlsSettings all = TlsSettings.certificates(certificates);
    return ServerTls.of(
        new TlsSettings(
            null,
            null,
            null,
            all.certificates(),
            null,
            List.of(),
            unknown,
            ClientCertificates.OFF,
            null,
            null,
            TicketSettings.defaults(),
            null,
            engine,
            Duration.ofSeconds(20),
            Duration.ZERO));
  }

  private String shown(TestTls server, String name) throws Exception {
    try (SSLSocket socket = TestTls.connect(TestTls.trusting(trust), server.implicitPort())) {
      var parameters = socket.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName(name)));
      parameters.setEndpointIdentificationAlgorithm("");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      X509Certificate seen = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return seen.getSubjectX500Principal().getName() + "/" + seen.getPublicKey().getAlgorithm();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENSSL", "JDK"})
  @DisplayName("L10: SNI chooses the certificate, exactly or by a wildcard for one label")
  void chooses(TlsEngine engine) throws Exception {
    try (TestTls server = new TestTls(tls(engine, UnknownName.DEFAULT))) {
      assertEquals("CN=pop.example.org/EC", shown(server, "pop.example.org"));
      assertEquals("CN=pop.example.net/EC", shown(server, "pop.example.net"));
      assertEquals("CN=pop.example.net/EC", shown(server, "POP.Example.NET"));
      assertEquals("CN=pop.example.net/EC", shown(server, "a.mail.example.net"));
      // Neither two labels nor none.
      assertEquals("CN=pop.example.org/EC", shown(server, "a.b.mail.example.net"));
      assertEquals("CN=pop.example.org/EC", shown(server, "mail.example.net"));
      assertEquals("CN=pop.example.org/EC", shown(server, "unknown.example"));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENSSL", "JDK"})
  @DisplayName("L10: an unknown name gets alert 112 if so configured")
  void refusesUnknownNames(TlsEngine engine) throws Exception {
    try (TestTls server = new TestTls(tls(engine, UnknownName.REFUSE))) {
      assertEquals("CN=pop.example.net/EC", shown(server, "pop.example.net"));
      SSLException e = assertThrows(SSLException.class, () -> shown(server, "unknown.example"));
      assertTrue(String.valueOf(e.getMessage()).contains("unrecognized_name"), e::toString);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "OPENSSL, -tls1_3 -sigalgs RSA-PSS+SHA256:RSA+SHA256, RSA-PSS",
    "OPENSSL, -tls1_3, ECDSA",
    "OPENSSL, -tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256, RSA",
    "OPENSSL, -tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256, ECDSA",
    "OPENSSL, -tls1_2, ECDSA",
    "JDK, -tls1_3 -sigalgs RSA-PSS+SHA256:RSA+SHA256, RSA-PSS",
    "JDK, -tls1_3, ECDSA",
    "JDK, -tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256, RSA"
  })
  @DisplayName("L9: RSA and ECDSA side by side; the client's abilities choose")
  void choosesTheKeyThatTheClientVerifies(TlsEngine engine, String options, String expected)
      throws Exception {
    assumeTrue(OpenSslClient.isInstalled(), "needs openssl");
    try (TestTls server = new TestTls(tls(engine, UnknownName.DEFAULT))) {
      String said =
          OpenSslClient.quit(
              server.implicitPort(), (options + " -servername pop.example.org").split(" "));
      assertTrue(said.contains("+OK secure"), said);
      String signature =
          said.lines()
              .filter(line -> line.startsWith("Peer signature type: "))
              .findFirst()
              .orElseThrow(() -> new AssertionError(said));
      assertTrue(signature.startsWith("Peer signature type: " + expected), signature);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "*.mail.example.net",
        "*",
        ".mail.example.net",
        "pop.example.net..",
        "pop.example.net\0",
        "pop\0.example.net",
        "\u00ff.example.net",
        "pop.example.net/x"
      })
  @DisplayName("N062: strange names are unknown names")
  void strangeNamesAreUnknown(String name) {
    assertNull(chosen(name, UnknownName.REFUSE), name);
    assertNotNull(chosen(name, UnknownName.DEFAULT), name);
  }

  @Test
  @DisplayName("N062: a trailing dot is no part of a name, 255 octets are one too many")
  void namesHaveALimit() {
    assertNotNull(chosen("pop.example.net.", UnknownName.REFUSE));
    assertNull(chosen("a".repeat(240) + ".mail.example.net", UnknownName.REFUSE));
    assertNotNull(chosen("a".repeat(60) + ".mail.example.net", UnknownName.REFUSE));
    assertNull(chosen("a".repeat(255), UnknownName.REFUSE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "2001:db8::1", "[2001:db8::1]"})
  @DisplayName("N062: an IP literal names nothing, so it gets the default")
  void addressesGetTheDefault(String address) {
    Identity identity = chosen(address, UnknownName.REFUSE);
    assertEquals(Set.of("pop.example.org"), Objects.requireNonNull(identity).names());
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENSSL", "JDK"})
  @DisplayName("N062: strange names on the wire end in an alert or a handshake, the server lives")
  void survivesStrangeNames(TlsEngine engine) throws Exception {
    assumeTrue(OpenSslClient.isInstalled(), "needs openssl");
    try (TestTls server = new TestTls(tls(engine, UnknownName.DEFAULT))) {
      for (String name :
          List.of("a".repeat(255), "pop.example.net.", "192.0.2.1", "ü", "-", "..")) {
        String said = OpenSslClient.quit(server.implicitPort(), "-servername", name);
        assertTrue(said.contains("+OK secure") || said.contains("lert"), said);
        assertNotNull(server.nextHandshake());
      }
      assertEquals("CN=pop.example.net/EC", shown(server, "pop.example.net"));
    }
  }

  @Test
  @DisplayName("N062: names of any octets and lengths in a ClientHello are read or left")
  void readsAnyNames() {
    for (int length : new int[] {0, 1, 255, 256, 4000}) {
      byte[] name = new byte[length];
      ClientHello hello = ClientHello.parse(hello(name));
      assertEquals(new String(name, StandardCharsets.ISO_8859_1), hello.serverName());
    }
  }

  @Test
  @DisplayName("N062: nothing is kept per name that clients ask for (CVE-2017-15130)")
  void keepsNothingPerName() {
    Identities identities = tls(TlsEngine.AUTO, UnknownName.DEFAULT).identities();
    Set<String> before = identities.names();
    for (int i = 0; i < 10_000; i++) {
      ClientHello hello =
          new ClientHello("n" + i + ".example", List.of(), Set.of(), Set.of(), Set.of());
      assertNotNull(identities.choose(hello, UnknownName.DEFAULT));
    }
    assertEquals(before, identities.names());
    assertEquals(3, before.size());
  }

  private @org.jspecify.annotations.Nullable Identity chosen(String name, UnknownName unknown) {
    ClientHello hello = new ClientHello(name, List.of(), Set.of(), Set.of(), Set.of());
    return tls(TlsEngine.AUTO, UnknownName.DEFAULT).identities().choose(hello, unknown);
  }

  private static ByteBuf hello(byte[] name) {
    ByteBuf body = Unpooled.buffer();
    body.writeShort(0x0303).writeZero(32).writeByte(0);
    body.writeShort(2).writeShort(0x1301).writeByte(1).writeByte(0);
    body.writeShort(name.length + 9);
    body.writeShort(0).writeShort(name.length + 5);
    body.writeShort(name.length + 3).writeByte(0).writeShort(name.length).writeBytes(name);
    return body;
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SelfSignedTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir Path parent;

  private KeyMaterial ensure(Instant now, String... names) {
    return selfSigned(now).ensure(List.of(names));
  }

  private SelfSigned selfSigned(Instant now) {
    return new SelfSigned(parent.resolve("tls"), Clock.fixed(now, ZoneOffset.UTC));
  }

  private X509Certificate authority() {
    return KeyMaterial.certificates(selfSigned(NOW).authorityFile()).get(0);
  }

  @Test
  void writesKeysForTheOwnerOnlyAndTheAuthorityForAll() throws IOException {
    ensure(NOW);
    assertEquals("rw-------", permissions("ca-key.pem"));
    assertEquals("rw-------", permissions("server.pem"));
    assertEquals("rw-r--r--", permissions("ca.pem"));
    assertEquals(Set.of("ca-key.pem", "server.pem", "ca.pem", "lock"), files());
    assertFalse(Files.readString(parent.resolve("tls/ca.pem")).contains("PRIVATE"));
  }

  @Test
  void givesTheCertificateWhatStrictClientsAskFor() throws Exception {
    X509Certificate leaf =
        ensure(NOW, "Mail.Example.ORG", "b\u00fccher.example", "192.0.2.7").certificate();
    Set<String> names =
        leaf.getSubjectAlternativeNames().stream()
            .map(n -> n.get(0) + ":" + n.get(1))
            .collect(Collectors.toSet());
    assertEquals(
        Set.of(
            "2:localhost",
            "2:mail.example.org",
            "2:xn--bcher-kva.example",
            "7:127.0.0.1",
            "7:192.0.2.7",
            "7:0:0:0:0:0:0:0:1"),
        names);
    assertEquals(List.of("1.3.6.1.5.5.7.3.1"), leaf.getExtendedKeyUsage());
    assertEquals(-1, leaf.getBasicConstraints());
    assertTrue(leaf.getKeyUsage()[0], "digitalSignature");
    assertEquals(Set.of("2.5.29.15", "2.5.29.19"), leaf.getCriticalExtensionOIDs());
    assertEquals(3, leaf.getVersion());
    assertTrue(leaf.getSerialNumber().signum() > 0);
    assertTrue(leaf.getSerialNumber().bitLength() >= 127, "room for randomness");
    Duration life =
        Duration.between(leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant());
    assertEquals(Duration.ofDays(397).minusSeconds(1), life);

    X509Certificate ca = authority();
    assertEquals(0, ca.getBasicConstraints(), "an authority, for servers only");
    assertTrue(ca.getKeyUsage()[5], "keyCertSign");
    assertEquals(Set.of("2.5.29.15", "2.5.29.19"), ca.getCriticalExtensionOIDs());
    // The leaf's authority key identifier ends with the authority's subject key identifier.
    byte[] subjectId = ca.getExtensionValue("2.5.29.14");
    byte[] authorityId = leaf.getExtensionValue("2.5.29.35");
    assertArrayEquals(last20(subjectId), last20(authorityId));
    leaf.verify(ca.getPublicKey());
  }

  @Test
  void secondRunReusesWhatIsThere() {
    KeyMaterial first = ensure(NOW, "a.example");
    KeyMaterial second = ensure(NOW.plus(Duration.ofDays(300)), "a.example");
    assertEquals(first.certificate(), second.certificate());
    assertEquals(first.key(), second.key());
  }

  @Test
  void renewsInTheLast30DaysUnderTheSameAuthority() throws Exception {
    KeyMaterial first = ensure(NOW);
    X509Certificate ca = authority();
    Instant end = first.certificate().getNotAfter().toInstant();
    assertEquals(first.certificate(), ensure(end.minus(Duration.ofDays(31))).certificate());
    KeyMaterial renewed = ensure(end.minus(Duration.ofDays(29)));
    assertNotEquals(first.certificate(), renewed.certificate());
    assertEquals(ca, authority());
    renewed.certificate().verify(ca.getPublicKey());
    KeyMaterial afterExpiry = ensure(end.plus(Duration.ofDays(500)));
    assertNotEquals(renewed.certificate(), afterExpiry.certificate());
    assertEquals(ca, authority());
  }

  @Test
  void issuesAnewForOtherNamesUnderTheSameAuthority() {
    KeyMaterial first = ensure(NOW, "a.example");
    X509Certificate ca = authority();
    KeyMaterial other = ensure(NOW, "b.example");
    assertNotEquals(first.certificate(), other.certificate());
    assertEquals(ca, authority());
  }

  @Test
  void serverCertificateDoesNotOutliveTheAuthorityAndANewOneFollows() {
    ensure(NOW);
    X509Certificate ca = authority();
    Instant end = ca.getNotAfter().toInstant();
    KeyMaterial late = ensure(end.minus(Duration.ofDays(100)));
    assertFalse(late.certificate().getNotAfter().toInstant().isAfter(end));
    KeyMaterial next = ensure(end.minus(Duration.ofDays(10)));
    assertNotEquals(ca, authority());
    assertEquals(
        authority().getSubjectX500Principal(), next.certificate().getIssuerX500Principal());
  }

  @Test
  void restoresTheAuthorityFileAndClosesOpenKeys() throws IOException {
    ensure(NOW);
    X509Certificate ca = authority();
    Files.delete(selfSigned(NOW).authorityFile());
    Path key = parent.resolve("tls/ca-key.pem");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    ensure(NOW);
    assertEquals(ca, authority());
    assertEquals("rw-------", permissions("ca-key.pem"));
  }

  @Test
  void refusesToReplaceABrokenAuthority() throws IOException {
    ensure(NOW);
    Path key = parent.resolve("tls/ca-key.pem");
    Files.writeString(key, "oops");
    TlsException e = assertThrows(TlsException.class, () -> ensure(NOW));
    assertEquals(key + ": no certificate in it (expected: BEGIN CERTIFICATE)", e.getMessage());
    assertEquals("oops", Files.readString(key));
  }

  @Test
  void saysThatTheDirectoryCannotBeMade() throws IOException {
    Path file = Files.createFile(parent.resolve("tls"));
    TlsException e = assertThrows(TlsException.class, () -> ensure(NOW));
    assertEquals(
        "cannot keep certificates in "
            + file
            + ": java.nio.file.FileAlreadyExistsException: "
            + file,
        e.getMessage());
  }

  @Test
  void refusesWhatIsNoName() {
    TlsException e = assertThrows(TlsException.class, () -> ensure(NOW, "a b"));
    assertEquals("name \"a b\" (expected: a host name or an IP address)", e.getMessage());
  }

  @Test
  void startsAtTheSameTimeAgreeOnOneAuthority() throws Exception {
    List<Future<KeyMaterial>> runs = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        runs.add(threads.submit(() -> ensure(NOW)));
      }
    }
    X509Certificate first = runs.get(0).get().certificate();
    for (Future<KeyMaterial> run : runs) {
      assertEquals(first, run.get().certificate());
    }
  }

  @Test
  @DisplayName("OpenSSL's strictest check accepts the chain")
  void opensslAccepts() throws Exception {
    ensure(Clock.systemUTC().instant());
    String directory = parent.resolve("tls").toString();
    run(
        "openssl",
        "verify",
        "-x509_strict",
        "-purpose",
        "sslserver",
        "-verify_hostname",
        "localhost",
        "-CAfile",
        directory + "/ca.pem",
        directory + "/server.pem");
  }

  @Test
  @DisplayName("Python's ssl in strict mode accepts the server")
  void pythonAccepts() throws Exception {
    KeyMaterial material = ensure(Clock.systemUTC().instant());
    String program =
        """
        import socket, ssl, sys
        c = ssl.create_default_context(cafile=sys.argv[1])
        c.verify_flags |= ssl.VERIFY_X509_STRICT
        c.set_alpn_protocols(['pop3'])
        s = c.wrap_socket(socket.create_connection(('127.0.0.1', int(sys.argv[2]))), server_hostname=sys.argv[3])
        assert s.selected_alpn_protocol() == 'pop3'
        assert s.recv(99) == b'+OK secure\\r\\n'
        """;
    ServerTls tls = ServerTls.of(material, TlsEngine.AUTO, Duration.ofSeconds(20));
    try (TestTls server = new TestTls(tls)) {
      String ca = selfSigned(NOW).authorityFile().toString();
      String port = Integer.toString(server.implicitPort());
      run("python3", "-c", program, ca, port, "localhost");
      run("python3", "-c", program, ca, port, "127.0.0.1");
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      assumeTrue(false, command[0] + " is not installed");
      throw e;
    }
    byte[] output = process.getInputStream().readAllBytes();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), () -> new String(output, StandardCharsets.UTF_8));
  }

  private String permissions(String name) throws IOException {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(parent.resolve("tls").resolve(name)));
  }

  private Set<String> files() throws IOException {
    try (Stream<Path> files = Files.list(parent.resolve("tls"))) {
      return files.map(f -> f.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  private static byte[] last20(byte[] octets) {
    return java.util.Arrays.copyOfRange(octets, octets.length - 20, octets.length);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ClientCertificatesTest {
  private static final String REQUEST = "Acceptable client certificate CA names";

  @TempDir Path directory;
  private TestCertificates authority;
  private Path server;
  private Path ca;
  private KeyMaterial client;
  private Path clientFile;

  @BeforeEach
  void issue() throws Exception {
    assumeTrue(OpenSslClient.isInstalled(), "needs openssl");
    authority = new TestCertificates();
    server = TestCertificates.write(directory, "server", authority.server("EC", "pop.example.org"));
    ca = directory.resolve("ca.pem");
    Files.writeString(ca, Certificates.pem(authority.authority.chain()));
    client = authority.client("alice@example.org");
    clientFile = TestCertificates.write(directory, "client", client);
  }

  private TestTls server(TlsEngine engine, ClientCertificates mode, @Nullable Path crl) {
    return new TestTls(
        ServerTls.of(
            new TlsSettings(
                server,
                null,
                null,
                List.of(),
                null,
                List.of(),
                UnknownName.DEFAULT,
                mode,
                mode == ClientCertificates.OFF ? null : ca,
                crl,
                TicketSettings.defaults(),
                null,
                engine,
                Duration.ofSeconds(20),
                Duration.ZERO)));
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENSSL", "JDK"})
  @DisplayName("L12: clients are not asked for a certificate unless configured")
  void doesNotAsk(TlsEngine engine) throws Exception {
    try (TestTls server = server(engine, ClientCertificates.OFF, null)) {
      String said = OpenSslClient.quit(server.implicitPort(), "-cert", clientFile.toString());
      assertTrue(said.contains("+OK secure"), said);
      assertFalse(said.contains(REQUEST), said);
      assertEquals(List.of(), server.clients());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "OPENSSL,OPTIONAL,tls1_3",
    "OPENSSL,OPTIONAL,tls1_2",
    "OPENSSL,REQUIRED,tls1_3",
    "JDK,OPTIONAL,tls1_3",
    "JDK,REQUIRED,tls1_2"
  })
  @DisplayName("L12, S22: a good certificate is known after the handshake")
  void takesAGoodOne(TlsEngine engine, ClientCertificates mode, String version) throws Exception {
    try (TestTls server = server(engine, mode, null)) {
      String said =
          OpenSslClient.quit(server.implicitPort(), "-" + version, "-cert", clientFile.toString());
      assertTrue(said.contains("+OK secure"), said);
      assertTrue(said.contains(REQUEST), said);
      assertEquals(List.of(client.certificate()), server.clients());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENSSL", "JDK"})
  void servesWithoutOneIfOptional(TlsEngine engine) throws Exception {
    try (TestTls server = server(engine, ClientCertificates.OPTIONAL, null)) {
      String said = OpenSslClient.quit(server.implicitPort());
      assertTrue(said.contains("+OK secure"), said);
      assertEquals(List.of(), server.clients());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENSSL", "JDK"})
  void refusesNoneIfRequired(TlsEngine engine) throws Exception {
    try (TestTls server = server(engine, ClientCertificates.REQUIRED, null)) {
      String said = OpenSslClient.quit(server.implicitPort());
      assertFalse(said.contains("+OK secure"), said);
      assertFalse(server.nextHandshake().isSuccess());
    }
  }

  @ParameterizedTest
  @CsvSource({"OPENSSL,OPTIONAL", "OPENSSL,REQUIRED", "JDK,OPTIONAL", "JDK,REQUIRED"})
  void refusesAStrangersCertificate(TlsEngine engine, ClientCertificates mode) throws Exception {
    Path other =
        TestCertificates.write(
            directory, "other", new TestCertificates().client("alice@example.org"));
    try (TestTls server = server(engine, mode, null)) {
      String said = OpenSslClient.quit(server.implicitPort(), "-cert", other.toString());
      assertFalse(said.contains("+OK secure"), said);
      assertFalse(server.nextHandshake().isSuccess());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENSSL", "JDK"})
  void refusesAServersCertificate(TlsEngine engine) throws Exception {
    try (TestTls server = server(engine, ClientCertificates.OPTIONAL, null)) {
      String said = OpenSslClient.quit(server.implicitPort(), "-cert", this.server.toString());
      assertFalse(said.contains("+OK secure"), said);
      assertFalse(server.nextHandshake().isSuccess());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENSSL", "JDK"})
  void refusesARevokedOne(TlsEngine engine) throws Exception {
    Path crl = directory.resolve("crl.der");
    KeyMaterial good = authority.client("bob@example.org");
    Path goodFile = TestCertificates.write(directory, "good", good);
    Files.write(crl, authority.revoked(client.certificate()).getEncoded());
    try (TestTls server = server(engine, ClientCertificates.REQUIRED, crl)) {
      String said = OpenSslClient.quit(server.implicitPort(), "-cert", goodFile.toString());
      assertTrue(said.contains("+OK secure"), said);
      assertTrue(server.nextHandshake().isSuccess());
      said = OpenSslClient.quit(server.implicitPort(), "-cert", clientFile.toString());
      assertFalse(said.contains("+OK secure"), said);
      Throwable cause = server.nextHandshake().cause();
      StringBuilder all = new StringBuilder();
      for (Throwable t = cause; t != null; t = t.getCause()) {
        all.append(t.getMessage()).append('\n');
      }
      assertTrue(all.toString().contains("revoked"), all::toString);
    }
  }

  @Test
  void saysThatTheListIsBroken() throws Exception {
    Path crl = directory.resolve("crl.der");
    Files.writeString(crl, "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n");
    TlsException e =
        org.junit.jupiter.api.Assertions.assertThrows(
            TlsException.class, () -> server(TlsEngine.JDK, ClientCertificates.REQUIRED, crl));
    assertTrue(String.valueOf(e.getMessage()).startsWith(crl + ": "), e::getMessage);
  }
}

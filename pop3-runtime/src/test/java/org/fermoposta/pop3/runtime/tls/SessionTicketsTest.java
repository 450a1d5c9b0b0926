// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SessionTicketsTest {
  @TempDir Path directory;
  private TestCertificates authority;
  private Path certificate;
  private Path session;

  @BeforeEach
  void issue() throws Exception {
    assumeTrue(OpenSslClient.isInstalled(), "needs openssl");
    authority = new TestCertificates();
    certificate =
        TestCertificates.write(directory, "server", authority.server("EC", "pop.example.org"));
    session = directory.resolve("session");
  }

  private ServerTls tls(TlsEngine engine, TicketSettings tickets, @Nullable Path clientCa) {
    return ServerTls.of(
        new TlsSettings(
            certificate,
            null,
            null,
            List.of(),
            null,
            List.of(),
            UnknownName.DEFAULT,
            clientCa == null ? ClientCertificates.OFF : ClientCertificates.OPTIONAL,
            clientCa,
            null,
            tickets,
            null,
            engine,
            Duration.ofSeconds(20),
            Duration.ZERO));
  }

  private boolean first(TestTls server, String version) throws Exception {
    return resumed(server, version, "-sess_out");
  }

  private boolean again(TestTls server, String version) throws Exception {
    return resumed(server, version, "-sess_in");
  }

  private boolean resumed(TestTls server, String version, String what) throws Exception {
    String said =
        OpenSslClient.quit(server.implicitPort(), "-" + version, what, session.toString());
    assertTrue(said.contains("+OK secure"), said);
    boolean reused = said.contains("\nReused, ");
    assertTrue(reused || said.contains("\nNew, "), said);
    return reused;
  }

  @ParameterizedTest
  @CsvSource({"OPENSSL,tls1_2", "OPENSSL,tls1_3", "JDK,tls1_2", "JDK,tls1_3"})
  void resumes(TlsEngine engine, String version) throws Exception {
    try (TestTls server = new TestTls(tls(engine, TicketSettings.defaults(), null))) {
      assertFalse(first(server, version));
      assertTrue(again(server, version));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tls1_2", "tls1_3"})
  @DisplayName("L9: nodes with the same ticket keys resume each other's sessions")
  void sharesKeysBetweenNodes(String version) throws Exception {
    Path keys = directory.resolve("tickets");
    Files.write(keys, random(48));
    TicketSettings shared = new TicketSettings(keys, Duration.ofHours(1));
    try (TestTls one = new TestTls(tls(TlsEngine.OPENSSL, shared, null));
        TestTls other = new TestTls(tls(TlsEngine.OPENSSL, shared, null));
        TestTls stranger = new TestTls(tls(TlsEngine.OPENSSL, TicketSettings.defaults(), null))) {
      assertFalse(first(one, version));
      assertTrue(again(other, version));
      assertFalse(again(stranger, version));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tls1_2", "tls1_3"})
  @DisplayName("a new shared key is taken from the file, and the one before still opens tickets")
  void takesNewSharedKeys(String version) throws Exception {
    Path keys = directory.resolve("tickets");
    byte[] old = random(48);
    Files.write(keys, old);
    ServerTls tls = tls(TlsEngine.OPENSSL, new TicketSettings(keys, Duration.ofHours(1)), null);
    try (TestTls server = new TestTls(tls)) {
      assertFalse(first(server, version));
      byte[] both = java.util.Arrays.copyOf(random(48), 96);
      System.arraycopy(old, 0, both, 48, 48);
      Files.write(keys, both);
      tls.reload();
      assertTrue(again(server, version));
      Files.write(keys, random(48));
      tls.reload();
      assertFalse(again(server, version));
    }
  }

  @ParameterizedTest
  @CsvSource({"OPENSSL,tls1_2", "OPENSSL,tls1_3", "JDK,tls1_2", "JDK,tls1_3"})
  @DisplayName("L12: a session is not resumed where clients' certificates are trusted otherwise")
  void doesNotResumeAcrossTrust(TlsEngine engine, String version) throws Exception {
    Path keys = directory.resolve("tickets");
    Files.write(keys, random(48));
    Path ca = directory.resolve("client-ca.pem");
    Files.writeString(ca, Certificates.pem(authority.authority.chain()));
    TicketSettings shared = new TicketSettings(keys, Duration.ofHours(1));
    try (TestTls without = new TestTls(tls(engine, shared, null));
        TestTls with = new TestTls(tls(engine, shared, ca))) {
      assertFalse(first(without, version));
      // BoringSSL ends a handshake for such a session or makes a new one; both are no resumption.
      String said =
          OpenSslClient.quit(with.implicitPort(), "-" + version, "-sess_in", session.toString());
      assertFalse(said.contains("\nReused, ") && said.contains("+OK"), said);
    }
  }

  @ParameterizedTest
  @CsvSource({"OPENSSL", "JDK"})
  @DisplayName("N061: early data is not accepted")
  void refusesEarlyData(TlsEngine engine) throws Exception {
    Path early = directory.resolve("early");
    Files.writeString(early, "DELE 1\r\n");
    try (TestTls server = new TestTls(tls(engine, TicketSettings.defaults(), null))) {
      assertFalse(first(server, "tls1_3"));
      String said =
          OpenSslClient.quit(
              server.implicitPort(),
              "-tls1_3",
              "-sess_in",
              session.toString(),
              "-early_data",
              early.toString());
      assertFalse(said.contains("Early data was accepted"), said);
      assertTrue(said.contains("Max Early Data: 0") || said.contains("Early data was"), said);
    }
  }

  @Test
  void rotatesOwnKeysAndKeepsOneMore() {
    AtomicLong now = new AtomicLong();
    TicketKeys keys = new TicketKeys(TicketSettings.defaults(), now::get);
    assertEquals(1, keys.size());
    assertFalse(keys.rotate());
    now.addAndGet(Duration.ofHours(12).toNanos());
    assertTrue(keys.rotate());
    assertFalse(keys.rotate());
    assertEquals(2, keys.size());
    now.addAndGet(Duration.ofHours(13).toNanos());
    assertTrue(keys.rotate());
    assertEquals(2, keys.size());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 47, 49, 80, 432})
  void saysThatTheKeyFileIsNoneOfKeys(int octets) throws Exception {
    Path file = directory.resolve("tickets");
    Files.write(file, random(octets));
    TicketKeys keys = new TicketKeys(new TicketSettings(file, Duration.ofHours(1)), () -> 0);
    TlsException e = assertThrows(TlsException.class, keys::reload);
    assertEquals(
        file + ": " + octets + " octets (expected: 1 to 8 ticket keys of 48 octets)",
        e.getMessage());
  }

  private static byte[] random(int length) {
    byte[] octets = new byte[length];
    new SecureRandom().nextBytes(octets);
    return octets;
  }
}

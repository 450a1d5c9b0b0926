// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import static org.fermoposta.pop3.client.Servers.capabilities;
import static org.fermoposta.pop3.client.Servers.expect;
import static org.fermoposta.pop3.client.Servers.expectEnd;
import static org.fermoposta.pop3.client.Servers.login;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.X509TrustManager;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.ScriptedServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Which servers are believed, beside those whom the system believes; and memory of STLS. */
@ExtendWith(LeakExtension.class)
@SuppressWarnings("NullAway.Init") // set before all tests
class TlsTrustTest {
  private static final KeyPin OTHER = KeyPin.parse("sha256//" + "A".repeat(43) + "=");

  @TempDir static Path directory;
  private static TestCertificate localhost;
  private static TestCertificate elsewhere;

  @BeforeAll
  static void makeCertificates() throws Exception {
    localhost = TestCertificate.make(directory, "localhost", "dns:localhost,ip:127.0.0.1");
    elsewhere = TestCertificate.make(directory, "elsewhere", "dns:pop.example.net");
  }

  @Test
  @DisplayName(
      "CL10: the session tells protocol, cipher suite, certificate, and that it was pinned")
  void pinned() throws Exception {
    KeyPin pin = KeyPin.of(localhost.certificate());
    TlsTrust trust = TlsTrust.certificates(localhost.pem()).pinned(List.of(OTHER, pin));
    try (ScriptedServer server = ScriptedServer.startTls(localhost.server(), Servers::login);
        BlockingPop3Session session = Pop3Client.open(config(server, trust))) {
      TlsInfo tls = session.async().tls().orElseThrow();
      assertTrue(tls.protocol().matches("TLSv1\\.[23]"), tls.protocol());
      assertTrue(tls.cipherSuite().startsWith("TLS_"), tls.cipherSuite());
      assertEquals(List.of(localhost.certificate()), tls.certificates());
      assertTrue(tls.pinned());
      assertFalse(tls.byStls());
      assertEquals("USER", session.async().loginMechanism());
    }
  }

  @Test
  @DisplayName("CL8: another key than the pinned one is refused, whoever vouches for it")
  void anotherKey() throws Exception {
    assertRefused(localhost, TlsTrust.certificates(localhost.pem()).pinned(List.of(OTHER)));
    assertRefused(localhost, TlsTrust.pinnedAlone(List.of(OTHER)));
  }

  @Test
  @DisplayName(
      "CL8: a pin does not make up for a wrong name or issuer, unless it is all that counts")
  void pinnedAlone() throws Exception {
    List<KeyPin> pin = List.of(KeyPin.of(elsewhere.certificate()));
    assertRefused(elsewhere, TlsTrust.system().pinned(pin));
    assertRefused(elsewhere, TlsTrust.certificates(elsewhere.pem()).pinned(pin));
    assertAccepted(elsewhere, TlsTrust.pinnedAlone(pin));
  }

  @Test
  @DisplayName("CL8: a manager of the application vouches, and the name is checked all the same")
  void manager() throws Exception {
    assertAccepted(localhost, TlsTrust.manager(new Vouching(true)));
    assertRefused(elsewhere, TlsTrust.manager(new Vouching(true)));
    assertRefused(localhost, TlsTrust.manager(new Vouching(false)));
  }

  @Test
  @DisplayName("CL8 DS4: a certificate for the mail domain does for a host that DNS named")
  void mailDomain() throws Exception {
    TlsTrust trust = TlsTrust.certificates(elsewhere.pem());
    assertAccepted(elsewhere, trust.forDomain("pop.example.net"));
    assertRefused(elsewhere, trust.forDomain("example.net"));
  }

  @Test
  @DisplayName("CL8 N087: an address is looked for among the addresses")
  void address() throws Exception {
    TlsTrust trust = TlsTrust.certificates(localhost.pem());
    try (ScriptedServer server = ScriptedServer.startTls(localhost.server(), Servers::login)) {
      Pop3Client.open(
              Pop3ClientConfig.builder("127.0.0.1")
                  .port(server.port())
                  .trust(trust)
                  .credentials("alice", Secret.ofUtf8("open sesame"))
                  .build())
          .close();
    }
  }

  @Test
  @DisplayName("CL8: a host beyond ASCII is its A-labels; one that is no name is refused")
  void internationalHost() {
    Pop3ClientConfig config =
        Pop3ClientConfig.builder("b\u00fccher.example")
            .credentials("alice", Secret.ofUtf8("x"))
            .build();
    assertEquals("xn--bcher-kva.example", config.host());
    assertThrows(IllegalArgumentException.class, () -> Pop3ClientConfig.builder("a\u2028b"));
    assertThrows(IllegalArgumentException.class, () -> Pop3ClientConfig.builder("a b"));
    assertThrows(IllegalArgumentException.class, () -> Pop3ClientConfig.builder(""));
  }

  @Test
  @DisplayName("pins are read in base64 and in hexadecimal, and nothing else")
  void pins() throws Exception {
    KeyPin pin = KeyPin.of(localhost.certificate());
    assertEquals(pin, KeyPin.parse(pin.toString()));
    assertEquals(pin, KeyPin.parse(pin.toString().substring("sha256//".length())));
    assertEquals(KeyPin.parse("00".repeat(32)), OTHER);
    assertEquals(KeyPin.parse("00" + ":00".repeat(31)), OTHER);
    for (String wrong : List.of("", "sha256//", "00", "sha1//" + "A".repeat(43) + "=", "!")) {
      assertThrows(IllegalArgumentException.class, () -> KeyPin.parse(wrong));
    }
  }

  @Test
  @DisplayName("S22 L12: EXTERNAL, with the certificate that TLS asked for")
  void external() throws Exception {
    TestCertificate alice = TestCertificate.make(directory, "alice", "email:alice@example.org");
    for (String user : List.of("", "alice")) {
      try (ScriptedServer server =
          ScriptedServer.start(
              peer -> {
                assertEquals(
                    List.of(alice.certificate()),
                    List.of(
                        peer.startTlsAsServer(localhost.believing(alice), true)
                            .getPeerCertificates()));
                peer.sendLine("+OK");
                capabilities(peer, "SASL PLAIN EXTERNAL");
                expect(peer, "AUTH EXTERNAL " + (user.isEmpty() ? "=" : "YWxpY2U="), "+OK");
                capabilities(peer);
              })) {
        Pop3ClientConfig config =
            Pop3ClientConfig.builder("localhost")
                .port(server.port())
                .trust(TlsTrust.certificates(localhost.pem()))
                .clientCertificate(
                    ClientCertificate.fromPkcs12(
                        alice.store(), TestCertificate.PASSWORD.toCharArray()))
                .external(user)
                .build();
        try (BlockingPop3Session session = Pop3Client.open(config)) {
          assertEquals("EXTERNAL", session.async().loginMechanism());
        }
      }
    }
    assertThrows(
        IllegalStateException.class, () -> Pop3ClientConfig.builder("h").external("").build());
  }

  @Test
  @DisplayName("CL9 N084: a server that secured a connection by STLS must do so ever after")
  void neverPlainAgain() throws Exception {
    ServerMemory memory = ServerMemory.create();
    Remembering persisted = new Remembering();
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "STLS");
              expect(peer, "STLS", "+OK");
              peer.startTlsAsServer(localhost.server());
              capabilities(peer, "USER");
              expect(peer, "USER alice", "+OK");
              expect(peer, "PASS open sesame", "+OK");
              capabilities(peer);
            },
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "USER", "SASL PLAIN");
              expectEnd(peer);
            },
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "USER");
              expect(peer, "USER alice", "+OK");
              expect(peer, "PASS open sesame", "+OK");
              capabilities(peer);
            },
            peer -> {
              peer.sendLine("+OK");
              capabilities(peer, "USER");
              expectEnd(peer);
            })) {
      Pop3ClientConfig.Builder config =
          builder(server)
              .tls(TlsMode.STLS_IF_AVAILABLE)
              .allowClearPassword(true)
              .trust(TlsTrust.certificates(localhost.pem()))
              .serverMemory(memory);
      try (BlockingPop3Session session = Pop3Client.open(config.build())) {
        assertTrue(session.async().tls().orElseThrow().byStls());
      }
      assertTrue(memory.knows("localhost:" + server.port(), ServerMemory.Trait.SECURES_BY_STLS));
      assertThrows(Pop3TlsException.class, () -> Pop3Client.open(config.build()));
      config.serverMemory(persisted);
      Pop3Client.open(config.build()).close();
      persisted.known.add("localhost:" + server.port() + " SECURES_BY_STLS");
      assertThrows(Pop3TlsException.class, () -> Pop3Client.open(config.build()));
    }
  }

  private static void assertAccepted(TestCertificate certificate, TlsTrust trust) throws Exception {
    try (ScriptedServer server = ScriptedServer.startTls(certificate.server(), Servers::login)) {
      Pop3Client.open(config(server, trust)).close();
    }
  }

  private static void assertRefused(TestCertificate certificate, TlsTrust trust) throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer ->
                assertThrows(
                    IOException.class,
                    () -> {
                      peer.startTlsAsServer(certificate.server());
                      login(peer);
                    }))) {
      assertThrows(Pop3TlsException.class, () -> Pop3Client.open(config(server, trust)));
    }
  }

  private static Pop3ClientConfig config(ScriptedServer server, TlsTrust trust) {
    return builder(server).trust(trust).build();
  }

  private static Pop3ClientConfig.Builder builder(ScriptedServer server) {
    return Pop3ClientConfig.builder("localhost")
        .port(server.port())
        .timeouts(Pop3Timeouts.all(Servers.PATIENCE))
        .credentials("alice", Secret.ofUtf8("open sesame"));
  }

  /** As an application would keep it. */
  private static final class Remembering implements ServerMemory {
    final Set<String> known = ConcurrentHashMap.newKeySet();

    @Override
    public boolean knows(String endpoint, Trait trait) {
      return known.contains(endpoint + " " + trait);
    }

    @Override
    public void learn(String endpoint, Trait trait) {
      known.add(endpoint + " " + trait);
    }
  }

  private record Vouching(boolean vouches) implements X509TrustManager {
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyExchange)
        throws CertificateException {
      if (!vouches) {
        throw new CertificateException("not this one");
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyExchange)
        throws CertificateException {
      throw new CertificateException("no clients");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}

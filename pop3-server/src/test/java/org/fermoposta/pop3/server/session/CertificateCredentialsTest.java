// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.fermoposta.pop3.protocol.sasl.CredentialAnswer;
import org.fermoposta.pop3.protocol.sasl.CredentialRequest;
import org.fermoposta.pop3.runtime.tls.TlsFacts;
import org.fermoposta.pop3.server.auth.CertificateNames;
import org.fermoposta.pop3.server.auth.LoginContext;
import org.fermoposta.pop3.server.device.Devices;
import org.fermoposta.pop3.server.store.memory.MemoryStore;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** EXTERNAL: whom a verified client certificate lets in (S22, L12, SC16, CVE-2019-3814). */
final class CertificateCredentialsTest {

  @TempDir private Path directory;

  private static X509Certificate certificate(String subject, GeneralName... names)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair pair = generator.generateKeyPair();
    Instant now = Instant.now();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            new X500Name(subject),
            BigInteger.ONE,
            Date.from(now.minusSeconds(60)),
            Date.from(now.plusSeconds(3600)),
            new X500Name(subject),
            pair.getPublic());
    if (names.length > 0) {
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
    }
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
  }

  private static GeneralName[] emails(String... addresses) {
    return Stream.of(addresses)
        .map(address -> new GeneralName(GeneralName.rfc822Name, address))
        .toArray(GeneralName[]::new);
  }

  /** Who is let in as which maildrop; {@code -} if nobody, {@code ?} if nobody can tell. */
  private static String login(
      CertificateNames names, Optional<X509Certificate> certificate, String authorizationId) {
    CertificateCredentials checker =
        new CertificateCredentials(
            names, new Logins(), new Devices(new MemoryStore(), Clock.systemUTC()));
    Optional<TlsFacts> tls = Optional.of(new TlsFacts("TLSv1.3", "TLS_AES", certificate));
    CredentialCheck check =
        checker.check(
            new CredentialRequest.Certificate(authorizationId),
            new LoginContext(InetAddress.getLoopbackAddress(), "pop3s", tls));
    if (check.answer() instanceof CredentialAnswer.Granted granted) {
      Login login = check.login().orElseThrow();
      assertEquals(granted.identity().authenticationId(), login.account().name().value());
      return login.address().toString();
    }
    assertEquals(Optional.empty(), check.login());
    return check.answer() instanceof CredentialAnswer.Unavailable ? "?" : "-";
  }

  @Test
  @DisplayName(
      "the mail address in the certificate is the user; the name sent only chooses of these")
  void emailSan() throws Exception {
    CertificateNames names = CertificateNames.emailSan();
    Optional<X509Certificate> alice =
        Optional.of(certificate("CN=bob", emails("nobody@example.org", "Alice")));
    assertEquals("alice", login(names, alice, ""));
    assertEquals("alice", login(names, alice, "alice"));
    assertEquals("alice+Junk", login(names, alice, "alice+Junk"));
    assertEquals("-", login(names, alice, "bob"));
    assertEquals("-", login(names, alice, "nobody@example.org"));
    Optional<X509Certificate> both = Optional.of(certificate("CN=x", emails("alice", "bob")));
    assertEquals("alice", login(names, both, ""));
    assertEquals("bob", login(names, both, "bob"));
  }

  @Test
  @DisplayName("no certificate, or one without a user's name, lets nobody in whatever name is sent")
  void nobody() throws Exception {
    CertificateNames names = CertificateNames.emailSan();
    Optional<X509Certificate> nameless =
        Optional.of(certificate("CN=alice", new GeneralName(GeneralName.dNSName, "alice")));
    for (String sent : new String[] {"", "alice", "bob"}) {
      assertEquals("-", login(names, Optional.empty(), sent));
      assertEquals("-", login(names, nameless, sent));
      assertEquals("-", login(names, Optional.of(certificate("CN=alice")), sent));
      assertEquals("-", login(names, Optional.of(certificate("O=x", emails("../alice"))), sent));
    }
  }

  @Test
  @DisplayName("the subject's common name is the user, unless there are several")
  void commonName() throws Exception {
    CertificateNames names = CertificateNames.commonName();
    assertEquals("alice", login(names, Optional.of(certificate("CN=Alice,O=x")), ""));
    assertEquals("-", login(names, Optional.of(certificate("CN=alice,CN=bob")), ""));
    assertEquals("-", login(names, Optional.of(certificate("O=alice", emails("alice"))), "alice"));
  }

  @Test
  @DisplayName("a file of fingerprints says whose certificate it is; any other is nobody's")
  void fingerprints() throws Exception {
    X509Certificate known = certificate("CN=whoever", emails("bob"));
    String hex =
        HexFormat.ofDelimiter(":")
            .withUpperCase()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(known.getEncoded()));
    Path file = Files.writeString(directory.resolve("certificates"), hex + " alice\n");
    CertificateNames names = CertificateNames.fingerprints(file);
    assertEquals("alice", login(names, Optional.of(known), ""));
    assertEquals("-", login(names, Optional.of(known), "bob"));
    assertEquals("-", login(names, Optional.of(certificate("CN=alice", emails("alice"))), ""));
  }

  @Test
  @DisplayName("N036: nobody is refused for good while the back end is down")
  void down() throws Exception {
    Optional<X509Certificate> certificate =
        Optional.of(certificate("CN=x", emails("down-for-now", "alice")));
    assertEquals("?", login(CertificateNames.emailSan(), certificate, ""));
  }
}

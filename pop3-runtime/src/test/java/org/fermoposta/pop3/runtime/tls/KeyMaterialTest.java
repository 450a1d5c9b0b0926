// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeyMaterialTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final ASN1ObjectIdentifier AES = NISTObjectIdentifiers.id_aes256_CBC;

  @TempDir Path directory;
  private Path cert;
  private Path key;
  private KeyMaterial authority;
  private KeyMaterial server;

  @BeforeEach
  void issue() throws Exception {
    cert = directory.resolve("cert.pem");
    key = directory.resolve("key.pem");
    authority = Certificates.authority(NOW);
    server = Certificates.server(authority, List.of("localhost"), NOW);
    Files.writeString(cert, "subject=\n" + Certificates.pem(server.chain()));
  }

  @Test
  void readsPlainPkcs8() throws Exception {
    Files.writeString(key, pkcs8(server.key(), null));
    assertEquals(server, load(null));
  }

  @Test
  void readsEncryptedPkcs8() throws Exception {
    Files.writeString(key, pkcs8(server.key(), "p\u00e4ss"));
    assertEquals(server, load(Secret.ofUtf8("p\u00e4ss")));
  }

  @Test
  void readsTraditionalKeysWithParametersBefore() throws Exception {
    String parameters =
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    String text = traditional(server.key(), null);
    assertTrue(text.startsWith("-----BEGIN EC PRIVATE KEY-----"), text);
    Files.writeString(key, parameters + text);
    assertSameNumber(load(null));
  }

  @Test
  void readsEncryptedTraditionalKeys() throws Exception {
    Files.writeString(key, traditional(server.key(), "secret"));
    assertSameNumber(load(Secret.ofUtf8("secret")));
  }

  @Test
  void readsAChainAndAKeyFromOneFile() throws Exception {
    Files.writeString(
        cert,
        Certificates.pem(List.of(server.certificate(), authority.certificate()))
            + pkcs8(server.key(), null));
    KeyMaterial loaded = KeyMaterial.load(cert, cert, null, CLOCK);
    assertEquals(List.of(server.certificate(), authority.certificate()), loaded.chain());
    assertFalse(loaded.toString().contains("key="), loaded::toString);
  }

  @Test
  void asksForThePasswordOfAnEncryptedKey() throws Exception {
    Files.writeString(key, "\n" + pkcs8(server.key(), "secret"));
    assertEquals(
        key + ":2: the key is encrypted (expected: a key-password to go with it)", failure(null));
  }

  @Test
  void saysThatThePasswordIsWrongWithoutShowingIt() throws Exception {
    Files.writeString(key, pkcs8(server.key(), "secret"));
    assertEquals(
        key + ":1: cannot decrypt the key (expected: its password)",
        failure(Secret.ofUtf8("hunter2")));
    Files.writeString(key, traditional(server.key(), "secret"));
    assertTrue(failure(Secret.ofUtf8("hunter2")).startsWith(key + ":1: "));
  }

  @Test
  void saysThatTheKeyDoesNotBelong() throws Exception {
    Files.writeString(key, pkcs8(authority.key(), null));
    assertEquals(
        key + ":1: the key does not belong to the first certificate in " + cert, failure(null));
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2048);
    Files.writeString(key, pkcs8(rsa.generateKeyPair().getPrivate(), null));
    assertEquals(
        key + ":1: the key does not belong to the first certificate in " + cert, failure(null));
  }

  @Test
  void refusesSmallRsaKeys() throws Exception {
    // RFC 9325 section 4.5 (L9).
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(1024);
    Files.writeString(key, pkcs8(rsa.generateKeyPair().getPrivate(), null));
    assertEquals(key + ":1: RSA key of 1024 bits (expected: >= 2048)", failure(null));
  }

  @Test
  void saysThatTheCertificateIsExpiredOrNotYetValid() throws Exception {
    Files.writeString(key, pkcs8(server.key(), null));
    assertEquals(
        cert + ":2: certificate expired at 2027-04-02T10:59:59Z (it is 2028-01-01T00:00:00Z now)",
        failureAt(Instant.parse("2028-01-01T00:00:00Z")));
    assertEquals(
        cert
            + ":2: certificate not valid before 2026-03-01T11:00:00Z"
            + " (it is 2026-01-01T00:00:00Z now)",
        failureAt(Instant.parse("2026-01-01T00:00:00Z")));
  }

  @Test
  void saysThatTheChainIsOutOfOrder() throws Exception {
    Files.writeString(key, pkcs8(server.key(), null));
    KeyMaterial other = Certificates.authority(NOW);
    Files.writeString(cert, Certificates.pem(List.of(server.certificate(), other.certificate())));
    String message = failure(null);
    assertTrue(
        message.matches("\\Q" + cert + "\\E:1\\d: certificate of CN=Fermoposta .*"), message);
  }

  @Test
  void saysWhatIsMissingOrBroken() throws Exception {
    assertEquals(key + ": no such file", failure(null));
    Files.createDirectory(key);
    assertEquals(key + ": cannot be read: Is a directory", failure(null));
    Files.delete(key);
    Files.writeString(key, "nothing");
    assertEquals(key + ": no key in it (expected: BEGIN PRIVATE KEY)", failure(null));
    Files.writeString(key, "\n-----BEGIN PRIVATE KEY-----\nAAAA\n");
    assertEquals(key + ":2: BEGIN PRIVATE KEY without END", failure(null));
    Files.writeString(key, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    assertTrue(failure(null).startsWith(key + ":1: broken PRIVATE KEY: "), failure(null));
    Files.writeString(cert, "\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    assertTrue(failure(null).startsWith(cert + ":2: broken certificate: "), failure(null));
    assertEquals(1, failure(null).lines().count());
    Files.writeString(cert, "");
    assertEquals(cert + ": no certificate in it (expected: BEGIN CERTIFICATE)", failure(null));
  }

  /** The JDK compares encodings, and the traditional one says more. */
  private void assertSameNumber(KeyMaterial loaded) {
    assertEquals(((ECPrivateKey) server.key()).getS(), ((ECPrivateKey) loaded.key()).getS());
    assertEquals(server.chain(), loaded.chain());
  }

  private KeyMaterial load(@Nullable Secret password) {
    return KeyMaterial.load(cert, key, password, CLOCK);
  }

  private String failure(@Nullable Secret password) {
    TlsException e = assertThrows(TlsException.class, () -> load(password));
    assertEquals(ExitCodes.CONFIG, e.exitCode());
    return String.valueOf(e.getMessage());
  }

  private String failureAt(Instant now) {
    Clock clock = Clock.fixed(now.plus(Duration.ZERO), ZoneOffset.UTC);
    TlsException e =
        assertThrows(TlsException.class, () -> KeyMaterial.load(cert, key, null, clock));
    return String.valueOf(e.getMessage());
  }

  private static String pkcs8(PrivateKey key, @Nullable String password) throws Exception {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter out = new JcaPEMWriter(text)) {
      out.writeObject(
          new JcaPKCS8Generator(
              key,
              password == null
                  ? null
                  : new JceOpenSSLPKCS8EncryptorBuilder(AES)
                      .setProvider(new BouncyCastleProvider())
                      .setRandom(new SecureRandom())
                      .setPassword(password.toCharArray())
                      .build()));
    }
    return text.toString();
  }

  private static String traditional(PrivateKey key, @Nullable String password) throws IOException {
    // As openssl writes it: with the curve inside the key, as RFC 5915 section 3 wants it.
    PrivateKeyInfo plain = PrivateKeyInfo.getInstance(key.getEncoded());
    BigInteger number = ((ECPrivateKey) key).getS();
    PrivateKeyInfo info =
        new PrivateKeyInfo(
            plain.getPrivateKeyAlgorithm(),
            new org.bouncycastle.asn1.sec.ECPrivateKey(
                256, number, X9ObjectIdentifiers.prime256v1));
    StringWriter text = new StringWriter();
    try (JcaPEMWriter out = new JcaPEMWriter(text)) {
      if (password == null) {
        out.writeObject(info);
      } else {
        out.writeObject(
            info,
            new JcePEMEncryptorBuilder("AES-256-CBC")
                .setProvider(new BouncyCastleProvider())
                .build(password.toCharArray()));
      }
    }
    return text.toString();
  }
}

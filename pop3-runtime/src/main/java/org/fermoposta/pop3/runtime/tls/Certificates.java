// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Issues the certificates of the first run in the profile of RFC 5280 sections 4.1 and 4.2, EC
 * P-256 with SHA-256.
 */
final class Certificates {
  private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
  // The longest that strict clients accept, counted with the hour before.
  private static final Duration SERVER_LIFE = Duration.ofDays(397);
  // For clients whose clocks are behind.
  private static final Duration SKEW = Duration.ofHours(1);
  private static final SecureRandom RANDOM = new SecureRandom();

  private Certificates() {}

  static KeyMaterial authority(Instant now) throws GeneralSecurityException, IOException {
    KeyPair pair = newPair();
    // Two authorities never share a name, for then a client could pick the wrong key to check with.
    String tag = HexFormat.of().formatHex(random(4));
    X500Principal name = new X500Principal("CN=Fermoposta first-run authority " + tag);
    Instant from = from(now);
    X509v3CertificateBuilder builder =
        builder(name, name, from, from.plus(AUTHORITY_LIFE), pair.getPublic());
    JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
    builder
        .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
        .addExtension(
            Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
        .addExtension(
            Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(pair.getPublic()))
        .addExtension(
            Extension.authorityKeyIdentifier,
            false,
            ids.createAuthorityKeyIdentifier(pair.getPublic()));
    return new KeyMaterial(pair.getPrivate(), java.util.List.of(sign(builder, pair.getPrivate())));
  }

  static KeyMaterial server(KeyMaterial authority, Collection<String> names, Instant now)
      throws GeneralSecurityException, IOException {
    KeyPair pair = newPair();
    X509Certificate issuer = authority.certificate();
    Instant from = from(now);
    Instant latest = issuer.getNotAfter().toInstant();
    Instant to = from.plus(SERVER_LIFE).isAfter(latest) ? latest : from.plus(SERVER_LIFE);
    // Names are in the alternative names; the subject is for people, and limited to 64 characters.
    X500Principal subject = new X500Principal("CN=Fermoposta server");
    X509v3CertificateBuilder builder =
        builder(issuer.getSubjectX500Principal(), subject, from, to, pair.getPublic());
    JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
    builder
        .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
        .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
        .addExtension(
            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
        .addExtension(
            Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(pair.getPublic()))
        .addExtension(
            Extension.authorityKeyIdentifier,
            false,
            ids.createAuthorityKeyIdentifier(issuer.getPublicKey()))
        .addExtension(Extension.subjectAlternativeName, false, alternativeNames(names));
    return new KeyMaterial(pair.getPrivate(), java.util.List.of(sign(builder, authority.key())));
  }

  /** PEM: the key as PKCS#8, then the certificates. */
  static String pem(KeyMaterial material) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter out = new JcaPEMWriter(text)) {
      out.writeObject(new JcaPKCS8Generator(material.key(), null));
    }
    return text + pem(material.chain());
  }

  static String pem(Collection<X509Certificate> certificates) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter out = new JcaPEMWriter(text)) {
      for (X509Certificate certificate : certificates) {
        out.writeObject(certificate);
      }
    }
    return text.toString();
  }

  private static X509v3CertificateBuilder builder(
      X500Principal issuer, X500Principal subject, Instant from, Instant to, PublicKey key) {
    BigInteger serial = new BigInteger(1, random(16)).setBit(126);
    // Validity includes its last second (RFC 5280 section 4.1.2.5).
    return new JcaX509v3CertificateBuilder(
        issuer, serial, Date.from(from), Date.from(to.minusSeconds(1)), subject, key);
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException("cannot sign a certificate", e);
    }
  }

  private static GeneralNames alternativeNames(Collection<String> names) {
    return new GeneralNames(
        names.stream()
            .map(
                name ->
                    new GeneralName(
                        HostNames.isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName,
                        name))
            .toArray(GeneralName[]::new));
  }

  private static KeyPair newPair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static Instant from(Instant now) {
    return now.minus(SKEW).truncatedTo(ChronoUnit.SECONDS);
  }

  private static byte[] random(int length) {
    byte[] octets = new byte[length];
    RANDOM.nextBytes(octets);
    return octets;
  }
}

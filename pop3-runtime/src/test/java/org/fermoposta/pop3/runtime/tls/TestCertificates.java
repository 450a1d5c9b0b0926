// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** An authority for tests, whose certificates can be anything. */
final class TestCertificates {
  static final ASN1ObjectIdentifier TLS_FEATURE = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.24");

  final KeyMaterial authority;
  private final Instant now = Instant.now();
  private long serial = 1000;

  TestCertificates() throws Exception {
    authority = Certificates.authority(now);
  }

  static KeyPair pair(String algorithm) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(algorithm.equals("RSA") ? 2048 : 256);
    return generator.generateKeyPair();
  }

  /** A server's certificate with its issuer. */
  KeyMaterial server(String algorithm, String... names) throws Exception {
    return issue(pair(algorithm), KeyPurposeId.id_kp_serverAuth, Duration.ofDays(90), null, names);
  }

  KeyMaterial server(Duration life, @Nullable String responder, String... names) throws Exception {
    return issue(pair("EC"), KeyPurposeId.id_kp_serverAuth, life, responder, names);
  }

  /** A client's certificate with its issuer. */
  KeyMaterial client(String name) throws Exception {
    return issue(pair("EC"), KeyPurposeId.id_kp_clientAuth, Duration.ofDays(90), null, name);
  }

  /** Who may sign OCSP responses for the authority. */
  KeyMaterial responder() throws Exception {
    return issue(pair("EC"), KeyPurposeId.id_kp_OCSPSigning, Duration.ofDays(90), null, "ocsp");
  }

  ContentSigner signer() throws Exception {
    return new JcaContentSignerBuilder("SHA256withECDSA").build(authority.key());
  }

  X509CRLHolder revoked(X509Certificate... certificates) throws Exception {
    X509v2CRLBuilder list =
        new org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder(
            authority.certificate(), Date.from(now.minusSeconds(60)));
    list.setNextUpdate(Date.from(now.plus(Duration.ofDays(1))));
    for (X509Certificate certificate : certificates) {
      list.addCRLEntry(certificate.getSerialNumber(), Date.from(now), CRLReason.keyCompromise);
    }
    return list.build(signer());
  }

  /** Writes {@code NAME.pem} with chain and key. */
  static Path write(Path directory, String name, KeyMaterial material) throws Exception {
    Path file = directory.resolve(name + ".pem");
    Files.writeString(file, Certificates.pem(material));
    return file;
  }

  private KeyMaterial issue(
      KeyPair pair,
      KeyPurposeId purpose,
      Duration life,
      @Nullable String responder,
      String... names)
      throws Exception {
    Instant from = now.minus(Duration.ofHours(1));
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            authority.certificate().getSubjectX500Principal(),
            BigInteger.valueOf(serial++),
            Date.from(from),
            Date.from(now.plus(life)),
            new X500Principal("CN=" + (names.length == 0 ? "nobody" : names[0])),
            pair.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
    if (names.length > 0) {
      GeneralName[] all = new GeneralName[names.length];
      for (int i = 0; i < names.length; i++) {
        all[i] = new GeneralName(GeneralName.dNSName, names[i]);
      }
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(all));
    }
    if (responder != null) {
      builder.addExtension(
          Extension.authorityInfoAccess,
          false,
          new AuthorityInformationAccess(
              AccessDescription.id_ad_ocsp,
              new GeneralName(GeneralName.uniformResourceIdentifier, responder)));
      builder.addExtension(
          TLS_FEATURE,
          false,
          new org.bouncycastle.asn1.DERSequence(new org.bouncycastle.asn1.ASN1Integer(5)));
    }
    X509Certificate made =
        new JcaX509CertificateConverter().getCertificate(builder.build(signer()));
    PrivateKey key = pair.getPrivate();
    return new KeyMaterial(key, List.of(made, authority.certificate()));
  }
}

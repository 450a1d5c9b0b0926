// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.fermoposta.pop3.protocol.Secret;
import org.jspecify.annotations.Nullable;

/**
 * A private key with its certificate chain, checked: the key belongs to the first certificate,
 * which is valid now, and each further one issued the one before it.
 *
 * @param key the private key
 * @param chain the server's own certificate first
 */
public record KeyMaterial(PrivateKey key, List<X509Certificate> chain) {
  private static final int MIN_RSA_BITS = 2048;

  /** Copies the list. */
  public KeyMaterial {
    chain = List.copyOf(chain);
  }

  /**
   * Loads PEM files. Both may be the same file. Blocks.
   *
   * @param certificates the chain, the server's own certificate first
   * @param key PKCS#8 or traditional, encrypted or not
   * @param password of the key; null if it is not encrypted
   * @throws TlsException if a file is missing, not readable or broken, the key is encrypted and the
   *     password missing or wrong, the key does not belong to the certificate, the chain is out of
   *     order, an RSA key is below 2048 bits (RFC 9325 section 4.5), or the certificate is expired
   *     or not yet valid
   */
  public static KeyMaterial load(
      Path certificates, Path key, @Nullable Secret password, Clock clock) {
    List<PemBlock> blocks = certificateBlocks(certificates);
    List<X509Certificate> chain = new ArrayList<>();
    for (PemBlock block : blocks) {
      chain.add(decode(block));
    }
    PemBlock keyBlock =
        PemBlock.read(key).stream()
            .filter(PrivateKeys::isKey)
            .findFirst()
            .orElseThrow(
                () -> TlsException.at(key, 0, "no key in it (expected: BEGIN PRIVATE KEY)", null));
    PrivateKey privateKey = PrivateKeys.decode(keyBlock, password);
    return checked(blocks, chain, keyBlock, privateKey, certificates, clock);
  }

  /** Key and chain, checked; problems are reported at the blocks. */
  static KeyMaterial checked(
      List<PemBlock> blocks,
      List<X509Certificate> chain,
      PemBlock keyBlock,
      PrivateKey key,
      Path certificates,
      Clock clock) {
    checkValidity(blocks.get(0), chain.get(0), clock.instant());
    checkOrder(blocks, chain);
    checkPair(keyBlock, key, certificates, chain.get(0).getPublicKey());
    return new KeyMaterial(key, chain);
  }

  /** The certificates of a PEM file, at least one. */
  static List<X509Certificate> certificates(Path file) {
    return certificateBlocks(file).stream().map(KeyMaterial::decode).toList();
  }

  /** The server's own certificate. */
  public X509Certificate certificate() {
    return chain.get(0);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "KeyMaterial[" + certificate().getSubjectX500Principal() + "]";
  }

  private static List<PemBlock> certificateBlocks(Path file) {
    List<PemBlock> blocks =
        PemBlock.read(file).stream().filter(b -> b.label().equals("CERTIFICATE")).toList();
    if (blocks.isEmpty()) {
      throw TlsException.at(file, 0, "no certificate in it (expected: BEGIN CERTIFICATE)", null);
    }
    return blocks;
  }

  private static X509Certificate decode(PemBlock block) {
    String text = block.text();
    String base64 = text.substring(text.indexOf('\n'), text.lastIndexOf("-----END"));
    try {
      byte[] der = Base64.getMimeDecoder().decode(base64);
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException | IllegalArgumentException e) {
      throw block.problem("broken certificate: " + e.getMessage(), e);
    }
  }

  private static void checkValidity(PemBlock block, X509Certificate certificate, Instant now) {
    Instant from = certificate.getNotBefore().toInstant();
    Instant to = certificate.getNotAfter().toInstant();
    if (now.isAfter(to)) {
      throw block.problem("certificate expired at " + to + " (it is " + now + " now)", null);
    }
    if (now.isBefore(from)) {
      throw block.problem(
          "certificate not valid before " + from + " (it is " + now + " now)", null);
    }
  }

  private static void checkOrder(List<PemBlock> blocks, List<X509Certificate> chain) {
    for (int i = 1; i < chain.size(); i++) {
      X509Certificate issued = chain.get(i - 1);
      X509Certificate issuer = chain.get(i);
      if (!issued.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
        throw blocks
            .get(i)
            .problem(
                "certificate of "
                    + issuer.getSubjectX500Principal()
                    + " (expected: that of "
                    + issued.getIssuerX500Principal()
                    + ", which issued the one before)",
                null);
      }
    }
  }

  private static void checkPair(
      PemBlock keyBlock, PrivateKey key, Path certificates, PublicKey publicKey) {
    if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < MIN_RSA_BITS) {
      throw keyBlock.problem(
          "RSA key of " + rsa.getModulus().bitLength() + " bits (expected: >= 2048)", null);
    }
    String mismatch = "the key does not belong to the first certificate in " + certificates;
    String algorithm = signatureAlgorithm(key);
    byte[] challenge = new byte[32];
    new SecureRandom().nextBytes(challenge);
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(challenge);
      byte[] signature = signer.sign();
      signer.initVerify(publicKey);
      signer.update(challenge);
      if (!signer.verify(signature)) {
        throw keyBlock.problem(mismatch, null);
      }
    } catch (GeneralSecurityException e) {
      throw keyBlock.problem(mismatch, e);
    }
  }

  private static String signatureAlgorithm(PrivateKey key) {
    switch (key.getAlgorithm()) {
      case "RSA":
        return "SHA256withRSA";
      case "EC":
        return "SHA256withECDSA";
      default:
        return "Ed25519";
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import java.io.IOException;
import java.io.StringReader;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.EncryptionException;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.fermoposta.pop3.protocol.Secret;
import org.jspecify.annotations.Nullable;

/** Private keys from PEM: PKCS#8 and the traditional forms, encrypted or not. */
final class PrivateKeys {
  private static final BouncyCastleProvider BC = new BouncyCastleProvider();

  private PrivateKeys() {}

  static boolean isKey(PemBlock block) {
    return block.label().endsWith("PRIVATE KEY");
  }

  /**
   * Decodes a key block.
   *
   * @throws TlsException if the block is broken, the kind of key is not known, it is encrypted and
   *     there is no password, or the password is wrong
   */
  static PrivateKey decode(PemBlock block, @Nullable Secret password) {
    PrivateKeyInfo info;
    try (PEMParser parser = new PEMParser(new StringReader(block.text()))) {
      info = info(parser.readObject(), block, password);
    } catch (EncryptionException | PKCSException | OperatorCreationException e) {
      throw block.problem("cannot decrypt the key (expected: its password)", e);
    } catch (IOException | IllegalArgumentException e) {
      throw block.problem("broken " + block.label() + ": " + e.getMessage(), e);
    }
    String algorithm = algorithm(info, block);
    try {
      return KeyFactory.getInstance(algorithm)
          .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
    } catch (GeneralSecurityException | IOException e) {
      throw block.problem("not a usable " + algorithm + " key: " + e.getMessage(), e);
    }
  }

  private static PrivateKeyInfo info(
      @Nullable Object parsed, PemBlock block, @Nullable Secret password)
      throws IOException, PKCSException, OperatorCreationException {
    if (parsed instanceof PrivateKeyInfo info) {
      return info;
    }
    if (parsed instanceof PEMKeyPair pair) {
      return pair.getPrivateKeyInfo();
    }
    if (!(parsed instanceof PKCS8EncryptedPrivateKeyInfo)
        && !(parsed instanceof PEMEncryptedKeyPair)) {
      throw new IOException("no private key in it");
    }
    if (password == null) {
      throw block.problem("the key is encrypted (expected: a key-password to go with it)", null);
    }
    char[] chars = password.with(PrivateKeys::utf8);
    try {
      if (parsed instanceof PKCS8EncryptedPrivateKeyInfo encrypted) {
        return encrypted.decryptPrivateKeyInfo(
            new JceOpenSSLPKCS8DecryptorProviderBuilder().setProvider(BC).build(chars));
      }
      return ((PEMEncryptedKeyPair) parsed)
          .decryptKeyPair(new JcePEMDecryptorProviderBuilder().setProvider(BC).build(chars))
          .getPrivateKeyInfo();
    } finally {
      Arrays.fill(chars, '\0');
    }
  }

  /** The password as characters, for the caller to overwrite. */
  static char[] utf8(byte[] octets) {
    CharBuffer decoded = StandardCharsets.UTF_8.decode(java.nio.ByteBuffer.wrap(octets));
    char[] chars = new char[decoded.remaining()];
    decoded.get(chars);
    Arrays.fill(decoded.array(), '\0');
    return chars;
  }

  private static String algorithm(PrivateKeyInfo info, PemBlock block) {
    var id = info.getPrivateKeyAlgorithm().getAlgorithm();
    if (id.equals(PKCSObjectIdentifiers.rsaEncryption)) {
      return "RSA";
    } else if (id.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
      return "EC";
    } else if (id.equals(EdECObjectIdentifiers.id_Ed25519)) {
      return "Ed25519";
    }
    throw block.problem("kind of key " + id + " (expected: RSA, EC or Ed25519)", null);
  }
}

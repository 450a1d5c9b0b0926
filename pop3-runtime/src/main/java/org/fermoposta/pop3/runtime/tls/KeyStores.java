// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.fermoposta.pop3.protocol.Secret;
import org.jspecify.annotations.Nullable;

/**
 * PKCS#12 files (RFC 7292), read by Bouncy Castle, which knows the encryption of old files (RC2,
 * triple DES) as well as that of today (PBES2).
 */
final class KeyStores {
  private static final BouncyCastleProvider BC = new BouncyCastleProvider();
  private static final long MAX_BYTES = 1 << 20;

  private KeyStores() {}

  /**
   * Loads the one key and its chain. Blocks.
   *
   * @throws TlsException if the file is missing, larger than 1 MiB, broken or of another form, the
   *     password wrong, there is not exactly one key in it, or for what {@link KeyMaterial#load}
   *     refuses
   */
  static KeyMaterial load(Path file, @Nullable Secret password, Clock clock) {
    char[] chars = password == null ? new char[0] : password.with(PrivateKeys::utf8);
    try {
      KeyStore store = KeyStore.getInstance("PKCS12", BC);
      if (Files.size(file) > MAX_BYTES) {
        throw TlsException.at(file, 0, "too large for a key store (expected: <= 1MiB)", null);
      }
      try (InputStream in = Files.newInputStream(file)) {
        store.load(in, chars);
      }
      List<String> keys = new ArrayList<>();
      for (String alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias)) {
          keys.add(alias);
        }
      }
      if (keys.size() != 1) {
        throw TlsException.at(file, 0, keys.size() + " keys in it (expected: one)", null);
      }
      return material(file, store, keys.get(0), chars, clock);
    } catch (NoSuchFileException e) {
      throw TlsException.at(file, 0, "no such file", e);
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw TlsException.at(
          file,
          0,
          "cannot be read: " + e.getMessage() + " (expected: PKCS#12 and its keystore-password)",
          e);
    } finally {
      Arrays.fill(chars, '\0');
    }
  }

  private static KeyMaterial material(
      Path file, KeyStore store, String alias, char[] password, Clock clock)
      throws GeneralSecurityException {
    PrivateKey key = (PrivateKey) store.getKey(alias, password);
    Certificate[] entries = store.getCertificateChain(alias);
    if (entries == null || entries.length == 0) {
      throw TlsException.at(file, 0, "no certificate for the key in it (expected: a chain)", null);
    }
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> chain = new ArrayList<>();
    for (Certificate entry : entries) {
      // In the JDK's own classes: engines and trust managers know those.
      chain.add(
          (X509Certificate)
              factory.generateCertificate(new java.io.ByteArrayInputStream(entry.getEncoded())));
    }
    String algorithm = key.getAlgorithm().startsWith("EC") ? "EC" : key.getAlgorithm();
    PrivateKey own =
        KeyFactory.getInstance(algorithm)
            .generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()));
    PemBlock where = new PemBlock(file, 0, "PKCS12", "");
    return KeyMaterial.checked(
        Collections.nCopies(chain.size(), where), chain, where, own, file, clock);
  }
}

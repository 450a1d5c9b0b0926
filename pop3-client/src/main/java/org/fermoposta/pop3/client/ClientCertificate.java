// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A certificate that this side shows, if the server asks for one (RFC 8314, section 4.2).
 *
 * @param key its private key; not shown by {@code toString}
 * @param chain the certificate first, then those that vouch for it
 */
public record ClientCertificate(PrivateKey key, List<X509Certificate> chain) {
  /**
   * @throws IllegalArgumentException if there is no certificate
   */
  public ClientCertificate {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("client certificate: none (expected: one or more)");
    }
  }

  /**
   * Reads the first key of a file in PKCS #12.
   *
   * @throws IOException if the file cannot be read, the password is wrong, or there is no key with
   *     a certificate
   */
  public static ClientCertificate fromPkcs12(Path file, char[] password) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, password);
      for (String alias : Collections.list(store.aliases())) {
        if (store.getKey(alias, password) instanceof PrivateKey key) {
          List<X509Certificate> chain = new ArrayList<>();
          for (Certificate certificate : store.getCertificateChain(alias)) {
            chain.add((X509Certificate) certificate);
          }
          return new ClientCertificate(key, chain);
        }
      }
      throw new IOException(file + ": no private key (expected: one, with its certificate)");
    } catch (GeneralSecurityException unusable) {
      throw new IOException(file + ": unusable: " + unusable.getMessage(), unusable);
    }
  }

  @Override
  public String toString() {
    return "ClientCertificate[" + chain.get(0).getSubjectX500Principal() + "]";
  }
}

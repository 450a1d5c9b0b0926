// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import java.nio.file.Path;
import java.util.List;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;
import org.jspecify.annotations.Nullable;

/**
 * One certificate of a server: PEM files, or a PKCS#12 file.
 *
 * @param certificate PEM chain, the server's own certificate first
 * @param key PEM key; default: it is in the file of the certificate
 * @param keyPassword of an encrypted PEM key
 * @param keystore PKCS#12 file with one key and its chain, instead of {@code certificate}
 * @param keystorePassword of the PKCS#12 file; default: none
 * @param names the names of clients that it is for; default: those that are in it
 * @param ocspResponse file with a DER OCSP response that somebody else renews
 * @param ocspFetch whether to ask the responder that the certificate names; default false
 */
public record CertificateSettings(
    @Nullable Path certificate,
    @Nullable Path key,
    @Nullable Secret keyPassword,
    @Nullable Path keystore,
    @Nullable Secret keystorePassword,
    @Default List<String> names,
    @Nullable Path ocspResponse,
    @Default("false") boolean ocspFetch) {

  /** Checks what excludes what. */
  public CertificateSettings {
    if ((certificate == null) == (keystore == null)) {
      throw new IllegalArgumentException(
          (certificate == null ? "neither certificate nor" : "both certificate and")
              + " keystore (expected: one of them)");
    }
    if (certificate == null && key != null) {
      throw new InvalidSettingException("key", "key beside keystore (expected: one of them)");
    }
    if (ocspResponse != null && ocspFetch) {
      throw new InvalidSettingException(
          "ocspFetch", "true beside ocsp-response (expected: one of them)");
    }
    names = TlsSettings.checkedNames(names);
  }

  /** PEM files with all defaults. */
  public static CertificateSettings files(Path certificate, @Nullable Path key) {
    return new CertificateSettings(certificate, key, null, null, null, List.of(), null, false);
  }
}

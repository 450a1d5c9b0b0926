// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A self-signed certificate, made by the JDK's keytool.
 *
 * @param server a context with its key
 * @param pem a file with the certificate
 * @param store a file in PKCS #12 with its key
 */
public record TestCertificate(SSLContext server, Path pem, Path store) {
  /** Of the store. */
  static final String PASSWORD = "changeit";

  /**
   * Makes one.
   *
   * @param name of the files, unique in the directory
   * @param subjectAlternativeName as in {@code dns:localhost,ip:127.0.0.1}
   */
  public static TestCertificate make(Path directory, String name, String subjectAlternativeName)
      throws IOException, InterruptedException, GeneralSecurityException {
    return make(directory, name, subjectAlternativeName, "-validity 2");
  }

  /** As {@link #make(Path, String, String)}, with a validity as keytool understands it. */
  public static TestCertificate make(
      Path directory, String name, String subjectAlternativeName, String validity)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = directory.resolve(name + ".p12");
    Path pem = directory.resolve(name + ".pem");
    keytool(
        "-genkeypair -alias a -keyalg EC -groupname secp256r1 -dname CN=test",
        validity,
        "-storetype PKCS12 -storepass " + PASSWORD,
        "-ext " + extension(subjectAlternativeName) + " -keystore " + store);
    keytool(
        "-exportcert -rfc -alias a -storepass " + PASSWORD, "-keystore " + store, "-file " + pem);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return new TestCertificate(context(keys, null), pem, store);
  }

  /** Returns the certificate. */
  X509Certificate certificate() throws IOException {
    return TlsTrust.certificates(pem).certificates().get(0);
  }

  /** Returns a context for a server with this key that believes another's certificate. */
  SSLContext believing(TestCertificate client) throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("a", client.certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return context(keys, trust.getTrustManagers());
  }

  private static SSLContext context(KeyStore keys, TrustManager @Nullable [] trust)
      throws GeneralSecurityException {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), trust, null);
    return context;
  }

  /** A name as keytool understands it, or the extension's octets in hexadecimal behind hex:. */
  private static String extension(String subjectAlternativeName) {
    return subjectAlternativeName.startsWith("hex:")
        ? "2.5.29.17=" + subjectAlternativeName.substring(4)
        : "san=" + subjectAlternativeName;
  }

  private static void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    for (String argument : arguments) {
      command.addAll(List.of(argument.split(" ")));
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException("keytool failed: " + output);
    }
  }
}

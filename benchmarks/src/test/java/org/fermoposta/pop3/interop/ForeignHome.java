// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.fermoposta.pop3.benchmarks.system.Checkout;
import org.fermoposta.pop3.benchmarks.system.Command;

/**
 * The files of a foreign server, with a certificate for {@value Endpoint#HOST}.
 *
 * @param path holds {@code server.pem} (key and certificate) and {@code ca.pem}
 */
record ForeignHome(Path path) {
  /** Of server.p12. */
  static final String STORE_PASSWORD = "changeit";

  private static final long PATIENCE_NANOS = 60_000_000_000L;

  static ForeignHome make(Path directory, String name) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    passable(directory);
    Path path = Files.createTempDirectory(directory, name.toLowerCase(Locale.ROOT));
    passable(path);
    ForeignHome home = new ForeignHome(path);
    home.writeCertificate();
    return home;
  }

  Path resolve(String file) {
    return path.resolve(file);
  }

  Path authorities() {
    return path.resolve("ca.pem");
  }

  /** A resource with the words in @ filled in, as a file here. */
  Path write(String resource, Map<String, String> words) throws IOException {
    String text = text(resource).replace("@HOME@", path.toString());
    for (Map.Entry<String, String> word : words.entrySet()) {
      text = text.replace("@" + word.getKey() + "@", word.getValue());
    }
    return Files.writeString(path.resolve(resource), text);
  }

  static String text(String resource) throws IOException {
    try (InputStream source = ForeignHome.class.getResourceAsStream(resource)) {
      return new String(
          Objects.requireNonNull(source, resource).readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  /**
   * The command that runs a script, which is a resource, in name spaces of its own. All its
   * processes end when this one is killed (SIGKILL; it does not heed others).
   */
  List<String> isolated(String script) throws IOException {
    if (!System.getProperty("user.name").equals("root")) {
      throw new AssertionError("only root can lay packages over /usr (expected: as .ci/run is)");
    }
    Path file = write(script, Map.of());
    return List.of("unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", file.toString());
  }

  /** Where .ci/run unpacked packages whose installation wants a mail server around them. */
  static Path unpacked(String name) {
    Path there = Checkout.root().resolve("benchmarks/target/peers").resolve(name);
    if (!Files.isDirectory(there.resolve("usr"))) {
      throw new AssertionError(there + ": missing (expected: there; .ci/run shows how)");
    }
    return there;
  }

  /** Waits until somebody listens. */
  static void awaitListening(int port, ProcessHandle program) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.getInetAddress();
        return;
      } catch (IOException refused) {
        if (System.nanoTime() > deadline || !program.isAlive()) {
          throw new AssertionError("nobody listens on port " + port, refused);
        }
        LockSupport.parkNanos(20_000_000);
      }
    }
  }

  private static void passable(Path directory) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
  }

  private void writeCertificate() throws IOException, InterruptedException {
    Path store = path.resolve("server.p12");
    new Command(path)
        .run(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "a",
            "-keyalg",
            "RSA",
            "-keysize",
            "2048",
            "-dname",
            "CN=" + Endpoint.HOST,
            "-validity",
            "2",
            "-storetype",
            "PKCS12",
            "-storepass",
            STORE_PASSWORD,
            "-ext",
            "san=dns:" + Endpoint.HOST + ",ip:127.0.0.1",
            "-keystore",
            store.toString());
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, STORE_PASSWORD.toCharArray());
      String key = pem("PRIVATE KEY", keys.getKey("a", STORE_PASSWORD.toCharArray()).getEncoded());
      String certificate = pem("CERTIFICATE", keys.getCertificate("a").getEncoded());
      Files.writeString(authorities(), certificate);
      Files.writeString(path.resolve("server.pem"), key + certificate);
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static String pem(String what, byte[] der) {
    List<String> lines = new ArrayList<>();
    lines.add("-----BEGIN " + what + "-----");
    lines.add(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der));
    lines.add("-----END " + what + "-----");
    return String.join("\n", lines) + "\n";
  }
}

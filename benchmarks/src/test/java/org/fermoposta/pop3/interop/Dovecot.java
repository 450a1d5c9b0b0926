// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.fermoposta.pop3.benchmarks.system.DovecotProgram;

/** Debian's Dovecot with some mail in it. */
final class Dovecot implements AutoCloseable {
  static final String PASSWORD = "dovecot-pass-3";

  private final DovecotProgram program;
  private final Path home;
  private final Path authorities;
  private final int port;
  private final int tlsPort;

  private Dovecot(DovecotProgram program, Path home, Path authorities, int port, int tlsPort) {
    this.program = program;
    this.home = home;
    this.authorities = authorities;
    this.port = port;
    this.tlsPort = tlsPort;
  }

  /**
   * Starts it with the mail of a Maildir.
   *
   * @param tls a directory with server.pem (key and certificate) and ca.pem
   */
  static Dovecot start(Path directory, Path maildir, Path tls)
      throws IOException, InterruptedException {
    Path home = Files.createDirectory(directory.resolve("dovecot"));
    Path mail = home.resolve("mail").resolve("demo");
    for (String sub : List.of("new", "cur", "tmp")) {
      Files.createDirectories(mail.resolve(sub));
    }
    for (Path file : new StoredMail(maildir).files()) {
      String name = file.getFileName().toString().replaceAll(":.*", "");
      Files.copy(file, mail.resolve("new").resolve(name));
    }
    Files.copy(tls.resolve("server.pem"), home.resolve("server.pem"));
    return startOn(home, tls.resolve("ca.pem"));
  }

  /**
   * Starts it again, or for the first time, on a home with a Maildir {@code mail/demo}, which is
   * used as it is, and with server.pem.
   *
   * @param authorities the certificate's
   */
  static Dovecot startOn(Path home, Path authorities) throws IOException, InterruptedException {
    int[] ports = DovecotProgram.freePorts(2);
    DovecotProgram program = DovecotProgram.start(home, configuration(ports));
    return new Dovecot(program, home, authorities, ports[0], ports[1]);
  }

  Path configuration() {
    return home.resolve("dovecot.conf");
  }

  Endpoint endpoint(Encryption encryption) {
    int chosen = encryption == Encryption.TLS ? tlsPort : port;
    return new Endpoint(encryption, chosen, "demo", PASSWORD, authorities);
  }

  StoredMail mail() {
    return new StoredMail(home.resolve("mail").resolve("demo"));
  }

  @Override
  public void close() {
    program.close();
  }

  private static String configuration(int[] ports) throws IOException {
    try (InputStream source = Dovecot.class.getResourceAsStream("dovecot.conf")) {
      return new String(
              Objects.requireNonNull(source, "dovecot.conf").readAllBytes(),
              StandardCharsets.US_ASCII)
          .replace("@PASSWORD@", PASSWORD)
          .replace("@PORT@", Integer.toString(ports[0]))
          .replace("@TLS_PORT@", Integer.toString(ports[1]));
    }
  }
}

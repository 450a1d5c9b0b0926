// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Debian's Dovecot (2.3), from a configuration of its own, as an ordinary user. Where the test is
 * run by root it is started as nobody, for Dovecot opens no mail as root.
 */
final class Dovecot implements AutoCloseable {
  static final String PASSWORD = "dovecot-pass-3";

  private final Program program;
  private final Path home;
  private final Path authorities;
  private final int port;
  private final int tlsPort;

  private Dovecot(Program program, Path home, Path authorities, int port, int tlsPort) {
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
    int[] ports = freePorts();
    boolean root = System.getProperty("user.name").equals("root");
    String user = root ? "nobody" : System.getProperty("user.name");
    Command command = new Command(directory);
    String group = command.run("id", "-gn", user).strip();
    Path configuration = home.resolve("dovecot.conf");
    Files.writeString(configuration, configuration(home, user, group, ports));
    List<String> line = new ArrayList<>();
    if (root) {
      Files.setPosixFilePermissions(
          directory, java.nio.file.attribute.PosixFilePermissions.fromString("rwx--x--x"));
      giveTo(user, home);
      line.addAll(List.of("setpriv", "--reuid", user, "--regid", group, "--clear-groups"));
    }
    line.addAll(List.of("/usr/sbin/dovecot", "-F", "-c", configuration.toString()));
    Program program = Program.start(home, line);
    program.awaitError("starting up for pop3");
    return new Dovecot(program, home, tls.resolve("ca.pem"), ports[0], ports[1]);
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

  private static String configuration(Path home, String user, String group, int[] ports)
      throws IOException {
    try (InputStream source = Dovecot.class.getResourceAsStream("dovecot.conf")) {
      return new String(
              Objects.requireNonNull(source, "dovecot.conf").readAllBytes(),
              StandardCharsets.US_ASCII)
          .replace("@HOME@", home.toString())
          .replace("@USER@", user)
          .replace("@GROUP@", group)
          .replace("@PASSWORD@", PASSWORD)
          .replace("@PORT@", Integer.toString(ports[0]))
          .replace("@TLS_PORT@", Integer.toString(ports[1]));
    }
  }

  /** Dovecot cannot be asked which port it got, so it is told one that was free a moment ago. */
  private static int[] freePorts() throws IOException {
    InetAddress local = InetAddress.getLoopbackAddress();
    try (ServerSocket one = new ServerSocket(0, 1, local);
        ServerSocket other = new ServerSocket(0, 1, local)) {
      return new int[] {one.getLocalPort(), other.getLocalPort()};
    }
  }

  private static void giveTo(String user, Path tree) throws IOException {
    UserPrincipal owner =
        tree.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
              throws IOException {
            Files.setOwner(path, owner);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            Files.setOwner(path, owner);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}

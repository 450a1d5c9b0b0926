// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.session;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Starts what is measured, each with passwords in clear so that hashing costs nothing. */
final class Servers {
  private static final String DOVECOT = "/usr/sbin/dovecot";

  private Servers() {}

  /** Whether Dovecot is there to compare with. */
  static boolean dovecotIsThere() {
    return Files.isExecutable(Path.of(DOVECOT));
  }

  /**
   * Fermoposta with the Maildirs {@code home/mail/USER}.
   *
   * @param program the command that starts it, to which {@code serve --config FILE} is added
   */
  static ServerProcess fermoposta(Path home, List<String> program, List<String> users, String tls)
      throws IOException, InterruptedException {
    int port = ServerProcess.freePort();
    StringBuilder passwd = new StringBuilder();
    for (String user : users) {
      passwd.append(user).append(":{PLAIN}").append(Mail.PASSWORD).append('\n');
    }
    Path passwords = Files.writeString(home.resolve("passwd"), passwd);
    Path configuration = home.resolve("server.yaml");
    Files.writeString(
        configuration,
        String.join(
            "\n",
            "listeners:",
            "  - name: pop3",
            "    address: 127.0.0.1:" + port,
            "    tls: " + (tls.isEmpty() ? "none" : "implicit"),
            "maildrops: " + home.resolve("mail") + "/{user}",
            "passwd-file: " + passwords,
            "session:",
            "  cleartext-login: true",
            tls,
            ""));
    List<String> command = new ArrayList<>(program);
    command.addAll(List.of("serve", "--config", configuration.toString()));
    return ServerProcess.start(home.resolve("fermoposta.log"), port, command);
  }

  /** Dovecot with the Maildirs {@code home/mail/USER}, which it gets for itself. */
  static ServerProcess dovecot(Path home) throws IOException, InterruptedException {
    int port = ServerProcess.freePort();
    boolean root = System.getProperty("user.name").equals("root");
    String user = root ? "nobody" : System.getProperty("user.name");
    String group = output("id", "-gn", user);
    String text;
    try (InputStream source = Servers.class.getResourceAsStream("dovecot.conf")) {
      text =
          new String(
              Objects.requireNonNull(source, "dovecot.conf").readAllBytes(),
              StandardCharsets.US_ASCII);
    }
    Path configuration = home.resolve("dovecot.conf");
    Files.writeString(
        configuration,
        text.replace("@HOME@", home.toString())
            .replace("@USER@", user)
            .replace("@GROUP@", group)
            .replace("@PASSWORD@", Mail.PASSWORD)
            .replace("@PORT@", Integer.toString(port)));
    List<String> command = new ArrayList<>();
    if (root) {
      // It opens no mail as root.
      Files.setPosixFilePermissions(
          Objects.requireNonNull(home.getParent()), PosixFilePermissions.fromString("rwx--x--x"));
      output("chown", "-R", user + ":" + group, home.toString());
      command.addAll(List.of("setpriv", "--reuid", user, "--regid", group, "--clear-groups"));
    }
    command.addAll(List.of(DOVECOT, "-F", "-c", configuration.toString()));
    return ServerProcess.start(Files.createTempFile("dovecot", ".log"), port, command);
  }

  /** The version that {@code dovecot --version} tells. */
  static String dovecotVersion() throws IOException, InterruptedException {
    return output(DOVECOT, "--version");
  }

  /** What a program prints; it has to succeed. */
  static String output(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(10, TimeUnit.MINUTES) || process.exitValue() != 0) {
      throw new IOException(String.join(" ", command) + ": " + text.strip());
    }
    return text.strip();
  }
}

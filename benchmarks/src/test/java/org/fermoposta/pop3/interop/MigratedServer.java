// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fermoposta.pop3.benchmarks.system.Checkout;
import org.fermoposta.pop3.benchmarks.system.Command;
import org.fermoposta.pop3.benchmarks.system.Program;

/** {@code bin/pop3-server migrate} and {@code serve} on Maildirs of another server. */
final class MigratedServer implements AutoCloseable {
  static final String PASSWORD = "migrated-pass-9";

  private final Program program;
  private final int port;

  private MigratedServer(Program program) throws InterruptedException {
    this.program = program;
    port = Integer.parseInt(program.awaitError(" pop3: listening on /127\\.0\\.0\\.1:(\\d+) "));
  }

  /**
   * Writes a configuration.
   *
   * @param mail the directory with a Maildir for each user
   */
  static Path configure(Path directory, Path mail) throws IOException {
    Path passwd = directory.resolve("passwd");
    Files.writeString(passwd, "demo:{PLAIN}" + PASSWORD + "\n");
    return Files.writeString(
        directory.resolve("server.yaml"),
        String.join(
            "\n",
            "listeners:",
            "  - name: pop3",
            "    address: 127.0.0.1:0",
            "    tls: none",
            "maildrops: " + mail + "/{user}",
            "passwd-file: " + passwd,
            "session:",
            "  cleartext-login: true",
            ""));
  }

  /** Runs the migration and returns what it says. */
  static String migrate(Path directory, Path configuration, String... options)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(Checkout.launcher("pop3-server"), "migrate"));
    line.addAll(List.of("--config", configuration.toString()));
    line.addAll(List.of(options));
    return new Command(directory).run(line.toArray(new String[0]));
  }

  static MigratedServer serve(Path directory, Path configuration)
      throws IOException, InterruptedException {
    return new MigratedServer(
        Program.start(
            directory,
            List.of(
                Checkout.launcher("pop3-server"), "serve", "--config", configuration.toString()),
            Map.of("FERMOPOSTA_JAVA_OPTS", Programs.LEAK_DETECTION)));
  }

  PlainSession login() throws IOException {
    return PlainSession.login(port, "demo", PASSWORD);
  }

  /** Ends it by SIGTERM; a leaked buffer, or any other exit code than 0, is a failure. */
  @Override
  public void close() {
    Programs.endCleanly(program);
  }
}

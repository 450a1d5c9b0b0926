// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.maildrop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fermoposta.pop3.benchmarks.system.Command;
import org.fermoposta.pop3.benchmarks.system.Program;

/** {@code bin/pop3-server serve}, with the JVM's own defaults. */
final class FermopostaServer implements Contestant {
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

  private final Program program;
  private final Path home;
  private final int port;

  private FermopostaServer(Program program, Path home, int port) {
    this.program = program;
    this.home = home;
    this.port = port;
  }

  static Path maildir(Path home) {
    return home.resolve("mail").resolve(Pop3Peer.USER);
  }

  /** Starts one on the mail that lies in {@link #maildir}. */
  static FermopostaServer start(Path home, String launcher)
      throws IOException, InterruptedException {
    Files.writeString(
        home.resolve("passwd"), Pop3Peer.USER + ":{PLAIN}" + Pop3Peer.PASSWORD + "\n");
    Path configuration = home.resolve("server.yaml");
    Files.writeString(
        configuration,
        """
        listeners:
          - name: pop3
            address: 127.0.0.1:0
            tls: none
        maildrops: %s/mail/{user}
        passwd-file: passwd
        session:
          cleartext-login: true
        """
            .formatted(home));
    Program program =
        Program.start(home, List.of(launcher, "serve", "--config", configuration.toString()));
    boolean started = false;
    try {
      String port = program.awaitError("pop3: listening on /?127\\.0\\.0\\.1:(\\d+)");
      started = true;
      return new FermopostaServer(program, home, Integer.parseInt(port));
    } finally {
      if (!started) {
        program.close();
      }
    }
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public ProcessHandle handle() {
    return program.handle();
  }

  @Override
  public Path maildir() {
    return maildir(home);
  }

  @Override
  public void forget() throws IOException {
    Files.deleteIfExists(maildir().resolve("fermoposta.index"));
  }

  /** Live objects on the heap, after the full collection that counting them makes. */
  @Override
  public long memory() throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    String histogram =
        new Command(home).run(jcmd, Long.toString(handle().pid()), "GC.class_histogram");
    Matcher total = TOTAL.matcher(histogram);
    if (!total.find()) {
      throw new IOException("histogram of the heap without a total:\n" + histogram);
    }
    return Long.parseLong(total.group(1));
  }

  @Override
  public void close() {
    program.close();
  }
}

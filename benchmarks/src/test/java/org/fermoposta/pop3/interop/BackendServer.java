// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.fermoposta.pop3.benchmarks.system.Checkout;
import org.fermoposta.pop3.benchmarks.system.Command;
import org.fermoposta.pop3.benchmarks.system.Program;

/** {@code bin/pop3-server serve} with back ends of a test, and clients that log in to it. */
final class BackendServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path home;
  private final Program program;
  private final String port;

  private BackendServer(Path home, Program program) throws InterruptedException {
    this.home = home;
    this.program = program;
    port = program.awaitError("pop3: listening on \\S*?127\\.0\\.0\\.1:(\\d+)");
  }

  /**
   * Writes a configuration without caches and delays.
   *
   * @param auth the list of back ends, as YAML without indentation
   */
  static Path configure(Path home, String auth) throws IOException {
    return Files.writeString(
        home.resolve("server.yaml"),
        """
        listeners:
          - name: pop3
            address: 127.0.0.1:0
            tls: none
        maildrops: %s/mail/{user}
        session:
          cleartext-login: true
          failed-login-delay: 0s
        login:
          mechanisms: [PLAIN, SCRAM-SHA-256]
          cache:
            success: 0s
            failure: 0s
        auth:
        %s
        """
            .formatted(home, auth.stripTrailing().indent(2).stripTrailing()));
  }

  static BackendServer serve(Path home, Path configuration)
      throws IOException, InterruptedException {
    return new BackendServer(
        home,
        Program.start(
            home,
            List.of(
                Checkout.launcher("pop3-server"), "serve", "--config", configuration.toString()),
            Map.of("FERMOPOSTA_JAVA_OPTS", Programs.LEAK_DETECTION)));
  }

  /** Has {@code check-config} judge a configuration. */
  static void assertCheck(Path home, int code, String said, Path configuration)
      throws IOException, InterruptedException {
    Command.Result result =
        new Command(home)
            .result(
                Map.of(),
                Checkout.launcher("pop3-server"),
                "check-config",
                "--config",
                configuration.toString());
    assertEquals(code, result.exitCode(), result::output);
    assertTrue(result.output().contains(said), result::output);
  }

  /** Puts a message into a user's maildrop. */
  static void deliver(Path home, String user) throws IOException {
    Path maildir = home.resolve("mail").resolve(user);
    for (String sub : List.of("new", "cur", "tmp")) {
      Files.createDirectories(maildir.resolve(sub));
    }
    Files.writeString(
        maildir.resolve("new/1795574710.M1P1.host"),
        "From: a@example.org\nSubject: x\n\nfor " + user + "\n");
  }

  /** What curl says and gets with the first message. */
  String curl(String user, String password, String... options)
      throws IOException, InterruptedException {
    List<String> line =
        new ArrayList<>(List.of("curl", "-sS", "-v", "--noproxy", "*", "--max-time", "50"));
    line.addAll(List.of(options));
    line.addAll(List.of("--user", user + ":" + password, "pop3://127.0.0.1:" + port + "/1"));
    return new Command(home).result(Map.of(), line.toArray(String[]::new)).output();
  }

  void assertLogin(String user, String password, String maildrop, String... options)
      throws IOException, InterruptedException {
    assertSays("for " + maildrop, curl(user, password, options));
  }

  /** mpop, which knows SCRAM where curl often does not. */
  void assertScram(String user, String password) throws IOException, InterruptedException {
    Path own = Files.createTempDirectory(home, "mpop");
    for (String sub : List.of("new", "cur", "tmp")) {
      Files.createDirectories(own.resolve("into").resolve(sub));
    }
    Path configuration =
        Files.writeString(
            own.resolve("mpoprc"),
            """
            account tested
            host 127.0.0.1
            port %s
            timeout 30
            user %s
            password "%s"
            auth scram-sha-256
            tls off
            keep on
            uidls_file %s/uidls
            delivery maildir %s/into
            """
                .formatted(port, user, password, own, own));
    Files.setPosixFilePermissions(configuration, PosixFilePermissions.fromString("rw-------"));
    new Command(own)
        .run(
            Map.of("HOME", own.toString()), "mpop", "-q", "-C", configuration.toString(), "tested");
    program.awaitError("login: user=\"" + user + "\" .*method=SCRAM-SHA-256 ");
  }

  void assertRefused(String code, String user, String password)
      throws IOException, InterruptedException {
    assertSays("-ERR [" + code + "]", curl(user, password));
  }

  private void assertSays(String expected, String said) {
    if (!said.contains(expected)) {
      throw new AssertionError(
          said + "\n(expected: " + expected + ")\n" + String.join("\n", program.errors()));
    }
  }

  /** Until a login works again, and no longer than half a minute. */
  void awaitLogin(String user, String password, String maildrop)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!curl(user, password).contains("for " + maildrop)) {
      if (System.nanoTime() > deadline) {
        assertLogin(user, password, maildrop);
        return;
      }
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    }
  }

  List<String> log() {
    return program.errors();
  }

  @Override
  public void close() {
    program.close();
  }
}

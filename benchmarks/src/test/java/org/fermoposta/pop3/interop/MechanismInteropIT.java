// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fermoposta.pop3.benchmarks.system.Checkout;
import org.fermoposta.pop3.benchmarks.system.Command;
import org.fermoposta.pop3.benchmarks.system.Program;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients told to log in by one mechanism, each as a user of its own: they get in, and the server
 * has seen just that mechanism.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MechanismInteropIT {
  private static final String PASSWORD = "open sesame";
  private static final List<String> CLIENTS = List.of("curl", "mpop");

  private Path home;
  private Program server;
  private String port;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException, InterruptedException {
    home = directory;
    List<String> accounts = new ArrayList<>();
    for (String client : CLIENTS) {
      for (String method :
          List.of("pass", "plain", "login", "crammd5", "scramsha1", "scramsha256", "apop")) {
        String user = client + "-" + method;
        accounts.add(user + ":{PLAIN}" + PASSWORD);
        Path mail = Files.createDirectories(home.resolve("mail").resolve(user).resolve("new"));
        Files.writeString(
            mail.resolve("1795574710.M1P1.host"),
            "From: a@example.org\nSubject: x\n\nfor " + user + "\n");
      }
    }
    Files.write(home.resolve("passwd"), accounts);
    Path configuration =
        Files.writeString(
            home.resolve("server.yaml"),
            """
            listeners:
              - name: pop3
                address: 127.0.0.1:0
                tls: none
            maildrops: %s/mail/{user}
            passwd-file: passwd
            session:
              cleartext-login: true
            login:
              mechanisms: [PLAIN, LOGIN, CRAM-MD5, SCRAM-SHA-1, SCRAM-SHA-256, APOP]
            """
                .formatted(home));
    server =
        Program.start(
            home,
            List.of(
                Checkout.launcher("pop3-server"), "serve", "--config", configuration.toString()));
    port = server.awaitError("pop3: listening on \\S*?127\\.0\\.0\\.1:(\\d+)");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @DisplayName("curl logs in by each mechanism that it knows")
  @ValueSource(strings = {"PLAIN", "LOGIN", "CRAM-MD5", "APOP"})
  void curl(String mechanism) throws IOException, InterruptedException {
    String user = user("curl", mechanism);
    String option = mechanism.equals("APOP") ? "AUTH=+APOP" : "AUTH=" + mechanism;
    String message =
        new Command(home)
            .run(
                "curl",
                "-sS",
                "--login-options",
                option,
                "--user",
                user + ":" + PASSWORD,
                "pop3://127.0.0.1:" + port + "/1");
    assertFetched(user, mechanism, message);
  }

  @ParameterizedTest
  @DisplayName("mpop logs in by each mechanism that it knows")
  @ValueSource(
      strings = {"PASS", "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "APOP"})
  void mpop(String mechanism) throws IOException, InterruptedException {
    String user = user("mpop", mechanism);
    Path into = Files.createDirectories(home.resolve("into-" + user));
    for (String sub : List.of("new", "cur", "tmp")) {
      Files.createDirectories(into.resolve(sub));
    }
    String auth = mechanism.equals("PASS") ? "user" : mechanism.toLowerCase(Locale.ROOT);
    Path configuration =
        Files.writeString(
            home.resolve(user + ".mpoprc"),
            """
            account tested
            host 127.0.0.1
            port %s
            timeout 30
            user %s
            password "%s"
            auth %s
            tls off
            keep on
            uidls_file %s/%s.uidls
            delivery maildir %s
            """
                .formatted(port, user, PASSWORD, auth, home, user, into));
    Files.setPosixFilePermissions(
        configuration, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    new Command(home)
        .run(
            Map.of("HOME", home.toString()),
            "mpop",
            "-q",
            "-C",
            configuration.toString(),
            "tested");
    List<Path> got;
    try (var files = Files.list(into.resolve("new"))) {
      got = files.toList();
    }
    assertFetched(user, mechanism, Files.readString(got.get(0)));
  }

  private void assertFetched(String user, String mechanism, String message)
      throws InterruptedException {
    if (!message.contains("for " + user)) {
      throw new AssertionError(message + " (expected: the message for " + user + ")");
    }
    // Fails, with all that was logged, if it was another one.
    server.awaitError("login: user=\"" + user + "\" .*method=" + mechanism + " ");
  }

  private static String user(String client, String mechanism) {
    return client + "-" + mechanism.toLowerCase(Locale.ROOT).replace("-", "");
  }
}

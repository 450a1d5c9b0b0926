// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.fermoposta.pop3.runtime.cli.CommandLines;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code auth test} and {@code hash-password}, as an operator uses them. */
final class AuthCommandTest {

  @TempDir private Path directory;
  private String said = "";

  private int run(Object command, String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    var line = CommandLines.of(command);
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    int code = line.execute(words);
    said = (out.toString() + err).replace(directory.toString(), "DIR");
    return code;
  }

  private static ByteArrayInputStream in(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private String hash(String password, String... options) {
    assertEquals(0, run(new HashPasswordCommand(in(password + "\n")), options), () -> said);
    return said.strip();
  }

  private int test(String password, String login) throws IOException {
    Path config =
        Files.writeString(
            directory.resolve("server.yaml"),
            """
            listeners:
              - name: pop3
                address: 127.0.0.1:0
                tls: none
            maildrops: DIR/mail/{user}
            auth:
              - passwd:
                  file: passwd
            login:
              default-domain: example.org
              domain-aliases:
                example.net: example.org
              aliases: aliases
              decoy-secret: ${file:DIR/decoy}
              mechanisms: [SCRAM-SHA-256, PLAIN, apop]
              cache:
                success: 0s
            """
                .replace("DIR", directory.toString()));
    List<String> words = new ArrayList<>(List.of("--config", config.toString(), login));
    if (!password.isEmpty()) {
      words.add("--password-stdin");
    }
    return run(new AuthCommand.Test(in(password + "\n")), words.toArray(String[]::new));
  }

  @Test
  @DisplayName("auth test says who answers, what is opened, and whether the password is right")
  void tells() throws IOException {
    Files.writeString(directory.resolve("decoy"), "0123456789abcdef");
    Files.setPosixFilePermissions(
        directory.resolve("decoy"), PosixFilePermissions.fromString("rw-------"));
    Files.writeString(directory.resolve("aliases"), "info alice\n");
    Files.writeString(
        directory.resolve("passwd"),
        "alice:"
            + hash("pencil", "--scheme", "scram-sha-256")
            + "\nlocked:*\n"
            + "off:{PLAIN}x::::::fermoposta_pop3=no fermoposta_octets_per_day=1GiB\n");
    assertEquals(0, test("", "Info@example.net"), () -> said);
    assertEquals(
        """
        user: alice
        back end: passwd DIR/passwd
        maildrop: DIR/mail/alice
        mechanisms: PLAIN, LOGIN, SCRAM-SHA-256
        networks: all
        mail: folders none, expire never, login-delay 0s, on-delete delete, grace 0s
        access: pop3 yes, read-only no, max-sessions 0, delay 0s, messages-per-day 0, octets-per-day 0B
        """,
        said);
    assertEquals(0, test("pencil", "alice+Junk"), () -> said);
    assertTrue(said.contains("maildrop: DIR/mail/alice/.Junk\n"), said);
    assertTrue(said.endsWith("password: right\n"), said);
    assertEquals(77, test("pencil2", "alice"));
    assertTrue(said.endsWith("password: wrong\n"), said);
    assertFalse(said.contains("pencil"), said);
    assertEquals(77, test("", "locked"));
    assertEquals(77, test("x", "off"));
    assertTrue(said.contains("access: pop3 no, "), said);
    assertTrue(said.contains(", octets-per-day 1GiB\n"), said);
    assertTrue(said.endsWith("login: no, POP3 is switched off\n"), said);
    assertEquals(67, test("", "nobody"));
    assertEquals("unknown: no back end knows nobody\n", said);
    assertEquals(67, test("", "../x"));
  }

  @Test
  @DisplayName(
      "hash-password makes what a passwd file takes, with its own salt, and never an empty one")
  void hashes() {
    assertTrue(hash("pencil").startsWith("{ARGON2ID}$argon2id$"), said);
    String scram = hash("pencil", "--scheme", "SCRAM-SHA-256", "--iterations", "5000");
    assertTrue(scram.startsWith("{SCRAM-SHA-256}5000,"), scram);
    assertFalse(scram.equals(hash("pencil", "--scheme", "SCRAM-SHA-256", "--iterations", "5000")));
    assertEquals(1, run(new HashPasswordCommand(in("\n"))));
    assertEquals(64, run(new HashPasswordCommand(in("x\n")), "--scheme", "MD5"));
    assertEquals(64, run(new HashPasswordCommand(in("x\n")), "--iterations", "1"));
  }
}

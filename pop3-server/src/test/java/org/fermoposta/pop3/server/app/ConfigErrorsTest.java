// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fermoposta.pop3.runtime.cli.CommandLines;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code check-config} says of configurations; {@code serve} reads them the same way. */
final class ConfigErrorsTest {
  private static final String RIGHT =
      """
      listeners:
        - name: pop3
          address: 127.0.0.1:0
          tls: none
      maildrops: /srv/mail/{user}/Maildir
      passwd-file: passwd
      """;

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void accounts() throws IOException {
    Files.writeString(directory.resolve("passwd"), "alice:*\n");
  }

  private int check(String yaml) throws IOException {
    Path file = Files.writeString(directory.resolve("server.yaml"), yaml);
    CommandLine line = CommandLines.of(new Main());
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    return line.execute("check-config", "--config", file.toString());
  }

  private void refused(String yaml, String expected) throws IOException {
    assertEquals(ExitCodes.CONFIG, check(yaml));
    assertEquals("", out.toString());
    assertEquals(expected, err.toString().replace(directory.toString(), "DIR"));
  }

  @Test
  @DisplayName("a right configuration is called right")
  void right() throws IOException {
    assertEquals(ExitCodes.OK, check(RIGHT), err::toString);
    assertEquals(directory.resolve("server.yaml") + ": right\n", out.toString());
    assertEquals("", err.toString());
  }

  @Test
  @DisplayName("the address of a policy server that would show secrets is named with its line")
  void policyServer() throws IOException {
    Files.writeString(directory.resolve("header"), "x: geheim\n");
    Files.writeString(directory.resolve("nonce"), "geheimer nonce\n");
    refused(
        RIGHT
            + """
            policy:
              url: http://policy.example.org/
              api-header: ${file:header}
              hash-nonce: ${file:nonce}
            """,
        """
        pop3-server: DIR/server.yaml:8:8: policy.url: address "http://policy.example.org/" (expected: \
        https://host..., or http:// with localhost, 127.0.0.1 or [::1])
        """);
  }

  @Test
  @DisplayName("a key that no policy server can be sent is named, and not shown")
  void policyHeader() throws IOException {
    Files.writeString(directory.resolve("header"), "a b: geheim\n");
    Files.writeString(directory.resolve("nonce"), "geheimer nonce\n");
    refused(
        RIGHT
            + """
            policy:
              url: https://policy.example.org/
              api-header: ${file:header}
              hash-nonce: ${file:nonce}
            """,
        """
        pop3-server: DIR/server.yaml:9:15: policy.api-header: no field of an HTTP header that may be set \
        (expected: Name: value)
        """);
  }

  @Test
  @DisplayName("an unknown key is named with its line")
  void unknownKey() throws IOException {
    refused(
        RIGHT + "session:\n  idle-time: 15m\n",
        "pop3-server: DIR/server.yaml:8:3: session.idle-time: unknown key (expected: cleartext-login,"
            + " failed-login-delay, idle-timeout, language, login-timeout, max-bad-commands,"
            + " max-failed-logins, utf8-downgrade, write-timeout)\n");
  }

  @Test
  @DisplayName("a listener with TLS needs a certificate")
  void noCertificate() throws IOException {
    refused(
        RIGHT.replace("none", "stls"),
        "pop3-server: DIR/server.yaml:1:1: tls: nothing, but listener \"pop3\" uses TLS"
            + " (expected: a certificate)\n");
  }

  @Test
  @DisplayName("STLS can be required only where it is offered")
  void stlsRequired() throws IOException {
    refused(
        RIGHT.replace("tls: none", "tls: none\n    stls: required"),
        "pop3-server: DIR/server.yaml:5:11: listeners[0].stls: required, but tls is none"
            + " (expected: tls: stls beside it)\n");
  }

  @Test
  @DisplayName("a passwd file that is missing is named with the line that names it")
  void noPasswdFile() throws IOException {
    refused(
        RIGHT.replace("passwd\n", "accounts\n"),
        "pop3-server: DIR/server.yaml:6:14: passwd-file: file DIR/accounts: no such file"
            + " (expected: a file with lines of user:{SCHEME}password)\n");
  }

  @Test
  @DisplayName("back ends are a list of exactly one kind each, or a passwd file, or both")
  void backends() throws IOException {
    String none = RIGHT.replace("passwd-file: passwd\n", "");
    String list = "auth:\n  - passwd:\n      file: passwd\n    on-wrong: next\n";
    assertEquals(ExitCodes.OK, check(none + list), err::toString);
    assertEquals(ExitCodes.OK, check(RIGHT + list), err::toString);
    out.getBuffer().setLength(0);
    refused(
        none,
        "pop3-server: DIR/server.yaml:1:1: auth: no back end (expected: passwd-file, or a list of"
            + " back ends)\n");
    err.getBuffer().setLength(0);
    refused(
        none + list.replace("file: passwd", "file: nofile"),
        "pop3-server: DIR/server.yaml:8:13: auth[0].passwd.file: file DIR/nofile: no such file"
            + " (expected: a file with lines of user:{SCHEME}password)\n");
    err.getBuffer().setLength(0);
    assertEquals(ExitCodes.CONFIG, check(none + "auth:\n  - on-wrong: stop\n"));
    assertTrue(err.toString().contains("exactly one of passwd"), err::toString);
  }

  @Test
  @DisplayName("a wrong line in the passwd file is named")
  void wrongPasswdFile() throws IOException {
    Files.writeString(directory.resolve("passwd"), "# accounts\nalice:{NOSUCH}x\n");
    assertEquals(ExitCodes.CONFIG, check(RIGHT));
    String said = err.toString().replace(directory.toString(), "DIR");
    assertEquals("pop3-server: DIR/passwd:2: ", said.substring(0, 27), said);
    assertEquals(1, said.lines().count(), said);
  }

  @Test
  @DisplayName("a template without a user in it would give all the same mail")
  void badTemplate() throws IOException {
    assertEquals(ExitCodes.CONFIG, check(RIGHT.replace("{user}", "all")));
    String said = err.toString().replace(directory.toString(), "DIR");
    assertEquals("pop3-server: DIR/server.yaml:5:12: maildrops: ", said.substring(0, 46), said);
    assertEquals(1, said.lines().count(), said);
  }

  @Test
  @DisplayName("K6: what another login does is one of three policies, with times that clients bear")
  void lease() throws IOException {
    String right = "lease:\n  policy: take-over\n  wait-for: 500ms\n  idle-for: 0s\n";
    assertEquals(ExitCodes.OK, check(RIGHT + right), err::toString);
    out.getBuffer().setLength(0);
    refused(
        RIGHT + "lease:\n  policy: steal\n",
        "pop3-server: DIR/server.yaml:8:11: lease.policy: value \"steal\" (expected: refuse, wait,"
            + " take-over)\n");
    err.getBuffer().setLength(0);
    refused(
        RIGHT + "lease:\n  wait-for: 2m\n",
        "pop3-server: DIR/server.yaml:8:13: lease.wait-for: duration 120s"
            + " (expected: 100ms to 60s)\n");
    err.getBuffer().setLength(0);
    refused(
        RIGHT + "listen:\n  keep-alive:\n    probes: 0\n",
        "pop3-server: DIR/server.yaml:9:13: listen.keep-alive.probes: number 0"
            + " (expected: 1 to 100)\n");
  }

  @Test
  @DisplayName("O1: an idle timeout under ten minutes is refused; every problem has its own line")
  void ranges() throws IOException {
    refused(
        RIGHT + "session:\n  idle-timeout: 9m\ndrain: 11m\n",
        "pop3-server: DIR/server.yaml:8:17: session.idle-timeout: duration 540s"
            + " (expected: 600s to 86400s)\n");
    err.getBuffer().setLength(0);
    refused(
        RIGHT.replace("127.0.0.1:0", "nowhere") + "surplus: 1\n",
        "pop3-server: DIR/server.yaml:3:14: listeners[0].address: " + err());
  }

  /** The rest of what was said, so that only its lines are compared. */
  private String err() throws IOException {
    check(RIGHT.replace("127.0.0.1:0", "nowhere") + "surplus: 1\n");
    String said = err.toString().replace(directory.toString(), "DIR");
    err.getBuffer().setLength(0);
    assertEquals(2, said.lines().count(), said);
    return said.substring(said.indexOf("address: ") + 9);
  }

  @Test
  @DisplayName("no such file, no option, no such command")
  void commandLine() throws IOException {
    CommandLine line = CommandLines.of(new Main());
    line.setErr(new PrintWriter(err));
    Path missing = directory.resolve("none.yaml");
    assertEquals(ExitCodes.CONFIG, line.execute("serve", "--config", missing.toString()));
    assertEquals("pop3-server: " + missing + ": no such file\n", err.toString());
    assertEquals(ExitCodes.USAGE, line.execute("serve"));
    assertEquals(ExitCodes.USAGE, line.execute("serf"));
  }
}

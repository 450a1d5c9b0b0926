// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.fermoposta.pop3.proxy.Scripts;
import org.fermoposta.pop3.runtime.cli.CommandLines;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.testkit.RawPeer;
import org.fermoposta.pop3.testkit.ScriptedServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command: what it prints, what it returns. */
final class MainTest {
  @TempDir private Path directory;

  @Test
  @DisplayName("runs, says where it listens, serves, drains on SIGTERM and returns 0")
  void runsUntilSigterm() throws Exception {
    List<String> heard = Scripts.notes();
    try (ScriptedServer upstream = ScriptedServer.start(Scripts.server(heard))) {
      Process program =
          program(
              "--listen-stls",
              "127.0.0.1:0",
              "--listen-tls",
              "127.0.0.1:0",
              "--upstream",
              "127.0.0.1:" + upstream.port(),
              "--tls-dir",
              directory.resolve("tls").toString(),
              "--allow-cleartext-login");
      try (BufferedReader out =
          new BufferedReader(
              new InputStreamReader(program.getInputStream(), StandardCharsets.UTF_8))) {
        String pop3s = String.valueOf(out.readLine());
        assertTrue(
            pop3s.matches("pop3s: listening on 127.0.0.1:\\d+ \\(tls implicit\\), .*"), pop3s);
        String pop3 = String.valueOf(out.readLine());
        assertTrue(pop3.matches("pop3: listening on 127.0.0.1:\\d+ \\(tls stls\\), .*"), pop3);
        assertTrue(String.valueOf(out.readLine()).endsWith("ca.pem"));
        int port = Integer.parseInt(pop3.replaceAll(".*127.0.0.1:(\\d+) \\(tls stls.*", "$1"));
        try (RawPeer client = RawPeer.connect(port)) {
          client.readLine();
          assertEquals("+OK USER", client.command("USER bob"));
          program.toHandle().destroy();
          assertTrue(client.isAtEnd());
        }
        assertTrue(program.waitFor(30, TimeUnit.SECONDS));
        assertEquals(ExitCodes.OK, program.exitValue());
      } finally {
        program.destroyForcibly();
      }
    }
  }

  @Test
  @DisplayName("a port that is taken: one line, 69")
  void portTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Result result =
          run("--listen-stls", "127.0.0.1:" + taken.getLocalPort(), "--upstream", "127.0.0.1:1");
      assertEquals(ExitCodes.UNAVAILABLE, result.code, result.text);
      assertTrue(result.text.contains("address already in use"), result.text);
      assertEquals(1, result.text.lines().count(), result.text);
    }
  }

  @Test
  @DisplayName("an upstream whose name has no address, and one that is the proxy itself (N127): 69")
  void badUpstream() throws Exception {
    Result unknown = run("--listen-stls", "127.0.0.1:0", "--upstream", "no-such-host.invalid:110");
    assertEquals(ExitCodes.UNAVAILABLE, unknown.code, unknown.text);
    assertTrue(
        unknown.text.contains("upstream no-such-host.invalid:110: the host name has no address"),
        unknown.text);
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Result itself = run("--listen-stls", "*:" + port, "--upstream", "127.0.0.1:" + port);
    assertEquals(ExitCodes.UNAVAILABLE, itself.code, itself.text);
    assertTrue(itself.text.contains("this proxy listens there itself"), itself.text);
  }

  @Test
  @DisplayName("a missing certificate or configuration file: one line, 78")
  void missingFiles() {
    Result certificate =
        execute(
            "--listen-tls",
            "127.0.0.1:0",
            "--upstream",
            "127.0.0.1:1",
            "--certificate",
            directory.resolve("none.pem").toString());
    assertEquals(ExitCodes.CONFIG, certificate.code, certificate.text);
    assertTrue(certificate.text.contains("none.pem"), certificate.text);
    assertEquals(1, certificate.text.lines().count(), certificate.text);
    Result config = execute("--config", directory.resolve("none.yaml").toString());
    assertEquals(ExitCodes.CONFIG, config.code, config.text);
    assertTrue(config.text.contains("none.yaml: no such file"), config.text);
  }

  @Test
  @DisplayName("a wrong command line: what is missing, 64")
  void wrongCommandLine() {
    for (List<String> arguments :
        List.of(
            List.<String>of(),
            List.of("--upstream", "127.0.0.1:1"),
            List.of("--upstream", "nonsense", "--listen-tls", "127.0.0.1:0"),
            List.of("--upstream", "127.0.0.1:1", "--listen-tls", "127.0.0.1:0"),
            List.of("--upstream", "*:1", "--listen-tls", "127.0.0.1:0", "--tls-dir", "x"),
            List.of("--config", "x", "--upstream", "127.0.0.1:1"))) {
      Result result = execute(arguments.toArray(String[]::new));
      assertEquals(ExitCodes.USAGE, result.code, arguments + " " + result.text);
      assertTrue(result.text.contains("--help"), result.text);
    }
  }

  @Test
  @DisplayName("a whole configuration file is taken; each mistake in one is told with its place")
  void configurationFile() throws Exception {
    Path file = directory.resolve("proxy.yaml");
    String good =
        """
        listeners:
          - { name: pop3s, address: "*:995", tls: implicit }
          - { name: pop3, address: "127.0.0.1:110", tls: stls }
        tls: { self-signed: tls, names: [mail.example.org] }
        upstream: { address: "127.0.0.1:1110", tls: none, connect-timeout: 5s }
        listen: { max-connections: 500 }
        front: { cleartext-login: false, max-errors: 5, login-timeout: 30s }
        relay: { idle-timeout: 45m }
        drain-timeout: 10s
        """;
    Files.writeString(file, good);
    Result checked = execute("--check-config", "--config", file.toString());
    assertEquals(ExitCodes.OK, checked.code, checked.text);
    Files.writeString(file, good.replace("45m", "5m").replace("max-errors", "max-erors"));
    Result wrong = execute("--check-config", "--config", file.toString());
    assertEquals(ExitCodes.CONFIG, wrong.code, wrong.text);
    assertTrue(wrong.text.contains("proxy.yaml:7:"), wrong.text);
    assertTrue(wrong.text.contains("proxy.yaml:8:"), wrong.text);
    Files.writeString(file, good.replaceAll("(?m)^tls: .*\n", ""));
    Result noTls = execute("--check-config", "--config", file.toString());
    assertEquals(ExitCodes.CONFIG, noTls.code, noTls.text);
    assertTrue(noTls.text.contains("there is no tls"), noTls.text);
  }

  /** In a JVM of its own, for what starts threads and hooks. */
  private Result run(String... arguments) throws Exception {
    Process program =
        program(
            Stream.concat(
                    Stream.of(arguments),
                    Stream.of(
                        "--log-level", "error", "--tls-dir", directory.resolve("t").toString()))
                .toArray(String[]::new));
    try {
      String text = new String(program.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(program.waitFor(30, TimeUnit.SECONDS), text);
      return new Result(program.exitValue(), text);
    } finally {
      program.destroyForcibly();
    }
  }

  private static Process program(String... arguments) throws Exception {
    List<String> command =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName()),
                Stream.of(arguments))
            .toList();
    return new ProcessBuilder(command).start();
  }

  private static Result execute(String... arguments) {
    StringWriter text = new StringWriter();
    PrintWriter to = new PrintWriter(text);
    CommandLine line = CommandLines.of(new Main()).setOut(to).setErr(to);
    int code = line.execute(arguments);
    to.flush();
    assertFalse(text.toString().contains("\tat "), text.toString());
    return new Result(code, text.toString());
  }

  private record Result(int code, String text) {}
}

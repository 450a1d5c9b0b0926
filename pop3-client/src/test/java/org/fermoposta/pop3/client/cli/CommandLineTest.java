// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.cli;

import static org.fermoposta.pop3.client.Servers.expect;
import static org.fermoposta.pop3.client.Servers.expectEnd;
import static org.fermoposta.pop3.client.Servers.greet;
import static org.fermoposta.pop3.client.Servers.login;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.fermoposta.pop3.client.TestCertificate;
import org.fermoposta.pop3.testkit.RawPeer;
import org.fermoposta.pop3.testkit.ScriptedServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The program, run in this process. */
@SuppressWarnings("NullAway.Init") // set before each test
class CommandLineTest {
  @TempDir Path directory;
  private Path password;
  private Path mail;

  private record Result(int exitCode, String out, String err) {}

  @BeforeEach
  void writePassword() throws IOException {
    password = Files.writeString(directory.resolve("password"), "open sesame\n");
    mail = directory.resolve("mail");
  }

  @Test
  @DisplayName("list prints number, octets and unique-id")
  void list() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              login(peer);
              expect(peer, "LIST", "+OK\r\n1 10\r\n2 20\r\n.");
              expect(peer, "UIDL", "+OK\r\n1 a\r\n2 b\r\n.");
              expect(peer, "QUIT", "+OK");
            })) {
      Result result = run("list", "alice@127.0.0.1:" + server.port(), "--tls", "none");
      assertEquals(ExitCodes.OK, result.exitCode, result.err);
      assertEquals("1 10 a\n2 20 b\n", result.out.replace("\r\n", "\n"));
    }
  }

  @Test
  @DisplayName("CL14: show escapes what could drive the terminal")
  void show() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              login(peer);
              expect(peer, "RETR 3", "+OK\r\nSubject: \u001b[2J\r\n\r\nbody\r\n.");
              expect(peer, "QUIT", "+OK");
            })) {
      Result result = run("show", "alice@127.0.0.1:" + server.port(), "3", "--tls", "none");
      assertEquals(ExitCodes.OK, result.exitCode, result.err);
      assertEquals("Subject: \\u001b[2J\n\nbody\n", result.out.replace("\r\n", "\n"));
    }
  }

  @Test
  @DisplayName("CL4 CL17: fetch writes files, skips them the next time, survives one bad message")
  void fetch() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              login(peer);
              listing(peer, "a", "b/../c", "d");
              expect(peer, "RETR 1", "+OK\r\none\r\n.");
              expect(peer, "RETR 2", "+OK\r\n..two\r\n.");
              expect(peer, "RETR 3", "-ERR [SYS/TEMP] later");
              expect(peer, "QUIT", "+OK");
            },
            peer -> {
              login(peer);
              listing(peer, "a", "b/../c", "d");
              expect(peer, "RETR 3", "+OK\r\nthree\r\n.");
              expect(peer, "QUIT", "+OK");
            })) {
      Result first = fetch(server, "--dir", mail.toString());
      assertEquals(ExitCodes.PARTLY, first.exitCode, first.err);
      assertTrue(first.out.contains("2 fetched, 0 there already, 0 deleted, 1 failed"), first.out);
      Result second = fetch(server, "--dir", mail.toString());
      assertEquals(ExitCodes.OK, second.exitCode, second.err);
      assertEquals("one\r\n", Files.readString(mail.resolve("a.eml")));
      assertEquals(".two\r\n", Files.readString(mail.resolve("b%2F%2E%2E%2Fc.eml")));
      assertEquals("three\r\n", Files.readString(mail.resolve("d.eml")));
    }
  }

  @Test
  @DisplayName("CL3: with --delete each message is on the disk before its DELE")
  void delete() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              login(peer);
              listing(peer, "a", "b");
              expect(peer, "RETR 1", "+OK\r\none\r\n.");
              assertEquals("DELE 1", peer.readLine());
              assertEquals("one\r\n", Files.readString(mail.resolve("a.eml")));
              peer.sendLine("+OK");
              expect(peer, "RETR 2", "+OK\r\ntwo\r\n.");
              expect(peer, "DELE 2", "+OK");
              expect(peer, "QUIT", "+OK");
            })) {
      Result result = fetch(server, "--dir", mail.toString(), "--delete");
      assertEquals(ExitCodes.OK, result.exitCode, result.err);
      assertTrue(result.out.contains("2 fetched, 0 there already, 2 deleted"), result.out);
    }
  }

  @Test
  @DisplayName("N097: a QUIT without answer after DELE is told by the exit code")
  void uncertain() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              login(peer);
              listing(peer, "a");
              expect(peer, "RETR 1", "+OK\r\none\r\n.");
              expect(peer, "DELE 1", "+OK");
              expect(peer, "QUIT");
            })) {
      Result result = fetch(server, "--dir", mail.toString(), "--delete");
      assertEquals(ExitCodes.PARTLY, result.exitCode, result.err);
      assertTrue(result.err.contains("did not say whether"), result.err);
    }
  }

  @Test
  @DisplayName("N093: a connection lost inside a message: no DELE, no QUIT, no file")
  void lost() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              login(peer);
              listing(peer, "a");
              expect(peer, "RETR 1", "+OK\r\none\r\n");
            })) {
      Result result = fetch(server, "--dir", mail.toString(), "--delete");
      assertEquals(ExitCodes.BROKEN, result.exitCode, result.err);
      assertFalse(Files.exists(mail.resolve("a.eml")));
    }
  }

  @Test
  @DisplayName("N092: equal unique-ids, and one that now means other mail, lose nothing")
  void equalIds() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              login(peer);
              listing(peer, "same", "same", "a");
              for (int n = 1; n <= 3; n++) {
                expect(peer, "RETR " + n, "+OK\r\nmail " + n + "\r\n.");
                expect(peer, "DELE " + n, "+OK");
              }
              expect(peer, "QUIT", "+OK");
            },
            peer -> {
              login(peer);
              listing(peer, "a", "z");
              expect(peer, "RETR 1", "+OK\r\nother mail\r\n.");
              expect(peer, "DELE 1", "+OK");
              expect(peer, "RETR 2", "+OK\r\nmail 1\r\n.");
              expect(peer, "DELE 2", "+OK");
              expect(peer, "QUIT", "+OK");
            })) {
      assertEquals(0, fetch(server, "--dir", mail.toString(), "--delete").exitCode);
      assertEquals(Set.of("mail 1\r\n", "mail 2\r\n", "mail 3\r\n"), contents(mail));
      assertEquals(0, fetch(server, "--dir", mail.toString(), "--delete").exitCode);
      assertEquals(
          Set.of("mail 1\r\n", "mail 2\r\n", "mail 3\r\n", "other mail\r\n"), contents(mail));
    }
  }

  @Test
  @DisplayName("CL5: without UIDL messages are named by content and not doubled")
  void noUidl() throws Exception {
    ScriptedServer.Script script =
        peer -> {
          login(peer);
          expect(peer, "LIST", "+OK\r\n1 5\r\n.");
          expect(peer, "UIDL", "-ERR");
          expect(peer, "RETR 1", "+OK\r\none\r\n.");
          expect(peer, "QUIT", "+OK");
        };
    try (ScriptedServer server = ScriptedServer.start(script)) {
      assertEquals(0, fetch(server, "--dir", mail.toString()).exitCode);
      assertEquals(0, fetch(server, "--dir", mail.toString()).exitCode);
      assertEquals(1, files(mail).size());
    }
  }

  @Test
  @DisplayName("a Maildir gets the mail in new/, and knows it again in cur/ with flags")
  void maildir() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              login(peer);
              listing(peer, "a.b");
              expect(peer, "RETR 1", "+OK\r\none\r\n.");
              expect(peer, "QUIT", "+OK");
            },
            peer -> {
              login(peer);
              listing(peer, "a.b");
              expect(peer, "QUIT", "+OK");
            })) {
      assertEquals(0, fetch(server, "--maildir", mail.toString()).exitCode);
      List<Path> delivered = files(mail.resolve("new"));
      assertEquals(1, delivered.size());
      assertEquals("one\r\n", Files.readString(delivered.get(0)));
      assertEquals(0, files(mail.resolve("tmp")).size());
      Files.move(
          delivered.get(0), mail.resolve("cur").resolve(delivered.get(0).getFileName() + ":2,S"));
      Result second = fetch(server, "--maildir", mail.toString());
      assertTrue(second.out.contains("0 fetched, 1 there already"), second.out);
    }
  }

  @Test
  @DisplayName("a directory of one account is not for another")
  void otherAccount() throws Exception {
    Files.createDirectories(mail);
    Files.writeString(mail.resolve(DirectoryDelivery.ACCOUNT_FILE), "bob@example.org\n");
    Result result = run("fetch", "alice@127.0.0.1:1", "--tls", "none", "--dir", mail.toString());
    assertEquals(ExitCodes.USAGE, result.exitCode);
    assertTrue(result.err.contains("bob@example.org"), result.err);
  }

  @Test
  @DisplayName("exit codes tell login, TLS and connection apart")
  void exitCodes() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              greet(peer);
              expect(peer, "USER alice", "+OK");
              expect(peer, "PASS open sesame", "-ERR [AUTH] wrong");
            },
            peer -> {
              greet(peer);
              expectEnd(peer);
            })) {
      Result login = run("list", "alice@127.0.0.1:" + server.port(), "--tls", "none");
      assertEquals(ExitCodes.LOGIN, login.exitCode, login.err);
      assertFalse(login.err.contains("sesame"), login.err);
      Result tls = run("list", "pop3://alice@127.0.0.1:" + server.port());
      assertEquals(ExitCodes.CONNECT, tls.exitCode, tls.err);
    }
    assertEquals(ExitCodes.CONNECT, run("list", "alice@127.0.0.1:1", "--tls", "none").exitCode);
    assertEquals(ExitCodes.USAGE, run("list").exitCode);
    assertEquals(ExitCodes.USAGE, run("list", "pop3://alice:secret@example.org").exitCode);
    assertEquals(ExitCodes.USAGE, run("list", "ftp://alice@example.org").exitCode);
    assertEquals(ExitCodes.USAGE, run("list", "127.0.0.1").exitCode, "no user");
  }

  @Test
  @DisplayName("a password in clear to another machine is refused, and allowed only by name")
  void clearPassword() throws Exception {
    String host = InetAddress.getLoopbackAddress().getHostAddress();
    assertTrue(ServerAddress.parse("a@" + host).isLoopback());
    assertTrue(ServerAddress.parse("a@localhost:110").isLoopback());
    assertFalse(ServerAddress.parse("a@127.0.0.1.example.org").isLoopback());
    // Another name for this machine, which is no proof that it is.
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              greet(peer);
              expectEnd(peer);
            })) {
      Result result = run("list", "alice@[::ffff:127.0.0.1]:" + server.port(), "--tls", "none");
      assertEquals(ExitCodes.LOGIN, result.exitCode, result.err);
      assertTrue(result.err.contains("WARNING"), result.err);
    }
  }

  @Test
  @DisplayName("--ca makes a private certificate good")
  void ca() throws Exception {
    TestCertificate certificate = TestCertificate.make(directory, "own", "ip:127.0.0.1");
    try (ScriptedServer server =
        ScriptedServer.startTls(
            certificate.server(),
            peer -> {
              login(peer);
              listing(peer);
              expect(peer, "QUIT", "+OK");
            })) {
      Result result =
          run(
              "list",
              "pop3s://alice@127.0.0.1:" + server.port(),
              "--ca",
              certificate.pem().toString());
      assertEquals(ExitCodes.OK, result.exitCode, result.err);
    }
  }

  private static void listing(RawPeer peer, String... ids) throws IOException {
    StringBuilder sizes = new StringBuilder("+OK\r\n");
    StringBuilder uniqueIds = new StringBuilder("+OK\r\n");
    for (int n = 1; n <= ids.length; n++) {
      sizes.append(n).append(" 5\r\n");
      uniqueIds.append(n).append(' ').append(ids[n - 1]).append("\r\n");
    }
    expect(peer, "LIST", sizes + ".");
    expect(peer, "UIDL", uniqueIds + ".");
  }

  private Result fetch(ScriptedServer server, String... options) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("fetch", "alice@127.0.0.1:" + server.port(), "--tls", "none"));
    arguments.addAll(List.of(options));
    return run(arguments.toArray(String[]::new));
  }

  private Result run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--password-file");
    all.add(password.toString());
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine program = Main.commandLine();
    program.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int exitCode = program.execute(all.toArray(String[]::new));
    return new Result(exitCode, out.toString(), err.toString());
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> !file.endsWith(DirectoryDelivery.ACCOUNT_FILE)).toList();
    }
  }

  private static Set<String> contents(Path directory) throws IOException {
    Set<String> contents = new TreeSet<>();
    for (Path file : files(directory)) {
      contents.add(Files.readString(file));
    }
    return contents;
  }
}

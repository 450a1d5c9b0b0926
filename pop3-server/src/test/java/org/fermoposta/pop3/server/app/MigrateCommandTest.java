// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.fermoposta.pop3.runtime.cli.CommandLines;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.runtime.config.ConfigReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code migrate} and {@code migrate verify}, against servers that run. */
@Timeout(120)
final class MigrateCommandTest {
  @TempDir private Path directory;
  private String out = "";
  private String err = "";

  @BeforeEach
  void accounts() throws IOException {
    Files.writeString(
        directory.resolve("passwd"), "alice:{PLAIN}right horse\nbob:{PLAIN}right horse\n");
    Files.writeString(directory.resolve("password"), "right horse\nsecond line\n");
    Files.writeString(
        directory.resolve("users"), "# who\n\nalice:right horse\r\nbob:right horse\n");
  }

  private Path config(String tree) throws IOException {
    Path yaml = directory.resolve(tree + ".yaml");
    Files.createDirectories(directory.resolve(tree));
    return Files.writeString(
        yaml,
        """
        listeners:
          - name: pop3
            address: 127.0.0.1:0
            tls: none
        maildrops: DIR/{user}
        passwd-file: passwd
        session:
          cleartext-login: true
        """
            .replace("DIR", directory.resolve(tree).toString()));
  }

  private void message(String tree, String user, String subAndName, String content)
      throws IOException {
    Path maildir = directory.resolve(tree).resolve(user);
    for (String sub : List.of("new", "cur", "tmp")) {
      Files.createDirectories(maildir.resolve(sub));
    }
    Files.write(maildir.resolve(subAndName), content.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String mail(int number, String end) {
    return "From: a@b" + end + "Subject: " + number + end + end + "text " + number + end;
  }

  private Pop3Server serve(String tree) throws IOException {
    Pop3Server server = Pop3Server.of(ConfigReader.read(config(tree), ServerConfig.class));
    server.start();
    return server;
  }

  private static String url(Pop3Server server) {
    return "pop3://127.0.0.1:" + server.address("pop3").getPort();
  }

  private int run(String... arguments) {
    StringWriter o = new StringWriter();
    StringWriter e = new StringWriter();
    CommandLine line = CommandLines.of(new Main());
    line.setOut(new PrintWriter(o));
    line.setErr(new PrintWriter(e));
    int exitCode = line.execute(arguments);
    out = o.toString();
    err = e.toString();
    return exitCode;
  }

  private int fromPop3(Pop3Server old, String... more) throws IOException {
    Stream<String> line =
        Stream.concat(
            Stream.of(
                "migrate",
                "--config",
                config("fresh").toString(),
                "--from",
                "pop3",
                url(old),
                "--allow-clear-password",
                "--password-file",
                directory.resolve("password").toString()),
            Stream.of(more));
    return run(line.toArray(String[]::new));
  }

  private int verify(Pop3Server old, Pop3Server fresh, String... more) {
    Stream<String> line =
        Stream.concat(
            Stream.of(
                "migrate",
                "verify",
                "--old",
                url(old),
                "--new",
                url(fresh),
                "--allow-clear-password",
                "--users-file",
                directory.resolve("users").toString()),
            Stream.of(more));
    return run(line.toArray(String[]::new));
  }

  @Test
  @DisplayName(
      "T36: by POP3 the same messages under other names keep ids and order of the old server")
  void byPop3() throws IOException {
    for (int i = 1; i <= 4; i++) {
      message("old", "alice", "cur/170000000" + i + ".old:2,S", mail(i, "\n"));
    }
    message("old", "alice", "new/1700000005.twin", mail(1, "\n") + "longer\n");
    message("fresh", "alice", "new/1800000001.c", mail(3, "\r\n"));
    message("fresh", "alice", "cur/1800000002.a2:2,", mail(1, "\r\n") + "longer\r\n");
    message("fresh", "alice", "cur/1800000003.a:2,", mail(1, "\r\n"));
    message("fresh", "alice", "cur/1800000004.own:2,", mail(9, "\n"));
    message(
        "fresh", "alice", "cur/1800000005.b:2,", "Status: RO\nX-UIDL: 1\n  2\n" + mail(2, "\n"));
    try (Closing old = new Closing(serve("old"))) {
      assertEquals(ExitCodes.OK, fromPop3(old.server, "--user", "alice"), () -> out + err);
      assertTrue(out.contains("alice: 4 of 5 messages keep their unique-ids, 1 get new ones"), out);
      try (Closing fresh = new Closing(serve("fresh"))) {
        assertEquals(ExitCodes.FAILURE, verify(old.server, fresh.server, "--user", "alice"));
        assertEquals(
            """
            alice: message 2 1700000002.old: 33 octets on the old server, 61 on the new one
            alice: message 4 1700000004.old: not on the new server
            alice: message 5 1700000005.twin: is number 4 on the new server
            alice: message 5 1800000004.own: not on the old server
            alice: 5 messages on the old server, 5 on the new one: 1 missing, 1 added, 1 of another\
             number, 1 of other octets
            """,
            out);
      }
    }
  }

  @Test
  @DisplayName("T36: what is missing is fetched, and then both servers say the same")
  void download() throws IOException {
    for (int i = 1; i <= 9; i++) {
      message("old", "bob", "new/170000000" + i + ".old", mail(i, "\n"));
    }
    message("old", "alice", "new/1700000001.old", mail(1, "\n"));
    message("fresh", "bob", "new/1800000001.e", mail(5, "\r\n"));
    message("fresh", "alice", "new/1800000001.a", mail(1, "\n"));
    try (Closing old = new Closing(serve("old"))) {
      assertEquals(ExitCodes.OK, fromPop3(old.server, "--all", "--download"), () -> out + err);
      assertTrue(out.contains("bob: 9 of 9 messages keep their unique-ids\n"), out);
      assertTrue(out.contains("2 maildrops: 2 migrated, 0 done before"), out);
      assertEquals(ExitCodes.OK, fromPop3(old.server, "--all", "--download", "--refresh"));
      assertTrue(out.contains("bob: 9 of 9 messages keep their unique-ids\n"), out);
      try (Closing fresh = new Closing(serve("fresh"))) {
        assertEquals(
            ExitCodes.OK,
            verify(old.server, fresh.server, "--user", "bob", "--user", "alice"),
            () -> out);
        assertEquals(
            "bob: 9 messages, the same on both\nalice: 1 messages, the same on both\n", out);
      }
    }
  }

  @Test
  @DisplayName("a server that is not there, or a wrong password, fails that maildrop and says so")
  void notThere() throws IOException {
    message("old", "alice", "new/1700000001.old", mail(1, "\n"));
    message("fresh", "alice", "new/1800000001.e", mail(5, "\r\n"));
    Files.writeString(directory.resolve("password"), "mistaken-pony\n");
    try (Closing old = new Closing(serve("old"))) {
      assertEquals(ExitCodes.FAILURE, fromPop3(old.server, "--user", "alice"));
      assertTrue(out.contains("alice: FAILED: 127.0.0.1:"), out);
      assertTrue(out.contains("1 failed"), out);
      assertFalse(Files.exists(directory.resolve("fresh/alice/fermoposta.uidl")));
      assertFalse((out + err).contains("pony"), out + err);
      assertEquals(ExitCodes.FAILURE, verify(old.server, old.server, "--user", "carl"));
      assertEquals("carl: FAILED: no password of this user\n", out);
    }
  }

  @Test
  @DisplayName("a tree is migrated in one run, and a run again has nothing to do")
  void tree() throws IOException {
    for (String user : List.of("alice", "bob", "carl")) {
      message("fresh", user, "cur/1.a:2,", mail(1, "\n"));
      if (!user.equals("carl")) {
        Files.writeString(
            directory.resolve("fresh").resolve(user).resolve("dovecot-uidlist"),
            "3 V5 N9\n4 :1.a\n");
      }
    }
    message("fresh", "dora", "cur/1.a:2,", "x");
    Files.writeString(directory.resolve("fresh/dora/dovecot-uidlist"), "not a list\n");
    String[] line = {
      "migrate", "--config", config("fresh").toString(), "--from", "dovecot", "--all"
    };
    assertEquals(ExitCodes.FAILURE, run(line));
    assertTrue(
        out.endsWith(
            "4 maildrops: 2 migrated, 0 done before, 1 without old unique-ids, 0 without a Maildir,"
                + " 1 failed\n"),
        out);
    assertTrue(
        Files.readString(directory.resolve("fresh/bob/fermoposta.uidl"))
            .contains("\n0000000400000005 1.a\n"));
    Files.delete(directory.resolve("fresh/dora/dovecot-uidlist"));
    assertEquals(ExitCodes.OK, run(line));
    assertTrue(out.contains("0 migrated, 2 done before, 2 without old unique-ids"), out);
  }

  @Test
  @DisplayName("a wrong command line is told in one line")
  void commandLine() throws IOException {
    String config = config("fresh").toString();
    assertEquals(ExitCodes.USAGE, run("migrate", "--config", config, "--from", "cyrus", "--all"));
    assertTrue(err.contains("--from: cyrus (expected: dovecot, courier,"), err);
    assertEquals(ExitCodes.USAGE, run("migrate", "--config", config, "--from", "dovecot"));
    assertTrue(err.contains("--user or --all"), err);
    assertEquals(ExitCodes.USAGE, run("migrate", "--from", "dovecot", "--all"));
    assertTrue(err.contains("--config"), err);
    assertEquals(
        ExitCodes.USAGE,
        run("migrate", "--config", config, "--from", "dovecot", "--all", "--uidl-format", "%m"));
    assertTrue(err.contains("md5"), err);
    assertEquals(ExitCodes.USAGE, run("migrate", "--config", config, "--from", "pop3", "--all"));
    assertTrue(err.contains("URL"), err);
    assertEquals(
        ExitCodes.USAGE,
        run(
            "migrate",
            "--config",
            config,
            "--from",
            "pop3",
            "--all",
            "pop3://alice:secret@host/",
            "--password-file",
            directory.resolve("password").toString()));
    assertFalse(err.contains("secret"), err);
    assertEquals(ExitCodes.OK, run("help", "migrate"));
    assertTrue(out.contains("%08Xu%08Xv"), out);
  }

  /** Ends a server that was started. */
  private record Closing(Pop3Server server) implements AutoCloseable {
    @Override
    public void close() {
      server.stop();
    }
  }
}

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
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.runtime.cli.CommandLines;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.runtime.config.ConfigReader;
import org.fermoposta.pop3.server.maildrop.DeviceName;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code device} and {@code sweep}, as an operator uses them. */
final class DeviceCommandTest {
  private static final MaildropAddress ALICE = MaildropAddress.of(MaildropName.of("alice"));

  @TempDir private Path directory;
  private Path config = Path.of("none");
  private String out = "";
  private String err = "";

  @BeforeEach
  void configure() throws IOException {
    Files.writeString(
        directory.resolve("passwd"),
        "alice:{PLAIN}x::::::fermoposta_grace=1d\nbob:{PLAIN}x::::::fermoposta_expire=1d\neve:*\n");
    for (String user : List.of("alice", "bob")) {
      for (String sub : List.of("new", "cur", "tmp")) {
        Files.createDirectories(directory.resolve("mail").resolve(user).resolve(sub));
      }
    }
    config =
        Files.writeString(
            directory.resolve("server.yaml"),
            """
            listeners:
              - name: pop3
                address: 127.0.0.1:0
                tls: none
            maildrops: DIR/mail/{user}
            passwd-file: passwd
            """
                .replace("DIR", directory.toString()));
  }

  private int run(String... words) {
    StringWriter outWriter = new StringWriter();
    StringWriter errWriter = new StringWriter();
    CommandLine line = CommandLines.of(new Main());
    line.setOut(new PrintWriter(outWriter));
    line.setErr(new PrintWriter(errWriter));
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(words[0].equals("device") ? 2 : 1, List.of("--config", config.toString()));
    int code = line.execute(all.toArray(String[]::new));
    out = outWriter.toString();
    err = errWriter.toString();
    return code;
  }

  private ServerComponent server() {
    return DaggerServerComponent.factory().create(ConfigReader.read(config, ServerConfig.class));
  }

  private Path deliver(String user, int number) throws IOException {
    return Files.writeString(
        directory.resolve("mail").resolve(user).resolve("new").resolve(number + ".x"), "x\n");
  }

  private void deleteAll(String device) throws Exception {
    try (Maildrop maildrop =
        server().tools().open(ALICE.as(DeviceName.of(device)), LeaseHolder.unyielding("test"))) {
      BitSet all = new BitSet();
      all.set(1, maildrop.count() + 1);
      assertTrue(maildrop.delete(all).complete());
    }
  }

  @Test
  @DisplayName("add prints a password that lets the device in, and keeps nothing of it")
  void add() throws Exception {
    assertEquals(ExitCodes.OK, run("device", "add", "alice", "phone"), err);
    String password = out.lines().findFirst().orElseThrow();
    assertTrue(password.matches("([a-z]{4}-){5}[a-z]{4}"), password);
    assertTrue(out.contains("is now the device main"), out);
    assertTrue(
        server().devices().recognise(ALICE, Optional.of(Secret.ofUtf8(password))).byPassword());
    assertEquals(ExitCodes.OK, run("device", "add", "alice", "laptop"), err);
    assertEquals(1, out.lines().count(), out);
    String kept =
        Files.readString(
            directory.resolve("mail/alice/fermoposta.devices"), StandardCharsets.US_ASCII);
    assertFalse(kept.contains(password), kept);
  }

  @Test
  @DisplayName("list shows what each device holds")
  void list() throws Exception {
    assertEquals(ExitCodes.OK, run("device", "list", "alice"), err);
    assertEquals("alice has no devices\n", out);
    run("device", "add", "alice", "phone");
    deliver("alice", 1);
    deleteAll("phone");
    deliver("alice", 2);
    assertEquals(ExitCodes.OK, run("device", "list", "alice"), err);
    List<String> lines = out.lines().toList();
    assertEquals(2, lines.size(), out);
    assertTrue(
        lines.get(0).matches("main +added .* last used never +holds 2  \\(no password.*"), out);
    assertTrue(lines.get(1).matches("phone +added .* last used 20.*Z +holds 1"), out);
  }

  @Test
  @DisplayName("revoke lets go of everything for that device")
  void revoke() throws Exception {
    run("device", "add", "bob", "phone");
    run("device", "add", "bob", "laptop");
    Path message = deliver("bob", 1);
    MaildropAddress bob = MaildropAddress.of(MaildropName.of("bob"));
    for (String device : List.of("phone", "main")) {
      try (Maildrop maildrop =
          server().tools().open(bob.as(DeviceName.of(device)), LeaseHolder.unyielding("test"))) {
        assertTrue(maildrop.delete(BitSet.valueOf(new long[] {2})).complete());
      }
    }
    assertTrue(Files.exists(message));
    assertEquals(ExitCodes.OK, run("device", "revoke", "bob", "laptop"), err);
    assertEquals("revoked; 1 messages that only it held have left\n", out);
    assertFalse(Files.exists(message));
  }

  @Test
  @DisplayName("undelete gives back what was deleted within the grace period")
  void undelete() throws Exception {
    run("device", "add", "alice", "phone");
    deliver("alice", 1);
    deleteAll("phone");
    deleteAll("main");
    assertEquals(ExitCodes.OK, run("device", "undelete", "alice", "phone"), err);
    assertEquals("1 messages are there again\n", out);
    assertEquals(ExitCodes.OK, run("device", "undelete", "alice"), err);
    assertEquals("1 messages are there again\n", out);
    assertEquals(ExitCodes.OK, run("device", "undelete", "alice", "--within", "0s"), err);
    assertEquals("0 messages are there again\n", out);
  }

  @Test
  @DisplayName("what makes no sense is refused with a reason")
  void refused() {
    assertEquals(ExitCodes.FAILURE, run("device", "add", "nobody", "phone"));
    assertEquals(ExitCodes.FAILURE, run("device", "list", "eve"));
    assertTrue(err.contains("unknown or locked"), err);
    assertEquals(ExitCodes.FAILURE, run("device", "revoke", "alice", "phone"));
    assertTrue(err.contains("has no device"), err);
    run("device", "add", "alice", "phone");
    assertEquals(ExitCodes.FAILURE, run("device", "add", "alice", "PHONE"));
    assertTrue(err.contains("is there already"), err);
    assertEquals(ExitCodes.OK, run("device", "revoke", "alice", "main"));
    assertEquals(ExitCodes.FAILURE, run("device", "revoke", "alice", "phone"));
    assertTrue(err.contains("is the last one"), err);
    assertEquals(ExitCodes.USAGE, run("device", "add", "alice", "../x"));
  }

  @Test
  @DisplayName("--help is there for each command and each of its commands")
  void help() {
    for (String words : List.of("device", "device add", "device undelete", "sweep", "serve")) {
      StringWriter text = new StringWriter();
      CommandLine line = CommandLines.of(new Main()).setOut(new PrintWriter(text));
      assertEquals(ExitCodes.OK, line.execute((words + " --help").split(" ", -1)), words);
      assertTrue(text.toString().contains("Usage: pop3-server " + words), text.toString());
    }
  }

  @Test
  @DisplayName("sweep removes what expired and says how much")
  void sweep() throws Exception {
    Path old = deliver("bob", 1);
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    Path young = deliver("bob", 2);
    assertEquals(ExitCodes.OK, run("sweep"), err);
    assertEquals(
        "1 maildrops swept: 1 expired and 0 let go messages removed, 0 in use, 0 failed\n", out);
    assertFalse(Files.exists(old));
    assertTrue(Files.exists(young));
  }
}

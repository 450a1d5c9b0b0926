// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.fermoposta.pop3.runtime.cli.CommandLines;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The exit codes are what a mail server goes by: 75 keeps the mail in its queue. */
final class DeliverCommandTest {
  @TempDir private Path directory;
  private final StringWriter err = new StringWriter();
  private Path config = Path.of("none");

  @BeforeEach
  void configure() throws IOException {
    Files.writeString(directory.resolve("passwd"), "alice:*\nbob:*\n");
    Files.createDirectory(directory.resolve("mail"));
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

  private int deliver(InputStream message, String... arguments) {
    CommandLine line = CommandLines.of(new DeliverCommand(message));
    line.setErr(new PrintWriter(err));
    String[] all = new String[arguments.length + 2];
    all[0] = "--config";
    all[1] = config.toString();
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return line.execute(all);
  }

  private int deliver(String... arguments) {
    return deliver(
        new ByteArrayInputStream("a: b\n\nc\n".getBytes(StandardCharsets.US_ASCII)), arguments);
  }

  private List<Path> mail(String user) throws IOException {
    try (Stream<Path> found = Files.list(directory.resolve("mail").resolve(user).resolve("new"))) {
      return found.toList();
    }
  }

  private void said(String expected) {
    assertEquals(expected, err.toString().replace(directory.toString(), "DIR"));
  }

  @Test
  @DisplayName("delivers what comes on standard input, and is silent")
  void delivers() throws IOException {
    assertEquals(ExitCodes.OK, deliver("alice"), err::toString);
    assertEquals(ExitCodes.OK, deliver("Bob", "--as-given"), err::toString);
    said("");
    assertEquals("a: b\r\n\r\nc\r\n", Files.readString(mail("alice").get(0)));
    assertEquals("a: b\n\nc\n", Files.readString(mail("bob").get(0)));
  }

  @Test
  @DisplayName("a user that there is not is 67, so that the mail bounces")
  void unknownUser() {
    assertEquals(67, deliver("carol"));
    said("pop3-server: user \"carol\": unknown (expected: an account)\n");
    assertEquals(67, deliver("../alice"));
    assertEquals(67, deliver(""));
  }

  @Test
  @DisplayName("N010: what is not allowed is 77")
  void notAllowed() throws IOException {
    Files.createDirectory(directory.resolve("elsewhere"));
    Files.createSymbolicLink(directory.resolve("mail/alice"), directory.resolve("elsewhere"));
    assertEquals(77, deliver("alice"));
    said("pop3-server: maildir \"DIR/mail/alice\": a symbolic link (expected: a directory)\n");
  }

  @Test
  @DisplayName("whatever may be mended is 75: mail waits meanwhile")
  void temporary() throws IOException {
    Files.move(directory.resolve("mail"), directory.resolve("unmounted"));
    assertEquals(75, deliver("alice"));
    said("pop3-server: mail root \"DIR/mail\": missing (expected: a directory)\n");
    Files.move(directory.resolve("unmounted"), directory.resolve("mail"));
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("broken\u001b pipe");
          }

          @Override
          public int read(byte[] into, int from, int length) throws IOException {
            throw new IOException("broken\u001b pipe");
          }
        };
    err.getBuffer().setLength(0);
    assertEquals(75, deliver(broken, "alice"));
    said("pop3-server: the message cannot be read: java.io.IOException: broken\\u{1B} pipe\n");
    assertEquals(List.of(), mail("alice"));
    Files.writeString(directory.resolve("passwd"), "alice:{NOSUCH}x\n");
    assertEquals(75, deliver("alice"));
    Files.writeString(config, "nonsense: 1\n");
    assertEquals(75, deliver("alice"));
    assertTrue(err.toString().contains("server.yaml:1:1: nonsense: unknown key"), err.toString());
  }

  @Test
  @DisplayName("a wrong command line is 64")
  void usage() {
    assertEquals(64, deliver());
    assertEquals(64, deliver("alice", "bob"));
  }
}

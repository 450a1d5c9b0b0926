// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.fermoposta.pop3.benchmarks.system.Checkout;
import org.fermoposta.pop3.benchmarks.system.Program;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a newcomer meets: the first start, the second, a port that is taken, Ctrl-C. */
final class FirstRunIT {
  private static final int UNAVAILABLE = 69;

  @TempDir Path directory;

  @Test
  @DisplayName("the second run serves the same mail with the same certificate authority")
  void secondRunWorks() throws IOException, InterruptedException {
    List<String> digests;
    byte[] authority;
    try (DemoServer first = DemoServer.start(directory)) {
      digests = first.mail().digests(LineEnds.CRLF);
      authority = Files.readAllBytes(first.authorities());
    }
    try (DemoServer second = DemoServer.start(directory)) {
      assertEquals(digests, second.mail().digests(LineEnds.CRLF), "messages");
      assertEquals(
          new String(authority, java.nio.charset.StandardCharsets.US_ASCII),
          Files.readString(second.authorities()),
          "authority");
      PeerMatrix.fetchAll(
          new CurlPeer(),
          second.endpoint(Encryption.TLS),
          second.mail(),
          /* delete= */ false,
          Files.createDirectory(directory.resolve("second")));
    }
  }

  @Test
  @DisplayName("a port that is taken is said in one line, with exit code 69")
  void takenPortIsOneLine() throws IOException, InterruptedException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Program program = demo("--port", String.valueOf(taken.getLocalPort()), "--tls-port", "0")) {
      int exitCode = program.awaitExit();

      assertEquals(UNAVAILABLE, exitCode, "exit code");
      List<String> said =
          program.errors().stream().filter(line -> line.startsWith("pop3-server: ")).toList();
      assertEquals(1, said.size(), "lines: " + program.errors());
      assertTrue(said.get(0).contains("127.0.0.1:" + taken.getLocalPort()), said.get(0));
      assertTrue(said.get(0).contains("address already in use"), said.get(0));
      assertFalse(
          program.errors().stream().anyMatch(line -> line.startsWith("\tat ")), "a stack trace");
    }
  }

  @Test
  @DisplayName("without --password one is made up and printed, and it opens the maildrop")
  void passwordIsPrinted() throws IOException, InterruptedException {
    try (Program program = demo("--port", "0", "--tls-port", "0")) {
      int port = Integer.parseInt(program.await("POP3 over TLS +127\\.0\\.0\\.1:(\\d+)"));
      String password = program.await("^ +password +(\\S+)$");
      Path maildir = Path.of(program.await("^ +mail +(/.*)"));
      Path authorities = Path.of(program.await("CA for clients +(/.*)"));

      PeerMatrix.fetchAll(
          new CurlPeer(),
          new Endpoint(Encryption.TLS, port, "demo", password, authorities),
          new StoredMail(maildir),
          /* delete= */ false,
          Files.createDirectory(directory.resolve("curl")));
    }
  }

  @Test
  @DisplayName("O6: the private key and the account are for the owner only")
  void secretsArePrivate() throws IOException, InterruptedException {
    try (DemoServer server = DemoServer.start(directory)) {
      Path tls = directory.resolve("demo").resolve("tls");
      for (Path secret :
          List.of(
              tls.resolve("ca-key.pem"),
              tls.resolve("server.pem"),
              directory.resolve("demo").resolve("passwd"))) {
        assertEquals(
            "rw-------",
            PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)),
            secret.toString());
      }
      assertFalse(
          server.program().output().stream().anyMatch(l -> l.contains(DemoServer.PASSWORD)),
          "a password that was given is not printed again");
    }
  }

  private Program demo(String... options) throws IOException {
    List<String> line = new java.util.ArrayList<>();
    line.addAll(List.of(Checkout.launcher("pop3-server"), "demo"));
    line.addAll(List.of("--dir", directory.resolve("demo").toString()));
    line.addAll(List.of(options));
    return Program.start(directory, line);
  }
}

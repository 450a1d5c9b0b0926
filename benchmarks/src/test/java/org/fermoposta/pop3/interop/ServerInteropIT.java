// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.stream.Stream;
import org.fermoposta.pop3.benchmarks.system.Command;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The demo's mail, read by the programs people have. */
final class ServerInteropIT {
  @TempDir static Path directory;
  private static @Nullable DemoServer started;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    started = DemoServer.start(directory);
  }

  @AfterAll
  static void stop() {
    if (started != null) {
      started.close();
    }
  }

  static Stream<Arguments> peers() {
    return PeerMatrix.of(EnumSet.allOf(Encryption.class));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("peers")
  @DisplayName("T14: a peer gets every demo message as it is stored, and leaves it there")
  void peerFetchesEveryMessage(Peer peer, Encryption encryption, @TempDir Path temporary)
      throws IOException, InterruptedException {
    DemoServer server = server();
    assertEquals(10, server.mail().count(), "messages of the demo");

    PeerMatrix.fetchAll(
        peer, server.endpoint(encryption), server.mail(), /* delete= */ false, temporary);

    assertEquals(10, server.mail().count(), "messages that are left");
  }

  @Test
  @DisplayName("T18: a line of 300,000 octets arrives whole")
  void veryLongLineArrives(@TempDir Path temporary) throws IOException, InterruptedException {
    DemoServer server = server();
    String mail = "Subject: one line\n\n." + "x".repeat(300_000) + "\n";
    String name = (Instant.now().getEpochSecond() + 60) + ".long.test";
    Path delivered = server.maildir().resolve("new").resolve(name);
    Files.write(delivered, mail.getBytes(StandardCharsets.US_ASCII));

    // fetchmail damages lines from 8 KiB on, whatever the server is.
    PeerMatrix.fetchAll(
        new CurlPeer(),
        server.endpoint(Encryption.STLS),
        server.mail(),
        /* delete= */ false,
        Files.createDirectory(temporary.resolve("curl")));
    PeerMatrix.fetchAll(
        new PoplibPeer(),
        server.endpoint(Encryption.TLS),
        server.mail(),
        /* delete= */ false,
        Files.createDirectory(temporary.resolve("poplib")));

    for (Path file : server.mail().files()) {
      if (file.getFileName().toString().startsWith(name)) {
        Files.delete(file);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("encrypted")
  @DisplayName("a client without the demo's CA does not trust its certificate")
  void certificateIsVerified(Encryption encryption, @TempDir Path temporary)
      throws IOException, InterruptedException {
    Endpoint from = server().endpoint(encryption);
    Path none = Files.createDirectory(temporary.resolve("none"));

    int exitCode =
        new Command(temporary)
            .result(
                Map.of("SSL_CERT_FILE", temporary.resolve("no-file").toString()),
                "curl",
                "-sS",
                "--ssl-reqd",
                "--capath",
                none.toString(),
                "--user",
                from.user() + ":" + from.password(),
                CurlPeer.url(from) + "1")
            .exitCode();

    assertEquals(60, exitCode, "curl's exit code (60: the certificate cannot be verified)");
  }

  static Stream<Encryption> encrypted() {
    return Stream.of(Encryption.STLS, Encryption.TLS);
  }

  private static DemoServer server() {
    if (started == null) {
      throw new IllegalStateException("no server");
    }
    return started;
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.fermoposta.pop3.benchmarks.system.Checkout;
import org.fermoposta.pop3.benchmarks.system.Command;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * fetchmail and mpop as two devices of one user, each deleting what it downloaded: both get every
 * message once, and the store is empty after both.
 */
final class DevicesInteropIT {
  private static final int ROUNDS = 3;

  private final List<byte[]> delivered = new ArrayList<>();

  @Test
  @DisplayName("two devices that delete after download each get every message exactly once")
  void everyMessageOnceForEach(@TempDir Path directory) throws IOException, InterruptedException {
    try (DemoServer server = DemoServer.start(directory)) {
      for (Path file : server.mail().files()) {
        delivered.add(Files.readAllBytes(file));
      }
      Path config = configuration(directory);
      String own = device(directory, "add", config, "demo", "fetchmail");
      device(directory, "add", config, "demo", "mpop");
      device(directory, "revoke", config, "demo", "main");

      Endpoint tls = server.endpoint(Encryption.TLS);
      Client fetchmail = new Client(directory, new FetchmailPeer(), with(tls, "demo", own));
      Client mpop = new Client(directory, new MpopPeer(), with(tls, "demo+@mpop", tls.password()));
      for (int round = 0; round < ROUNDS; round++) {
        deliver(server.maildir(), 4);
        fetchmail.poll();
        fetchmail.assertHasAllOnce();
        deliver(server.maildir(), 2);
        mpop.poll();
        mpop.assertHasAllOnce();
      }
      assertEquals(2, server.mail().count(), "messages that fetchmail still holds");
      fetchmail.poll();
      fetchmail.assertHasAllOnce();
      mpop.assertHasAllOnce();
      assertEquals(List.of(), server.mail().files(), "messages in the store after both");
    }
  }

  private final class Client {
    private final Peer peer;
    private final Endpoint from;
    private final Path home;
    private final Path into;

    Client(Path directory, Peer peer, Endpoint from) throws IOException {
      this.peer = peer;
      this.from = from;
      home = Files.createDirectory(directory.resolve(peer + "-home"));
      into = Files.createDirectory(directory.resolve(peer + "-into"));
    }

    void poll() throws IOException, InterruptedException {
      peer.fetch(new Peer.Fetch(from, 0, /* delete= */ true, home, into));
    }

    void assertHasAllOnce() throws IOException {
      Path expected = Files.createTempDirectory(home, "expected");
      for (int i = 0; i < delivered.size(); i++) {
        Files.write(
            expected.resolve("message" + i),
            StoredMail.expected(delivered.get(i), peer.lineEnds()));
      }
      assertEquals(
          StoredMail.digests(expected), StoredMail.digests(into), "SHA-256 of mail of " + peer);
    }
  }

  /** As a delivery agent: written to tmp/, renamed into new/. */
  private void deliver(Path maildir, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      int number = delivered.size() + 1;
      byte[] message =
          ("From: a@example.org\nTo: demo@example.org\nSubject: number "
                  + number
                  + "\nMessage-ID: <"
                  + number
                  + "@example.org>\nDate: Wed, 25 Nov 2026 02:00:00 +0000\n\n"
                  + "body of "
                  + number
                  + "\n.dot\n..two\n")
              .getBytes(StandardCharsets.US_ASCII);
      String name = (System.currentTimeMillis() / 1000) + ".M" + number + "P1.interop";
      Path draft = Files.write(maildir.resolve("tmp").resolve(name), message);
      Files.move(draft, maildir.resolve("new").resolve(name), StandardCopyOption.ATOMIC_MOVE);
      delivered.add(message);
    }
  }

  /** For the commands, which work beside the server: the same mail and accounts. */
  private static Path configuration(Path directory) throws IOException {
    return Files.writeString(
        directory.resolve("server.yaml"),
        """
        listeners:
          - name: pop3
            address: 127.0.0.1:0
            tls: none
        maildrops: %s/demo/mail/{user}/Maildir
        passwd-file: demo/passwd
        """
            .formatted(directory));
  }

  /** The first line that a {@code device} command prints. */
  private static String device(
      Path directory, String command, Path config, String user, String device)
      throws IOException, InterruptedException {
    String output =
        new Command(directory)
            .run(
                Checkout.launcher("pop3-server"),
                "device",
                command,
                "--config",
                config.toString(),
                user,
                device);
    return output
        .lines()
        .filter(line -> line.matches("([a-z]{4}-)+[a-z]{4}|revoked.*"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("device " + command + ": " + output));
  }

  private static Endpoint with(Endpoint endpoint, String user, String password) {
    return new Endpoint(
        endpoint.encryption(), endpoint.port(), user, password, endpoint.authorities());
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.fermoposta.pop3.testkit.RawPeer;
import org.jspecify.annotations.Nullable;

/** The real server in a process of its own, started when it is needed and not there. */
final class CrashServer implements AutoCloseable {
  private final Path config;
  private final Path mail;
  private @Nullable ProgramUnderTest process;
  private int port;

  CrashServer(Path config, Path mail) {
    this.config = config;
    this.mail = mail;
  }

  static CrashServer configure(Path directory) throws IOException {
    Path mail = Files.createDirectory(directory.resolve("mail"));
    Files.writeString(
        directory.resolve("passwd"),
        "alice:{PLAIN}secret\nbob:{PLAIN}secret\ncarol:{PLAIN}secret\n");
    Path config =
        Files.writeString(
            directory.resolve("server.yaml"),
            """
            listeners:
              - name: pop3
                address: 127.0.0.1:0
                tls: none
            maildrops: MAIL/{user}
            passwd-file: passwd
            session:
              cleartext-login: true
            """
                .replace("MAIL", mail.toString()));
    return new CrashServer(config, mail);
  }

  String template() {
    return mail + "/{user}";
  }

  CrashMaildir maildir(String user) throws IOException {
    return CrashMaildir.at(mail.resolve(user));
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    if (process != null) {
      process.kill();
      process = null;
    }
  }

  /** A client whose greeting is read. */
  RawPeer connect() throws Exception {
    if (process == null) {
      ProgramUnderTest started = ProgramUnderTest.of(Main.class, "serve", "--config=" + config);
      process = started;
      String line = started.awaitLog("listening on ");
      port = Integer.parseInt(line.replaceFirst(".*127\\.0\\.0\\.1:(\\d+) .*", "$1"));
    }
    RawPeer peer = RawPeer.connect(port).deadline(Duration.ofSeconds(60));
    assertTrue(peer.readLine().startsWith("+OK "));
    return peer;
  }

  RawPeer login(String user) throws Exception {
    RawPeer peer = connect();
    assertEquals("+OK send PASS", peer.command("USER " + user));
    String answer = peer.command("PASS secret");
    assertTrue(answer.startsWith("+OK "), answer);
    return peer;
  }

  /** Unique-ids by number. */
  static List<String> ids(RawPeer peer) throws IOException {
    return column(peer.commandLines("UIDL"));
  }

  private static List<String> column(List<String> lines) {
    List<String> values = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      values.add(line.substring(line.indexOf(' ') + 1));
    }
    return values;
  }

  /** What is there must be this, whole, and can be locked at once. */
  void check(String user, List<String> ids, List<Long> octets) throws Exception {
    try (RawPeer peer = login(user)) {
      assertEquals(ids, ids(peer));
      assertEquals(
          octets.stream().map(String::valueOf).toList(), column(peer.commandLines("LIST")));
      for (int n = 1; n <= ids.size(); n += 1 + ids.size() / 5) {
        peer.sendLine("RETR " + n);
        assertTrue(peer.readLine().startsWith("+OK "));
        assertEquals(octets.get(n - 1), peer.readBody().length);
      }
      assertEquals("+OK bye", peer.command("QUIT"));
    }
  }

  void deleteAll(String user) throws Exception {
    try (RawPeer peer = login(user)) {
      int count = ids(peer).size();
      for (int n = 1; n <= count; n++) {
        assertTrue(peer.command("DELE " + n).startsWith("+OK "));
      }
      assertEquals("+OK bye", peer.command("QUIT"));
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
  }
}

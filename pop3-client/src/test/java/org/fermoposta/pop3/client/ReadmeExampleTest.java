// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import static org.fermoposta.pop3.client.Servers.expect;
import static org.fermoposta.pop3.client.Servers.login;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.fermoposta.pop3.testkit.ScriptedServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of the README, compiled and run. */
class ReadmeExampleTest {
  @Test
  @DisplayName("five lines fetch all mail")
  void fetchAll(@TempDir Path directory) throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              login(peer);
              expect(peer, "STAT", "+OK 2 8");
              expect(peer, "RETR 1", "+OK\r\none\r\n.");
              expect(peer, "DELE 1", "+OK");
              expect(peer, "RETR 2", "+OK\r\ntwo\r\n.");
              expect(peer, "DELE 2", "+OK");
              expect(peer, "QUIT", "+OK");
            })) {
      Pop3ClientConfig config = Servers.plain(server).build();
      assertEquals(CommitResult.CONFIRMED, fetchAll(config, directory));
      assertEquals("one\r\n", Files.readString(directory.resolve("1.eml")));
      assertEquals("two\r\n", Files.readString(directory.resolve("2.eml")));
    }
  }

  private static CommitResult fetchAll(Pop3ClientConfig config, Path directory)
      throws InterruptedException {
    // README: begin
    try (BlockingPop3Session session = Pop3Client.open(config)) {
      int messages = session.stat().messages();
      for (int n = 1; n <= messages; n++) {
        session.retrieve(n, MessageSinks.toFile(directory.resolve(n + ".eml")));
        session.delete(n); // the file is on the disk by now
      }
      return session.quit();
    }
    // README: end
  }
}

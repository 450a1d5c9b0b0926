// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Download and delete: every peer empties the maildrop, and the files are gone. */
final class DeletionInteropIT {
  @Test
  @DisplayName("U1: what peers delete is gone after QUIT, and stays gone after a restart")
  void peersDelete(@TempDir Path directory) throws IOException, InterruptedException {
    try (DemoServer server = DemoServer.start(directory)) {
      Map<Path, byte[]> pristine = new LinkedHashMap<>();
      for (Path file : server.mail().files()) {
        pristine.put(file, Files.readAllBytes(file));
      }
      List<String> failures = new ArrayList<>();
      for (Peer peer : Peer.all()) {
        for (Map.Entry<Path, byte[]> message : pristine.entrySet()) {
          Files.write(message.getKey(), message.getValue());
        }
        Path home = Files.createDirectory(directory.resolve(peer.toString()));
        PeerMatrix.fetchAll(
            peer, server.endpoint(Encryption.TLS), server.mail(), /* delete= */ true, home);
        if (server.mail().count() != 0) {
          failures.add(peer + " left " + server.mail().files());
        }
      }
      assertEquals(List.of(), failures);
    }
    try (DemoServer server = DemoServer.start(directory)) {
      assertEquals(0, server.mail().count(), "messages after a restart");
    }
  }
}

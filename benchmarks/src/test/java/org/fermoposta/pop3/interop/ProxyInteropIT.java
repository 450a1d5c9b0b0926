// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The demo's mail through the proxy. Clients see the proxy's certificate, not the server's. */
final class ProxyInteropIT {
  @TempDir static Path directory;
  private static @Nullable DemoServer server;
  private static @Nullable ProxyProgram proxy;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    server = DemoServer.start(directory);
    proxy = ProxyProgram.start(directory, server.endpoint(Encryption.CLEAR).port());
  }

  @AfterAll
  static void stop() {
    if (proxy != null) {
      proxy.close();
    }
    if (server != null) {
      server.close();
    }
  }

  static Stream<Arguments> peers() {
    return PeerMatrix.of(EnumSet.of(Encryption.STLS, Encryption.TLS));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("peers")
  @DisplayName("PX6: through the proxy a peer gets every demo message as it is stored")
  void peerFetchesEveryMessage(Peer peer, Encryption encryption, @TempDir Path temporary)
      throws IOException, InterruptedException {
    PeerMatrix.fetchAll(peer, endpoint(encryption), mail(), /* delete= */ false, temporary);

    assertEquals(10, mail().count(), "messages that are left");
  }

  @Test
  @DisplayName("what is deleted through the proxy is gone from the server")
  void deletionPasses(@TempDir Path temporary) throws IOException, InterruptedException {
    Path other = Files.createDirectory(temporary.resolve("other"));
    try (DemoServer own = DemoServer.start(other);
        ProxyProgram front = ProxyProgram.start(other, own.endpoint(Encryption.CLEAR).port())) {
      PeerMatrix.fetchAll(
          new MpopPeer(),
          front.endpoint(Encryption.STLS, "demo", DemoServer.PASSWORD),
          own.mail(),
          /* delete= */ true,
          temporary);

      assertEquals(0, own.mail().count(), "messages that are left");
    }
  }

  private static Endpoint endpoint(Encryption encryption) {
    return Objects.requireNonNull(proxy).endpoint(encryption, "demo", DemoServer.PASSWORD);
  }

  private static StoredMail mail() {
    return Objects.requireNonNull(server).mail();
  }
}

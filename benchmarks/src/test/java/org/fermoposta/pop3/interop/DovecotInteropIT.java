// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our client and our proxy with somebody else's server, on the mail of the demo. */
final class DovecotInteropIT {
  @TempDir static Path directory;
  private static @Nullable Dovecot started;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    try (DemoServer demo = DemoServer.start(directory)) {
      started = Dovecot.start(directory, demo.maildir(), directory.resolve("demo").resolve("tls"));
    }
  }

  @AfterAll
  static void stop() {
    if (started != null) {
      started.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Encryption.class)
  @DisplayName("CL1: pop3-client gets every message from Dovecot")
  void clientFetches(Encryption encryption, @TempDir Path temporary)
      throws IOException, InterruptedException {
    PeerMatrix.fetchAll(
        new ClientPeer(),
        dovecot().endpoint(encryption),
        dovecot().mail(),
        /* delete= */ false,
        temporary);

    assertEquals(10, dovecot().mail().count(), "messages that are left");
  }

  @Test
  @DisplayName("PX2: the proxy puts TLS in front of a Dovecot without")
  void proxyInClear(@TempDir Path temporary) throws IOException, InterruptedException {
    throughProxy(temporary, dovecot().endpoint(Encryption.CLEAR).port());
  }

  @Test
  @DisplayName("PX14: the proxy goes to Dovecot by STLS, and checks its certificate")
  void proxyByStls(@TempDir Path temporary) throws IOException, InterruptedException {
    Endpoint upstream = dovecot().endpoint(Encryption.STLS);
    throughProxy(
        temporary,
        upstream.port(),
        "--upstream-tls",
        "stls",
        "--upstream-trust",
        upstream.authorities().toString());
  }

  private static void throughProxy(Path temporary, int port, String... options)
      throws IOException, InterruptedException {
    try (ProxyProgram proxy = ProxyProgram.start(temporary, port, options)) {
      for (Peer peer : new Peer[] {new CurlPeer(), new MpopPeer()}) {
        for (Encryption encryption : new Encryption[] {Encryption.STLS, Encryption.TLS}) {
          PeerMatrix.fetchAll(
              peer,
              proxy.endpoint(encryption, "demo", Dovecot.PASSWORD),
              dovecot().mail(),
              /* delete= */ false,
              Files.createDirectory(temporary.resolve(peer + "-" + encryption)));
        }
      }
    }
  }

  private static Dovecot dovecot() {
    if (started == null) {
      throw new IllegalStateException("Dovecot is not running");
    }
    return started;
  }
}

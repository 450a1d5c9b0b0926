// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.testkit.RawPeer;
import org.fermoposta.pop3.testkit.ScriptedServer;

/** What scripts of servers, and configurations for them, have in common. */
public final class Servers {
  /** Long enough for a busy machine; a test that meets it has failed. */
  static final Duration PATIENCE = Duration.ofSeconds(20);

  private Servers() {}

  /** Returns a configuration for a server without TLS. */
  static Pop3ClientConfig.Builder plain(ScriptedServer server) {
    return Pop3ClientConfig.builder("127.0.0.1")
        .port(server.port())
        .tls(TlsMode.PLAINTEXT)
        .allowClearPassword(true)
        .timeouts(Pop3Timeouts.all(PATIENCE))
        .credentials("alice", Secret.ofUtf8("open sesame"));
  }

  /** Opens a session with a server without TLS. */
  static BlockingPop3Session open(ScriptedServer server) throws InterruptedException {
    return Pop3Client.open(plain(server).build());
  }

  /** Plays greeting, CAPA, USER, PASS and CAPA. */
  public static void login(RawPeer peer) throws IOException {
    greet(peer);
    expect(peer, "USER alice", "+OK");
    expect(peer, "PASS open sesame", "+OK");
    capabilities(peer, "USER", "UIDL", "TOP");
  }

  /** As {@link #login}, of a server that announces PIPELINING. */
  public static void loginPipelining(RawPeer peer) throws IOException {
    greet(peer);
    expect(peer, "USER alice", "+OK");
    expect(peer, "PASS open sesame", "+OK");
    capabilities(peer, "USER", "UIDL", "TOP", "PIPELINING");
  }

  /**
   * Returns whether nothing comes for a moment. Not what decides for right code: a wrong one may
   * pass when it is slow.
   */
  static boolean staysSilent(RawPeer peer) throws IOException {
    long until = System.nanoTime() + Duration.ofMillis(100).toNanos();
    while (System.nanoTime() < until) {
      if (peer.available() > 0) {
        return false;
      }
      LockSupport.parkNanos(1_000_000);
    }
    return true;
  }

  /** Plays greeting and CAPA. */
  public static void greet(RawPeer peer) throws IOException {
    peer.sendLine("+OK ready");
    capabilities(peer, "USER", "UIDL", "TOP");
  }

  /** Plays CAPA. */
  public static void capabilities(RawPeer peer, String... tags) throws IOException {
    expect(peer, "CAPA", "+OK list follows\r\n" + String.join("\r\n", tags) + "\r\n.");
  }

  /** Awaits a command and answers it. */
  public static void expect(RawPeer peer, String command, String reply) throws IOException {
    assertEquals(command, peer.readLine());
    peer.sendLine(reply);
  }

  /** Awaits a command and answers nothing. */
  public static void expect(RawPeer peer, String command) throws IOException {
    assertEquals(command, peer.readLine());
  }

  /** Awaits the end of the connection, without a further command. */
  public static void expectEnd(RawPeer peer) throws IOException {
    assertEquals(0, peer.readToEnd().length, "octets before the end");
  }
}

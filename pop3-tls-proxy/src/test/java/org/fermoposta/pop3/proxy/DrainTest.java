// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.RawPeer;
import org.fermoposta.pop3.testkit.ScriptedServer;
import org.fermoposta.pop3.testkit.ScriptedServer.Script;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a stop does to sessions. */
@ExtendWith(LeakExtension.class)
final class DrainTest {

  @Test
  @DisplayName("a stop lets a message that is under way come to its end (lifecycle)")
  void withinMessage() throws Exception {
    byte[] message = Scripts.message(300_000);
    CountDownLatch draining = new CountDownLatch(1);
    Script script =
        peer -> {
          peer.sendLine("+OK");
          for (String verb : List.of("USER", "PASS")) {
            peer.readLine();
            peer.sendLine("+OK " + verb);
          }
          peer.readLine();
          assertTrue(draining.await(10, TimeUnit.SECONDS));
          peer.sendLine("+OK");
          peer.send(message);
          peer.send(".\r\n");
          assertTrue(peer.isAtEnd());
        };
    try (ScriptedServer upstream = ScriptedServer.start(script, Scripts.server(Scripts.notes()));
        ProxyUnderTest proxy = ProxyUnderTest.start(upstream.port());
        RawPeer client = proxy.tls()) {
      // The greeting is the upstream's: from here on the first script belongs to this client.
      client.readLine();
      client.command("USER bob");
      client.command("PASS secret");
      client.sendLine("RETR 1");
      CompletableFuture<Boolean> stopped;
      try (RawPeer idle = proxy.stls()) {
        idle.readLine();
        stopped = CompletableFuture.supplyAsync(proxy::stop);
        assertTrue(idle.isAtEnd(), "an idle client is closed at once");
      }
      draining.countDown();
      assertEquals("+OK", client.readLine());
      assertArrayEquals(message, client.readBody());
      assertTrue(client.isAtEnd());
      assertTrue(stopped.get(20, TimeUnit.SECONDS));
      assertEquals(0, proxy.connections());
    }
  }
}

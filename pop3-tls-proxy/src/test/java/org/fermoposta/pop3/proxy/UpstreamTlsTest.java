// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Clock;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.fermoposta.pop3.runtime.listen.TlsMode;
import org.fermoposta.pop3.runtime.tls.KeyMaterial;
import org.fermoposta.pop3.runtime.tls.SelfSigned;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.fermoposta.pop3.testkit.RawPeer;
import org.fermoposta.pop3.testkit.ScriptedServer;
import org.fermoposta.pop3.testkit.ScriptedServer.Script;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** TLS on the upstream's side: verified, or nothing is said (PX14). */
@ExtendWith(LeakExtension.class)
final class UpstreamTlsTest {
  private static final String REPLIES =
      "+OK POP3 proxy ready\r\n+OK USER\r\n+OK PASS\r\n+OK bye\r\n";

  @Test
  @DisplayName("implicit TLS to the upstream, certificate verified (PX14)")
  void implicit() throws Exception {
    List<String> heard = Scripts.notes();
    SSLContext certificate = certificateOf(ProxyUnderTest.tlsDirectory());
    try (ScriptedServer upstream = ScriptedServer.startTls(certificate, Scripts.server(heard));
        ProxyUnderTest proxy =
            ProxyUnderTest.with(upstream.port()).upstreamTls(TlsMode.IMPLICIT).start();
        RawPeer client = proxy.tls()) {
      client.send("USER bob\r\nPASS secret\r\nQUIT\r\n");
      assertEquals(REPLIES, Octets.latin1(client.readToEnd()));
      upstream.awaitScripts();
      assertEquals(List.of("USER bob", "PASS secret", "QUIT"), heard);
    }
  }

  @Test
  @DisplayName("STLS to the upstream: nothing but STLS in clear, CAPA asked under TLS (L1, PX2)")
  void stls() throws Exception {
    List<String> heard = Scripts.notes();
    SSLContext certificate = certificateOf(ProxyUnderTest.tlsDirectory());
    Script script =
        peer -> {
          peer.sendLine("+OK");
          assertEquals("STLS", peer.readLine());
          peer.sendLine("+OK");
          peer.startTlsAsServer(certificate);
          assertEquals("CAPA", peer.readLine());
          peer.send("+OK\r\nSTLS\r\nUSER\r\n.\r\n");
          for (String verb : List.of("USER", "PASS", "QUIT")) {
            heard.add(peer.readLine());
            peer.sendLine(verb.equals("QUIT") ? "+OK bye" : "+OK " + verb);
          }
        };
    try (ScriptedServer upstream = ScriptedServer.start(script);
        ProxyUnderTest proxy =
            ProxyUnderTest.with(upstream.port()).upstreamTls(TlsMode.STLS).start();
        RawPeer client = proxy.tls()) {
      client.send("CAPA\r\nUSER bob\r\nPASS secret\r\nQUIT\r\n");
      assertEquals(
          REPLIES.replaceFirst(
              "ready\r\n", "ready\r\n+OK capability list follows\r\nUSER\r\n.\r\n"),
          Octets.latin1(client.readToEnd()));
      assertEquals(List.of("USER bob", "PASS secret", "QUIT"), heard);
    }
  }

  @Test
  @DisplayName("an upstream whose certificate is from an unknown authority gets nothing (PX14)")
  void unknownAuthority(@TempDir Path other) throws Exception {
    List<String> heard = Scripts.notes();
    ScriptedServer upstream =
        ScriptedServer.startTls(certificateOf(other), peer -> heard.add(peer.readLine()));
    try (ProxyUnderTest proxy =
            ProxyUnderTest.with(upstream.port()).upstreamTls(TlsMode.IMPLICIT).start();
        RawPeer client = proxy.tls()) {
      client.send("USER bob\r\nPASS secret\r\n");
      assertEquals(
          "-ERR [SYS/TEMP] the mail server cannot be reached, try again later\r\n",
          Octets.latin1(client.readToEnd()));
    } finally {
      // Its handshake, or its first read, has failed.
      assertThrows(AssertionError.class, upstream::close);
    }
    assertEquals(List.of(), heard);
  }

  static SSLContext certificateOf(Path directory) throws Exception {
    KeyMaterial material = new SelfSigned(directory, Clock.systemUTC()).ensure(List.of());
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null);
    store.setKeyEntry(
        "server", material.key(), new char[0], material.chain().toArray(new Certificate[0]));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }
}

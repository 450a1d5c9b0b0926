// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.handler.ssl.OpenSsl;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.fermoposta.pop3.proxy.app.Proxy;
import org.fermoposta.pop3.proxy.app.ProxyConfig;
import org.fermoposta.pop3.runtime.config.ConfigException;
import org.fermoposta.pop3.runtime.config.ConfigReader;
import org.fermoposta.pop3.runtime.lifecycle.Lifecycle;
import org.fermoposta.pop3.testkit.ScriptedServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS 1.0 for devices behind the fence, on the listener that is named and no other. */
final class LegacyFenceTest {
  @TempDir private Path directory;

  private ProxyConfig config(int upstream, String fence) throws IOException {
    Path file = directory.resolve("proxy.yaml");
    Files.writeString(
        file,
        """
        listeners:
          - { name: old, address: "127.0.0.1:0", tls: stls }
          - { name: olds, address: "127.0.0.1:0", tls: implicit }
          - { name: new, address: "127.0.0.1:0", tls: stls }
        tls: { self-signed: tls, legacy: { listeners: %s, networks: [127.0.0.1] } }
        upstream: { address: "127.0.0.1:%d", tls: none }
        """
            .formatted(fence, upstream));
    return ConfigReader.read(file, ProxyConfig.class);
  }

  @Test
  @DisplayName("L7: behind STLS as with implicit TLS the fence knows the listener")
  void knowsTheListener() throws Exception {
    assumeTrue(OpenSsl.isAvailable(), "TLS 1.0 needs the engine openssl");
    assumeTrue(isInstalled(), "needs openssl");
    Lifecycle lifecycle = new Lifecycle();
    try (ScriptedServer upstream = ScriptedServer.start(Scripts.server(Scripts.notes()))) {
      Proxy proxy = Proxy.of(config(upstream.port(), "[old, olds]"));
      proxy.addTo(lifecycle);
      lifecycle.start();
      String old = sClient(proxy.address("old").getPort(), "-starttls", "pop3", "-tls1");
      assertTrue(old.contains("+OK bye"), old);
      String olds = sClient(proxy.address("olds").getPort(), "-tls1");
      assertTrue(olds.contains("+OK bye"), olds);
      String other = sClient(proxy.address("new").getPort(), "-starttls", "pop3", "-tls1");
      assertTrue(!other.contains("+OK bye") && other.contains("alert"), other);
      String newer = sClient(proxy.address("new").getPort(), "-starttls", "pop3", "-tls1_2");
      assertTrue(newer.contains("+OK bye"), newer);
    } finally {
      assertTrue(lifecycle.stop());
    }
  }

  @Test
  @DisplayName("a fence around a listener that there is not is an error of the configuration")
  void unknownListener() {
    ConfigException e = assertThrows(ConfigException.class, () -> config(1, "[printers]"));
    assertTrue(
        String.valueOf(e.getMessage()).contains("legacy for listeners [printers] (expected: names"),
        e.getMessage());
    assertEquals(1, e.problems().size());
  }

  private static boolean isInstalled() throws InterruptedException {
    try {
      return new ProcessBuilder("openssl", "version").start().waitFor() == 0;
    } catch (IOException none) {
      return false;
    }
  }

  private static String sClient(int port, String... options) throws Exception {
    List<String> command =
        new java.util.ArrayList<>(
            List.of("openssl", "s_client", "-connect", "127.0.0.1:" + port, "-ign_eof"));
    command.addAll(List.of(options));
    command.addAll(List.of("-cipher", "DEFAULT:@SECLEVEL=0"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
      in.flush();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(30, TimeUnit.SECONDS), said);
      return said;
    } finally {
      process.destroyForcibly();
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.fermoposta.pop3.runtime.config.ListenAddress;
import org.fermoposta.pop3.runtime.lifecycle.ActiveSessions;
import org.fermoposta.pop3.runtime.listen.EventLoops;
import org.fermoposta.pop3.runtime.listen.KeepAliveSettings;
import org.fermoposta.pop3.runtime.listen.ListenSettings;
import org.fermoposta.pop3.runtime.listen.Listener;
import org.fermoposta.pop3.runtime.listen.Listeners;
import org.fermoposta.pop3.runtime.listen.TlsMode;
import org.fermoposta.pop3.runtime.listen.Transport;
import org.fermoposta.pop3.runtime.listen.TransportChoice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/*
 * The client runs in a network namespace of its own, at the other end of a virtual cable. Its end is
 * taken down, so that neither FIN nor RST comes, as when a laptop leaves the room. Needs root.
 */
/** A client that is gone without a word. */
@Timeout(120)
final class CablePulledTest {
  private static final String NAMESPACE = "fermoposta-" + ProcessHandle.current().pid();
  private static final String OURS = "fpo" + ProcessHandle.current().pid() % 1_000_000;
  private static final String THEIRS = "fpt" + ProcessHandle.current().pid() % 1_000_000;
  private static final String SERVER = "192.0.2.77";
  private static final String CLIENT = "192.0.2.78";

  private final TroubledStore store = new TroubledStore();
  private final ActiveSessions sessions = new ActiveSessions();

  @BeforeEach
  void layCable() throws Exception {
    assumeTrue(
        run("ip", "netns", "add", NAMESPACE)
            && run("ip", "link", "add", OURS, "type", "veth", "peer", "name", THEIRS),
        "no network namespaces here (expected: Linux, root, iproute2)");
    must("ip", "link", "set", THEIRS, "netns", NAMESPACE);
    must("ip", "addr", "add", SERVER + "/30", "dev", OURS);
    must("ip", "link", "set", OURS, "up");
    inNamespace("ip", "addr", "add", CLIENT + "/30", "dev", THEIRS);
    inNamespace("ip", "link", "set", THEIRS, "up");
    store.deliver(Logins.ALICE, "Subject: a\r\n\r\none\r\n");
    store.deliver(
        Logins.ALICE, "Subject: b\r\n\r\n" + "x".repeat(70).concat("\r\n").repeat(200_000));
  }

  @AfterEach
  void removeCable() throws Exception {
    run("ip", "link", "del", OURS);
    run("ip", "netns", "del", NAMESPACE);
  }

  @ParameterizedTest
  @EnumSource(names = {"NIO", "EPOLL"})
  @DisplayName("N047, K7: the lease of a client whose cable was pulled is free within seconds")
  void idleSession(TransportChoice choice) throws Exception {
    KeepAliveSettings keepAlive =
        new KeepAliveSettings(Duration.ofSeconds(1), Duration.ofSeconds(1), 2, Duration.ZERO);
    try (Served served = serve(choice, keepAlive);
        Client client = new Client(served)) {
      client.login();
      awaitAcknowledged(served.port);
      pull();
      awaitFree(Duration.ofSeconds(10));
      assertEquals(0, store.deletions.availablePermits());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EPOLL"})
  @DisplayName("N047: also with a message under way, where the transport has user-timeout")
  void messageUnderWay(TransportChoice choice) throws Exception {
    KeepAliveSettings keepAlive =
        new KeepAliveSettings(
            Duration.ofSeconds(1), Duration.ofSeconds(1), 2, Duration.ofSeconds(2));
    try (Served served = serve(choice, keepAlive);
        Client client = new Client(served)) {
      client.login();
      client.send("RETR 2");
      assertTrue(client.in.readLine().startsWith("+OK "));
      pull();
      awaitFree(Duration.ofSeconds(15));
    }
    assertEquals(0, store.openBodies.get());
  }

  /** Keep-alive probes begin when nothing is under way; before, only user-timeout counts. */
  private static void awaitAcknowledged(int port) throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    String sockets;
    do {
      assertTrue(System.nanoTime() < until, "the last reply was not acknowledged");
      Process ss =
          new ProcessBuilder("ss", "-Htn", "state", "established", "sport", "=", ":" + port)
              .redirectErrorStream(true)
              .start();
      sockets = new String(ss.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertEquals(0, ss.waitFor(), sockets);
    } while (!sockets.strip().matches("\\d+ +0 .*")); // Recv-Q, Send-Q, addresses.
  }

  private void pull() throws Exception {
    inNamespace("ip", "link", "set", THEIRS, "down");
  }

  private void awaitFree(Duration limit) throws Exception {
    long begin = System.nanoTime();
    store.awaitReleased(limit);
    assertTrue(System.nanoTime() - begin > TimeUnit.MILLISECONDS.toNanos(500), "a FIN was sent");
  }

  private Served serve(TransportChoice choice, KeepAliveSettings keepAlive) {
    return new Served(choice, new ListenSettings(choice, 1, 10, 16, keepAlive));
  }

  private static boolean run(String... command) throws Exception {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false; // No such program.
    }
  }

  private static void must(String... command) throws Exception {
    assertTrue(run(command), () -> String.join(" ", command));
  }

  private static void inNamespace(String... command) throws Exception {
    String[] all = new String[command.length + 4];
    System.arraycopy(new String[] {"ip", "netns", "exec", NAMESPACE}, 0, all, 0, 4);
    System.arraycopy(command, 0, all, 4, command.length);
    must(all);
  }

  private final class Served implements AutoCloseable {
    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    private final EventLoops loops;
    private final Listeners listeners;
    private final int port;

    Served(TransportChoice choice, ListenSettings settings) {
      loops = EventLoops.open(Transport.of(choice), 1);
      Listener listener = new Listener("cable", new ListenAddress(SERVER, 0), TlsMode.NONE);
      listeners =
          Listeners.bind(
              loops,
              settings,
              List.of(listener),
              new SessionPipelines(
                  ServerUnderTest.services(
                      ServerUnderTest.settings(true), store, blocking, sessions)));
      port = listeners.address(listener).getPort();
    }

    @Override
    public void close() {
      listeners.close();
      sessions.drain(Duration.ZERO);
      loops.close();
      blocking.close();
    }
  }

  /** Bash, which can speak TCP, in the namespace; this end is its standard input and output. */
  private static final class Client implements AutoCloseable {
    private final Process process;
    private final BufferedReader in;
    private final Writer out;

    Client(Served served) throws IOException {
      String script = "exec 3<>/dev/tcp/" + SERVER + "/" + served.port + "; cat <&3 & exec cat >&3";
      process =
          new ProcessBuilder("ip", "netns", "exec", NAMESPACE, "bash", "-c", script)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      in = process.inputReader(StandardCharsets.ISO_8859_1);
      out = process.outputWriter(StandardCharsets.ISO_8859_1);
    }

    void login() throws IOException {
      assertTrue(in.readLine().startsWith("+OK Fermoposta"));
      send("USER alice");
      assertEquals("+OK send PASS", in.readLine());
      send("PASS " + Logins.PASSWORD);
      assertTrue(in.readLine().startsWith("+OK 2 messages"));
      send("DELE 1");
      assertTrue(in.readLine().startsWith("+OK "));
    }

    void send(String line) throws IOException {
      out.write(line + "\r\n");
      out.flush();
    }

    @Override
    public void close() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.door;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;
import org.fermoposta.pop3.benchmarks.door.DoorServers.Running;
import org.fermoposta.pop3.benchmarks.system.CpuTime;
import org.fermoposta.pop3.benchmarks.system.Machine;
import org.jspecify.annotations.Nullable;

/**
 * A client that fetches its mail while many connections do not log in: {@code REPORT [--quick]
 * --server COMMAND...}. Writes the report.
 */
public final class HostileMain {
  private static final int WARM_UP = 600;
  private static final int SESSIONS = 100;
  private static final int SETTLE_SECONDS = 6;

  private final SSLSocketFactory tls = Clients.newTls();
  private final StringBuilder table = new StringBuilder();
  private int refused;

  private HostileMain() {}

  /** Measures and writes the report. */
  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> words = Arrays.asList(args);
    int server = words.indexOf("--server");
    if (server < 1 || server == words.size() - 1) {
      System.err.println("expected: REPORT [--quick] --server COMMAND...");
      System.exit(64);
    }
    int attackers = words.subList(1, server).contains("--quick") ? 2000 : 10_000;
    Path home = Files.createTempDirectory("hostile");
    try {
      String report =
          new HostileMain().run(home, words.subList(server + 1, words.size()), attackers);
      Files.writeString(Path.of(args[0]), report);
    } finally {
      Trees.delete(home);
    }
  }

  private String run(Path home, List<String> program, int attackers)
      throws IOException, InterruptedException {
    DoorServers.makeCertificates(home);
    DoorServers.deliver(home, 2);
    String during;
    try (Running server = DoorServers.fermoposta(home, program, "p256", 2, "-Xmx512m")) {
      fetch(server, WARM_UP);
      measure("before", server);
      List<String> attack =
          Clients.java(
              SlowLorisMain.class,
              Integer.toString(server.plain()),
              Integer.toString(server.tls()),
              Integer.toString(attackers));
      try (Client client = Client.start(home, attack, "ready")) {
        TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
        measure("during", server);
        during = client.finishSaying();
      }
      TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
      measure("after", server);
    }
    return """
        # Ten thousand connections that never log in

        Written by `bin/benchmarks hostile`. %s, Java %s, server with -Xmx512m and default limits.

        %d connections from 10,000 addresses: one in three says nothing, one sends a command octet by
        octet, one a ClientHello; what is closed comes again (at the end: %s). Meanwhile a client at an
        address of its own logs in %d times, by turns plain and with TLS, and fetches ten messages each
        time. Its times are by the clock, on the processors that the attack runs on too. Memory is
        physical (Pss) and live objects on the heap; processor time is the server's.

        | attack | refused sessions | session, median ms | 95 of 100, ms | longest, ms | Pss, MiB | heap, MiB | server, ms each |
        |---|---|---|---|---|---|---|---|
        %s"""
        .formatted(
            Machine.processor(), Runtime.version(), attackers, during, SESSIONS, table.toString());
  }

  private void measure(String when, Running server) throws IOException, InterruptedException {
    double cpu = CpuTime.seconds(server.handle());
    List<Double> times = fetch(server, SESSIONS).stream().sorted().toList();
    double each = 1000 * (CpuTime.seconds(server.handle()) - cpu) / SESSIONS;
    Memory memory = server.memory();
    String row =
        String.format(
            Locale.ROOT,
            "| %s | %d | %.1f | %.1f | %.1f | %.1f | %.1f | %.2f |%n",
            when,
            refused,
            times.get(SESSIONS / 2),
            times.get(SESSIONS * 95 / 100),
            times.get(SESSIONS - 1),
            memory.resident() / 1048576.0,
            memory.live() / 1048576.0,
            each);
    System.err.print(row);
    table.append(row);
  }

  /** Sessions one after the other; how long each took, in milliseconds; a refused one endless. */
  private List<Double> fetch(Running server, int sessions) {
    List<Double> times = new ArrayList<>();
    refused = 0;
    for (int i = 0; i < sessions; i++) {
      long begin = System.nanoTime();
      boolean secure = i % 2 == 1;
      try {
        fetch(secure ? server.tls() : server.plain(), secure ? tls : null);
        times.add((System.nanoTime() - begin) / 1e6);
      } catch (IOException e) {
        refused++;
        times.add(Double.POSITIVE_INFINITY);
      }
    }
    return times;
  }

  private static void fetch(int port, @Nullable SSLSocketFactory tls) throws IOException {
    Socket socket = IdleMain.login(port, tls, 0);
    for (int number = 1; number <= DoorServers.MESSAGES; number++) {
      Clients.send(socket, "RETR " + number + "\r\n");
      Clients.positive(socket);
      while (!Clients.line(socket.getInputStream()).equals(".")) {
        // The text is checked elsewhere.
      }
    }
    IdleMain.quit(socket);
  }
}

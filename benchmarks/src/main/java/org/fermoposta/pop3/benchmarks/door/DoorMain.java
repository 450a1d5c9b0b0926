// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.door;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fermoposta.pop3.benchmarks.door.DoorServers.Running;
import org.fermoposta.pop3.benchmarks.system.CpuTime;
import org.fermoposta.pop3.benchmarks.system.Machine;

/**
 * Memory of an idle session and processor time of a TLS handshake, beside Dovecot and nginx: {@code
 * REPORT [--quick] [--histogram] --server COMMAND...}. Writes the report.
 */
public final class DoorMain {
  private static final List<String> WIRES = List.of("plain", "tls");
  private static final int DOVECOT_SESSIONS = 200;
  private static final int SPARE = 8;

  private final Path home;
  private final List<String> program;
  private final int sessions;
  private final int rounds;
  private final int handshakes;
  private final int warmUp;
  private final boolean histogram;
  private final Map<String, Map<String, Idle>> memory = new LinkedHashMap<>();
  private final Map<String, Map<String, List<Double>>> time = new LinkedHashMap<>();

  private DoorMain(Path home, List<String> program, List<String> options) {
    this.home = home;
    this.program = program;
    boolean quick = options.contains("--quick");
    histogram = options.contains("--histogram");
    sessions = quick ? 1000 : 4000;
    rounds = quick ? 1 : 3;
    handshakes = quick ? 500 : 2000;
    warmUp = quick ? 4000 : 8000;
  }

  /** Measures and writes the report. */
  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> words = Arrays.asList(args);
    int server = words.indexOf("--server");
    if (server < 1 || server == words.size() - 1) {
      System.err.println("expected: REPORT [--quick] [--histogram] --server COMMAND...");
      System.exit(64);
    }
    Path home = Files.createTempDirectory("door");
    try {
      DoorMain door =
          new DoorMain(home, words.subList(server + 1, words.size()), words.subList(1, server));
      door.run(words.contains("--no-memory"), words.contains("--no-handshakes"));
      Files.writeString(Path.of(args[0]), door.report());
    } finally {
      Trees.delete(home);
    }
  }

  private void run(boolean noMemory, boolean noHandshakes)
      throws IOException, InterruptedException {
    DoorServers.makeCertificates(home);
    DoorServers.deliver(home, sessions + SPARE);
    if (!noMemory) {
      // A server of its own for each figure: none reuses what another has freed.
      for (String wire : WIRES) {
        try (Running ours =
            DoorServers.fermoposta(
                home, program, "p256", sessions + SPARE, DoorServers.RESIDENT_HEAP)) {
          idle(ours, wire, sessions);
          if (DoorServers.nginxIsThere()) {
            try (Running nginx = DoorServers.nginx(home, "p256", ours.plain())) {
              idle(nginx, wire, sessions / 2);
            }
          }
        }
        if (DoorServers.dovecotIsThere()) {
          Path theirs = Files.createDirectories(home.resolve("dovecot-" + wire));
          DoorServers.deliver(theirs, DOVECOT_SESSIONS + SPARE);
          Trees.copy(home.resolve("tls"), theirs.resolve("tls"));
          try (Running dovecot = DoorServers.dovecot(theirs, "p256")) {
            idle(dovecot, wire, DOVECOT_SESSIONS);
          }
        }
      }
    }
    if (!noHandshakes) {
      for (String keys : List.of("p256", "rsa")) {
        handshakes(keys);
      }
    }
  }

  private void idle(Running server, String wire, int count)
      throws IOException, InterruptedException {
    // Whatever is made once, threads and compiled code among it, is made before.
    Client.churn(home, server, wire, server.isJvm() ? warmUp : SPARE, count);
    Memory before = server.memory();
    try (Client client = Client.start(home, server, wire, count, 0)) {
      Memory with = server.memory();
      Idle figure =
          new Idle(
              count,
              (double) (with.live() - before.live()) / count,
              (double) (with.resident() - before.resident()) / count);
      memory.computeIfAbsent(server.name(), any -> new LinkedHashMap<>()).put(wire, figure);
      System.err.println(server.name() + " " + wire + ": " + figure);
      if (histogram && server.isJvm()) {
        System.err.println(Memory.histogram(server.handle(), home));
      }
      client.finish();
    }
  }

  private void handshakes(String keys) throws IOException, InterruptedException {
    Path theirs = Files.createDirectories(home.resolve("dovecot-" + keys));
    Trees.copy(home.resolve("tls"), theirs.resolve("tls"));
    List<Running> servers = new ArrayList<>();
    try {
      servers.add(DoorServers.fermoposta(home, program, keys, 10, DoorServers.RESIDENT_HEAP));
      if (DoorServers.nginxIsThere()) {
        servers.add(DoorServers.nginx(home, keys, servers.get(0).plain()));
      }
      if (DoorServers.dovecotIsThere()) {
        servers.add(DoorServers.dovecot(theirs, keys));
      }
      for (String kind : List.of("full", "resumed")) {
        for (Running server : servers) {
          int count = server.isJvm() ? warmUp : handshakes / 4;
          try (Client client = Client.handshakes(home, server, kind, count)) {
            client.finish();
          }
        }
        for (int round = 0; round < rounds; round++) {
          for (Running server : servers) {
            measure(server, keys, kind);
          }
        }
      }
    } finally {
      for (Running server : servers) {
        server.close();
      }
    }
  }

  private void measure(Running server, String keys, String kind)
      throws IOException, InterruptedException {
    double each;
    try (Client client = Client.handshakes(home, server, kind, handshakes)) {
      double before = CpuTime.quietSeconds(server.handle());
      client.finish();
      each = 1000 * (CpuTime.quietSeconds(server.handle()) - before) / handshakes;
    }
    time.computeIfAbsent(keys + " " + kind, any -> new LinkedHashMap<>())
        .computeIfAbsent(server.name(), any -> new ArrayList<>())
        .add(each);
    System.err.printf(Locale.ROOT, "%s %s %s: %.3f ms%n", keys, kind, server.name(), each);
  }

  private String report() {
    return DoorReport.text(
        Machine.processor() + ", Java " + Runtime.version(), memory, time, handshakes);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.door;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.fermoposta.pop3.benchmarks.door.DoorServers.Running;

/** A process with clients in it. */
final class Client implements AutoCloseable {
  private static final long LIMIT_MINUTES = 5;

  private final Process process;
  private final BufferedReader output;

  private Client(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Sessions that are logged in and idle when this returns. */
  static Client start(Path home, Running server, String wire, int count, int firstUser)
      throws IOException {
    return start(home, idle(server, wire, count, firstUser, "hold"), "ready");
  }

  /** Sessions of a few users that come and go; returns when the last has ended. */
  static void churn(Path home, Running server, String wire, int count, int firstUser)
      throws IOException, InterruptedException {
    List<String> line = idle(server, wire, count, firstUser, "churn");
    await(new ProcessBuilder(line).directory(home.toFile()).inheritIO().start());
  }

  private static List<String> idle(
      Running server, String wire, int count, int firstUser, String what) {
    int port = wire.equals("tls") ? server.tls() : server.plain();
    return Clients.java(
        IdleMain.class,
        Integer.toString(port),
        wire,
        Integer.toString(count),
        Integer.toString(firstUser),
        what);
  }

  /** Runs clients that say so when they are ready. */
  static Client start(Path home, List<String> line, String ready) throws IOException {
    Process process =
        new ProcessBuilder(line)
            .directory(home.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Client client = new Client(process);
    String said = client.output.readLine();
    if (!ready.equals(said)) {
      client.close();
      throw new IOException("clients said " + said + " (expected: " + ready + ")");
    }
    return client;
  }

  /** Tells it to end, and waits until it has. */
  void finish() throws IOException, InterruptedException {
    finishSaying();
  }

  /** The same; the last line it prints, empty if there is none. */
  String finishSaying() throws IOException, InterruptedException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    String last = "";
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      last = line;
    }
    await(process);
    return last;
  }

  /** Clients that make handshakes when told to {@link #finish}. */
  static Client handshakes(Path home, Running server, String kind, int count) throws IOException {
    List<String> line =
        Clients.java(
            HandshakeMain.class, Integer.toString(server.tls()), kind, Integer.toString(count));
    return start(home, line, "ready");
  }

  private static void await(Process process) throws IOException, InterruptedException {
    if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException("clients failed, see above (expected: exit code 0)");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

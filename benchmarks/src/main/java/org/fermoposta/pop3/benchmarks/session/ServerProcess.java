// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.session;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server under measurement, with all its processes. */
final class ServerProcess implements AutoCloseable {
  private static final long START_MILLIS = 60_000;
  private static final int TICKS_PER_SECOND = 100;
  private static final int USER_TICKS = 11;
  private static final int WAITED_FOR_SYSTEM_TICKS = 14;

  private final Process process;
  private final int port;

  private ServerProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts a program and waits until it listens. */
  static ServerProcess start(Path log, int port, List<String> command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    Process process = builder.start();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
    while (!listens(port)) {
      if (process.waitFor(50, TimeUnit.MILLISECONDS) || System.nanoTime() > end) {
        process.destroyForcibly();
        throw new IOException("does not listen: " + command + "\n" + Files.readString(log));
      }
    }
    return new ServerProcess(process, port);
  }

  /** A port that was free a moment ago, for programs that cannot be asked which one they got. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  /**
   * Processor time, user and system, that the program and all it has started have used so far, in
   * milliseconds; exact to 10.
   */
  long cpuMillis() throws IOException {
    long ticks = ticks(process.pid());
    try (Stream<ProcessHandle> children = process.descendants()) {
      for (ProcessHandle child : (Iterable<ProcessHandle>) children::iterator) {
        ticks += ticks(child.pid());
      }
    }
    return ticks * 1000 / TICKS_PER_SECOND;
  }

  /** Its own and that of children it has waited for. */
  private static long ticks(long pid) throws IOException {
    String stat;
    try {
      stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    } catch (NoSuchFileException ended) {
      return 0; // Its parent counts it from now on.
    }
    List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
    long sum = 0;
    for (String field : fields.subList(USER_TICKS, WAITED_FOR_SYSTEM_TICKS + 1)) {
      sum += Long.parseLong(field);
    }
    return sum;
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

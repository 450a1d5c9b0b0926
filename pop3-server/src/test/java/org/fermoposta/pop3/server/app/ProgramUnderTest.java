// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The program in a JVM of its own. */
final class ProgramUnderTest implements AutoCloseable {
  private final Process process;
  private final Lines out;
  private final Lines err;

  /** The program {@code pop3-server}. */
  ProgramUnderTest(String... arguments) throws IOException {
    this(Main.class, List.of(arguments));
  }

  /** Another program. */
  static ProgramUnderTest of(Class<?> main, String... arguments) throws IOException {
    return new ProgramUnderTest(main, List.of(arguments));
  }

  private ProgramUnderTest(Class<?> main, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(arguments);
    process = new ProcessBuilder(command).start();
    out = new Lines(process.inputReader());
    err = new Lines(process.errorReader());
  }

  /** Waits for a line of standard output that holds this. */
  String awaitOut(String part) throws InterruptedException {
    return out.await(part, this);
  }

  /** Waits for a line of the log that holds this. */
  String awaitLog(String part) throws InterruptedException {
    return err.await(part, this);
  }

  List<String> out() {
    return out.lines;
  }

  List<String> err() {
    return err.lines;
  }

  /** Sends SIGTERM. */
  ProgramUnderTest terminate() {
    process.toHandle().destroy(); // Process.destroy() would close its output too.
    return this;
  }

  /** Sends SIGKILL and waits for the end and for all that was printed. */
  void kill() throws InterruptedException {
    process.toHandle().destroyForcibly();
    process.waitFor();
    out.reader.join();
    err.reader.join();
  }

  /** Waits for the end and for all that was printed. */
  int exitCode() throws InterruptedException {
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> "still running: " + this);
    out.reader.join();
    err.reader.join();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.toHandle().destroyForcibly();
  }

  @Override
  public String toString() {
    return "out " + out.lines + ", err " + err.lines;
  }

  private static final class Lines {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread reader;
    private boolean ended;

    Lines(BufferedReader in) {
      reader = Thread.ofVirtual().start(() -> readAll(in));
    }

    private void readAll(BufferedReader in) {
      try (in) {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          add(line, false);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        add("", true);
      }
    }

    private synchronized void add(String line, boolean end) {
      ended = end;
      if (!end) {
        lines.add(line);
      }
      notifyAll();
    }

    synchronized String await(String part, ProgramUnderTest program) throws InterruptedException {
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      for (; ; ) {
        for (String line : lines) {
          if (line.contains(part)) {
            return line;
          }
        }
        long left = until - System.nanoTime();
        if (ended || left <= 0) {
          return fail("not printed: " + part + "; " + program);
        }
        wait(left / 1_000_000 + 1);
      }
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program that runs beside the test until it is told to end. */
public final class Program implements AutoCloseable {
  // The launcher may have to build first.
  private static final Duration START = Duration.ofMinutes(5);
  private static final long STOP_SECONDS = 60;

  private final Process process;
  private final Lines out = new Lines();
  private final Lines err = new Lines();

  private Program(Process process) {
    this.process = process;
    out.follow(process.getInputStream());
    err.follow(process.getErrorStream());
  }

  public static Program start(Path directory, List<String> line) throws IOException {
    return start(directory, line, Map.of());
  }

  public static Program start(Path directory, List<String> line, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile());
    builder.environment().putAll(environment);
    return new Program(builder.start());
  }

  /** Waits for the first line on standard output that holds the pattern; its first group. */
  public String await(String pattern) throws InterruptedException {
    return out.await(pattern, this::failure);
  }

  /** The same on standard error. */
  public String awaitError(String pattern) throws InterruptedException {
    return err.await(pattern, this::failure);
  }

  public List<String> output() {
    return out.all();
  }

  public List<String> errors() {
    return err.all();
  }

  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** Sends SIGTERM and waits; the exit code. */
  public int terminate() throws InterruptedException {
    // Process.destroy() would also close our end of its output, and lose what it says at the end.
    process.toHandle().destroy();
    return awaitExit();
  }

  /** The exit code, once it ends by itself. */
  public int awaitExit() throws InterruptedException {
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      process.toHandle().destroyForcibly();
      throw new AssertionError("still running after " + STOP_SECONDS + " s\n" + failure());
    }
    out.awaitEnd();
    err.awaitEnd();
    return process.exitValue();
  }

  @Override
  public void close() {
    try {
      if (process.isAlive()) {
        terminate();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private String failure() {
    return String.join("\n", output()) + "\n" + String.join("\n", errors());
  }

  /** The lines of one stream, read as they come. */
  private static final class Lines {
    private final List<String> lines = new ArrayList<>();
    private boolean ended;

    void follow(InputStream stream) {
      Thread reader = new Thread(() -> read(stream), "output");
      reader.setDaemon(true);
      reader.start();
    }

    private void read(InputStream stream) {
      try (BufferedReader reader =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          add(line);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        end();
      }
    }

    private synchronized void add(String line) {
      lines.add(line);
      notifyAll();
    }

    private synchronized void end() {
      ended = true;
      notifyAll();
    }

    synchronized List<String> all() {
      return List.copyOf(lines);
    }

    synchronized void awaitEnd() throws InterruptedException {
      while (!ended) {
        wait();
      }
    }

    synchronized String await(String pattern, java.util.function.Supplier<String> failure)
        throws InterruptedException {
      Pattern wanted = Pattern.compile(pattern);
      long deadline = System.nanoTime() + START.toNanos();
      int seen = 0;
      while (true) {
        for (; seen < lines.size(); seen++) {
          Matcher matcher = wanted.matcher(lines.get(seen));
          if (matcher.find()) {
            return matcher.groupCount() == 0 ? matcher.group() : matcher.group(1);
          }
        }
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (ended || left <= 0) {
          throw new AssertionError("no line with \"" + pattern + "\"\n" + failure.get());
        }
        wait(left);
      }
    }
  }
}

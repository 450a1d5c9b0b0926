// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.system;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that is run to its end, in a home directory of its own. */
public final class Command {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Path home;
  private final Duration limit;

  /** One that ends within a minute. */
  public Command(Path home) {
    this(home, LIMIT);
  }

  /** One that may take longer. */
  public Command(Path home, Duration limit) {
    this.home = home;
    this.limit = limit;
  }

  /** What a program left. */
  public record Result(int exitCode, String output) {}

  /** Runs it and demands exit code 0. */
  public String run(String... line) throws IOException, InterruptedException {
    return run(Map.of(), line);
  }

  /** Runs it with additions to the environment and demands exit code 0. */
  public String run(Map<String, String> environment, String... line)
      throws IOException, InterruptedException {
    Result result = result(environment, line);
    if (result.exitCode() != 0) {
      throw new AssertionError(
          line[0] + ": exit code " + result.exitCode() + " (expected: 0)\n" + result.output());
    }
    return result.output();
  }

  /** Runs it; a program that is not there is a failure, as is one that does not end. */
  public Result result(Map<String, String> environment, String... line)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(home, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(List.of(line))
            .directory(home.toFile())
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("LC_ALL", "C");
    builder.environment().putAll(environment);
    Process process = start(builder);
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
      throw new AssertionError(
          line[0] + ": still running after " + limit.toSeconds() + " s\n" + text(output));
    }
    return new Result(process.exitValue(), text(output));
  }

  private static Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new AssertionError(
          "cannot start "
              + builder.command().get(0)
              + " (expected: installed; .ci/run shows how): "
              + e.getMessage(),
          e);
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }
}

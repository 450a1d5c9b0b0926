// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class ShutdownHookTest {
  /** A program of its own, because a hook runs once per JVM. */
  static final class Program {
    public static void main(String[] arguments) {
      String kind = arguments[0];
      Lifecycle lifecycle = new Lifecycle();
      lifecycle.add(
          "part",
          Duration.ofSeconds(20),
          () -> {
            if (kind.equals("fail-start")) {
              throw new IllegalStateException("no");
            }
          },
          () -> {
            System.out.println("part stopped");
            LoggerFactory.getLogger(Program.class).info("last words");
            if (kind.equals("fail-stop")) {
              throw new IllegalStateException("no");
            }
          });
      ShutdownHook.install(lifecycle);
      try {
        lifecycle.start();
      } catch (LifecycleException e) {
        System.out.println(e.getMessage());
        System.exit(3);
      }
      System.out.println("started");
      lifecycle.awaitStopped();
    }
  }

  @Test
  @DisplayName("O5, O7: SIGTERM stops the parts, writes the log out and exits with 0")
  void sigtermStopsCleanly() throws Exception {
    Process process = run("normal");
    try (BufferedReader out = output(process)) {
      assertEquals("started", out.readLine());
      assertTrue(process.toHandle().destroy()); // Process.destroy would close the streams too.
      assertEquals("part stopped", out.readLine());
      assertEquals(0, exit(process));
    }
    List<String> log = log(process);
    assertTrue(log.stream().anyMatch(l -> l.endsWith("last words")), log::toString);
    assertTrue(log.get(log.size() - 1).endsWith(" stopped"), log::toString);
  }

  @Test
  void anUncleanStopExitsWith1() throws Exception {
    Process process = run("fail-stop");
    try (BufferedReader out = output(process)) {
      assertEquals("started", out.readLine());
      assertTrue(process.toHandle().destroy()); // Process.destroy would close the streams too.
      assertEquals(1, exit(process));
    }
  }

  @Test
  void aFailedStartKeepsItsOwnExitCode() throws Exception {
    Process process = run("fail-start");
    try (BufferedReader out = output(process)) {
      assertEquals("part: java.lang.IllegalStateException: no", out.readLine());
      assertEquals(3, exit(process));
    }
  }

  private static Process run(String kind) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Program.class.getName(),
            kind)
        .start();
  }

  private static int exit(Process process) throws InterruptedException {
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    return process.exitValue();
  }

  private static BufferedReader output(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private static List<String> log(Process process) throws IOException {
    return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8)
        .lines()
        .toList();
  }
}

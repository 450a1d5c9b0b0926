// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Processor time of a program and all processes it started, those that ended included. */
public final class CpuTime {
  private static final double TICKS_PER_SECOND = 100;
  private static final long KIB = 1024;
  private static final long POLL_MILLIS = 100;
  private static final int QUIET_POLLS = 3;
  private static final int MAX_POLLS = 100;

  private CpuTime() {}

  /** User and system time, seconds, in steps of the kernel's tick of 10 ms. */
  public static double seconds(ProcessHandle program) throws IOException {
    long ticks = ticks(program.pid());
    for (ProcessHandle each : descendants(program)) {
      ticks += ticks(each.pid());
    }
    return ticks / TICKS_PER_SECOND;
  }

  /** The same once nothing is at work any more, such as a compiler or a collector behind it. */
  public static double quietSeconds(ProcessHandle program)
      throws IOException, InterruptedException {
    double before = seconds(program);
    int quiet = 0;
    for (int i = 0; i < MAX_POLLS && quiet < QUIET_POLLS; i++) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      double now = seconds(program);
      quiet = now == before ? quiet + 1 : 0;
      before = now;
    }
    return before;
  }

  /** A size in /proc/PID/status in octets, such as VmRSS or VmHWM; 0 of a process that ended. */
  public static long status(long pid, String field) throws IOException {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith(field + ":")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * KIB;
        }
      }
    } catch (NoSuchFileException e) {
      return 0;
    }
    // Ended, and nobody has waited for it yet.
    return 0;
  }

  /** The name of a process; empty if it has ended. */
  public static String name(ProcessHandle process) throws IOException {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/comm")).strip();
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  private static ProcessHandle[] descendants(ProcessHandle program) {
    try (Stream<ProcessHandle> all = program.descendants()) {
      return all.toArray(ProcessHandle[]::new);
    }
  }

  // utime, stime, and those of children that were waited for: fields 14 to 17 of proc(5).
  private static long ticks(long pid) throws IOException {
    String stat;
    try {
      stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    } catch (NoSuchFileException e) {
      // Ended since it was listed; its parent has its time.
      return 0;
    }
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    long ticks = 0;
    for (int i = 11; i <= 14; i++) {
      ticks += Long.parseLong(fields[i]);
    }
    return ticks;
  }
}

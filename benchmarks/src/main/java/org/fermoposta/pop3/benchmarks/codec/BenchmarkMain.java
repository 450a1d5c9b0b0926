// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.codec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the cases on the Java it is started with and appends to a file of measurements, or makes the
 * report of such a file. {@code bin/benchmarks} does both, on each JDK.
 */
public final class BenchmarkMain {

  private BenchmarkMain() {}

  /**
   * {@code run FILE [--quick] [--only REGEX]}, or {@code report FILE MARKDOWN}.
   *
   * @throws IllegalArgumentException if the arguments are neither
   */
  public static void main(String[] arguments) throws IOException, RunnerException {
    List<String> rest = new ArrayList<>(List.of(arguments));
    boolean quick = rest.remove("--quick");
    int only = rest.indexOf("--only");
    Pattern filter = Pattern.compile(only < 0 ? "" : rest.get(only + 1));
    if (rest.size() >= 3 && rest.get(0).equals("report")) {
      Files.writeString(Path.of(rest.get(2)), Report.of(Files.readAllLines(Path.of(rest.get(1)))));
    } else if (rest.size() >= 2 && rest.get(0).equals("run")) {
      run(Path.of(rest.get(1)), quick, filter);
    } else {
      throw new IllegalArgumentException(
          "arguments: "
              + rest
              + " (expected: run FILE [--quick] [--only REGEX], report FILE FILE)");
    }
  }

  private static void run(Path file, boolean quick, Pattern filter)
      throws IOException, RunnerException {
    int release = Runtime.version().feature();
    List<String> lines = new ArrayList<>();
    if (Files.exists(file)) {
      lines.addAll(Files.readAllLines(file));
    }
    List<Cases.Case> cases = new ArrayList<>();
    for (Cases.Case each : Cases.all(release >= 25)) {
      if (filter.matcher(each.what() + " " + each.input() + " " + each.peer()).find()) {
        cases.add(each);
      }
    }
    lines.add(
        "# java "
            + release
            + ": "
            + System.getProperty("java.vm.version")
            + ", "
            + Flags.of(false)
            + (quick ? "; **quick run**: too little warm-up for its verdicts to be trusted" : ""));
    for (int i = 0; i < cases.size(); i++) {
      Cases.Case each = cases.get(i);
      Measurement measured = measure(each, release, quick);
      System.out.printf(
          "[%d/%d] java %s %s %s %s: %.1f ns, %.1f B%n",
          i + 1,
          cases.size(),
          measured.java(),
          each.what(),
          each.input(),
          each.peer(),
          measured.nanos(),
          measured.allocated());
      lines.add(measured.toLine());
      Files.write(file, lines);
    }
  }

  private static Measurement measure(Cases.Case each, int release, boolean quick)
      throws RunnerException {
    TimeValue iteration = TimeValue.milliseconds(quick ? 150 : 400);
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("\\." + each.benchmark() + "\\.")
            .param("peer", each.peer())
            .mode(Mode.AverageTime)
            .forks(1)
            .warmupIterations(quick ? 2 : 4)
            .warmupTime(iteration)
            .measurementIterations(quick ? 2 : 5)
            .measurementTime(iteration)
            .addProfiler(WorkerProfiler.class)
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            .jvmArgs(Flags.of(each.vector()).split(" "));
    each.params().forEach((name, value) -> options.param(name, value));
    List<Double> nanos = new ArrayList<>();
    List<Double> allocated = new ArrayList<>();
    for (RunResult run : new Runner(options.build()).run()) {
      for (BenchmarkResult fork : run.getBenchmarkResults()) {
        for (IterationResult result : fork.getIterationResults()) {
          nanos.add(score(result, WorkerProfiler.CPU));
          allocated.add(score(result, WorkerProfiler.ALLOCATED));
        }
      }
    }
    nanos.sort(null);
    allocated.sort(null);
    return new Measurement(
        release + (each.vector() ? "+vector" : ""),
        each.what(),
        each.input(),
        each.peer(),
        nanos.get(0),
        nanos.get(nanos.size() / 2),
        allocated.get(allocated.size() / 2));
  }

  private static double score(IterationResult result, String label) {
    Result<?> found = result.getSecondaryResults().get(label);
    if (found == null) {
      throw new IllegalStateException("iteration: no " + label + " (expected: from the profiler)");
    }
    return found.getScore();
  }
}

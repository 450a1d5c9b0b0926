// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.fermoposta.pop3.benchmarks.system.Machine;

/** The measurements as Markdown: method, targets, then every case. */
final class Report {

  private static final String METHOD =
      """
      # The codec beside its peers

      Written by `bin/benchmarks`; do not edit.

      **Method.** JMH, one JVM for each case and peer, the same generated octets for all. A figure is
      the CPU time of the worker thread per operation, the best of five iterations, because wall time
      says little on a machine that others use; B/op is what that thread allocated. `memcpy` copies
      the same octets from each read to one warm buffer, with nothing allocated and nothing handed
      on: the limit. It is measured before and after each group, and its better figure counts. Every
      peer hands over the whole message and is checked for it before it is measured; our pieces are
      kept by the sink until the next one comes, so that making them is not optimised away.
      "of memcpy" and "of best peer" are ratios of speed. `+vector` is the same code in a JVM with
      `--add-modules jdk.incubator.vector`, where the scanner that uses it is chosen by itself.

      Peers: Angus Mail (`Protocol.retr`, `list`, `uidl`; its LIST is read, not parsed), Commons Net
      (`POP3Client`, `DotTerminatedMessageWriter`), Apache James (the streams of its RETR, its
      framer), Netty's LineBasedFrameDecoder with a String for each line and `split`.

      Commands: each read is a buffer of its own, allocated and filled for every peer alike. The burst
      is on the first 1,000 messages, whose commands are shared values; `fermoposta-far` is on later
      ones, which cost a record of 16 or 24 octets each.

      """;

  private Report() {}

  static String of(List<String> lines) {
    Measurements measurements = new Measurements();
    StringBuilder report = new StringBuilder(METHOD);
    TreeSet<String> releases = new TreeSet<>();
    for (String line : lines) {
      if (line.startsWith("#")) {
        report.append("- ").append(line.substring(2)).append('\n');
      } else if (!line.isBlank()) {
        Measurement each = Measurement.of(line);
        measurements.add(each);
        releases.add(each.java());
      }
    }
    report.append("- processor: ").append(Machine.processor()).append("\n\n");
    targets(report, measurements, new ArrayList<>(releases));
    cases(report, measurements);
    return report.toString();
  }

  private static void targets(
      StringBuilder report, Measurements measurements, List<String> releases) {
    report.append("## Targets\n\n| target | bound |");
    releases.forEach(java -> report.append(" Java ").append(java).append(" |"));
    report.append("\n|---|---|").append("---|".repeat(releases.size())).append('\n');
    for (Target target : Target.ALL) {
      report
          .append("| ")
          .append(target.text())
          .append(" | ")
          .append(target.isLeast() ? "≥ " : "≤ ");
      report.append(target.bound()).append(" |");
      for (String java : releases) {
        report.append(' ').append(target.judge(measurements, java)).append(" |");
      }
      report.append('\n');
    }
  }

  private static void cases(StringBuilder report, Measurements measurements) {
    String heading = "";
    for (Measurement each : measurements.all()) {
      String group = each.what() + ", Java " + each.java().replace("+vector", "");
      if (!group.equals(heading)) {
        heading = group;
        report
            .append("\n## ")
            .append(group)
            .append("\n\n| input | who | ns/op | median | of memcpy | of best peer | B/op |\n")
            .append("|---|---|---:|---:|---:|---:|---:|\n");
      }
      Measurement copy = measurements.findEither(each.java(), each.what(), each.input(), "memcpy");
      Measurement best = measurements.bestPeer(each.java(), each.what(), each.input());
      report.append(
          String.format(
              Locale.ROOT,
              "| %s | %s%s | %,.1f | %,.1f | %s | %s | %,.1f |%n",
              each.input(),
              each.peer(),
              each.java().endsWith("+vector") ? " +vector" : "",
              each.nanos(),
              each.median(),
              ratio(copy == null ? 0 : copy.nanos() / each.nanos()),
              ratio(best == null ? 0 : best.nanos() / each.nanos()),
              each.allocated()));
    }
  }

  private static String ratio(double value) {
    return value == 0 ? "" : String.format(Locale.ROOT, value < 10 ? "%.2f" : "%,.0f", value);
  }
}

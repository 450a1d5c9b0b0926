// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.door;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report of {@link DoorMain} in Markdown. */
final class DoorReport {
  private DoorReport() {}

  static String text(
      String machine,
      Map<String, Map<String, Idle>> memory,
      Map<String, Map<String, List<Double>>> time,
      int handshakes) {
    StringBuilder text = new StringBuilder();
    text.append("# Idle sessions and TLS handshakes\n\nWritten by `bin/benchmarks door`. ")
        .append(machine)
        .append(".\n");
    if (!memory.isEmpty()) {
      text.append(
          """

          ## Memory of an idle session

          Each session has logged in as a user of its own (ten messages), has asked STAT and UIDL, and
          waits. Difference of the server's memory with and without them, divided by their number, after
          sessions that have been and gone. Heap is what is live after a full collection; the rest is
          physical memory (Pss), measured with a heap that is resident from the beginning. Buffers of
          the kernel's sockets are in no column. nginx is a proxy: it holds two connections for a
          session and no maildrop. Dovecot holds a process for a session.

          """);
      text.append(
          "| server | sessions | plain, heap + rest, KiB | plain, KiB | TLS, heap + rest, KiB | TLS, KiB |\n");
      text.append("|---|---|---|---|---|---|\n");
      memory.forEach(
          (name, figures) -> {
            text.append("| ").append(name);
            figures.forEach(
                (wire, idle) -> {
                  if (wire.equals("plain")) {
                    text.append(" | ").append(idle.sessions());
                  }
                  text.append(
                      String.format(
                          Locale.ROOT,
                          " | %.1f + %.1f | %.1f",
                          kib(idle.heap()),
                          kib(idle.rest()),
                          kib(idle.heap() + idle.rest())));
                });
            text.append(" |\n");
          });
      text.append("\nTarget: under 20 KiB plain, under 40 KiB with TLS.\n");
    }
    if (!time.isEmpty()) {
      text.append(
          """

          ## Processor time of a TLS handshake

          A client connects, finishes a TLS 1.3 handshake (X25519), reads the greeting and closes; four at
          a time, in another process. User and system time of all the server's processes, divided by the
          %d handshakes; median of the rounds (least and most), after a warm-up.

          """
              .formatted(handshakes));
      Map<String, List<Double>> first = time.values().iterator().next();
      text.append("| handshake |");
      first.keySet().forEach(name -> text.append(' ').append(name).append(", ms |"));
      text.append(" of nginx |\n|---|");
      first.keySet().forEach(name -> text.append("---|"));
      text.append("---|\n");
      time.forEach(
          (kind, figures) -> {
            text.append("| ").append(kind.replace("p256", "P-256,").replace("rsa", "RSA-2048,"));
            text.append(" |");
            figures
                .values()
                .forEach(values -> text.append(' ').append(figure(values)).append(" |"));
            List<Double> ours = figures.get("Fermoposta");
            List<Double> nginx = figures.get("nginx");
            text.append(
                ours == null || nginx == null
                    ? " |\n"
                    : String.format(Locale.ROOT, " %.2f |%n", median(ours) / median(nginx)));
          });
      text.append("\nTarget: no more than nginx's.\n");
    }
    return text.toString();
  }

  private static double kib(double octets) {
    return octets / 1024;
  }

  private static String figure(List<Double> values) {
    return String.format(
        Locale.ROOT,
        "%.3f (%.3f to %.3f)",
        median(values),
        Collections.min(values),
        Collections.max(values));
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.maildrop;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.fermoposta.pop3.benchmarks.system.Machine;

/** The figures as Markdown. */
final class MaildropReport {
  private static final double MEMORY_TARGET_MIB = 8;

  private static final String METHOD =
      """
      # Large maildrops beside Dovecot

      Written by `bin/benchmarks maildrop`; do not edit.

      **Method.** @COUNT@ messages of 2 KiB with LF line ends lie in `cur/`, without sizes in their names; both servers have
      the same files (hard links), in the kernel's cache. Each server runs as its own process as users
      run it: `bin/pop3-server serve` with the JVM's defaults, Debian's Dovecot 2.3 with default
      locking and a process for each session. A client on the same machine checks every count. Figures
      are processor seconds (user and system) of a session, for all processes of the server, measured
      when these have become quiet, so that compiling and collecting in the background count too.

      - *new JVM*: the first such session after the start of the server, most of it code that is not
        compiled yet. The start itself took @START@ s.
      - *running*: the mean of 20 sessions (first open: 3, QUIT: 2) of a server that had about 40 such
        sessions before. The targets compare this one with Dovecot.
      - *first open*: login and QUIT with nothing kept from before (`fermoposta.index`, `dovecot*`
        removed): every message is read. A fifth of Dovecot's time is less than opening, reading and
        closing the files takes by itself; `cat` is there to show it.
      - *warm open*: login and QUIT of an unchanged maildrop.

      """;

  private final int count;
  private final List<Figure> figures = new ArrayList<>();
  private String start = "?";
  private String memory = "";
  private String million = "";

  MaildropReport(int count) {
    this.count = count;
  }

  void start(double seconds) {
    start = Figure.number(seconds);
  }

  void add(Figure figure) {
    figures.add(figure);
  }

  void memory(double ours, double theirs) {
    memory =
        String.format(
            Locale.ROOT,
            """

            **Memory of an open maildrop**: Fermoposta %.1f MiB on the heap (live objects with the \
            session less those without it), target below %.0f MiB: %s. Dovecot %.1f MiB resident, of \
            the session's process.
            """,
            ours,
            MEMORY_TARGET_MIB,
            ours < MEMORY_TARGET_MIB ? "met" : "**missed**",
            theirs);
  }

  void million(int messages, List<Figure> rows, double heap, double peak) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "\n## %,d messages, Fermoposta alone\n\n| | new JVM, s | running, s |\n|---|---:|---:|\n",
            messages));
    for (Figure each : rows) {
      text.append(
          "| "
              + each.what()
              + " | "
              + Figure.number(each.fresh())
              + " | "
              + Figure.number(each.ours())
              + " |\n");
    }
    text.append(
        String.format(
            Locale.ROOT,
            "\nAn open maildrop takes %.0f MiB on the heap; the process was at most %.0f MiB large.\n",
            heap,
            peak));
    million = text.toString();
  }

  String text() {
    StringBuilder text =
        new StringBuilder(
            METHOD
                .replace("@COUNT@", String.format(Locale.ROOT, "%,d", count))
                .replace("@START@", start));
    text.append("Java ").append(Runtime.version()).append(", ").append(Machine.processor());
    text.append(
        "\n\n| operation | new JVM, s | running, s | Dovecot, s | running / Dovecot | target |\n");
    text.append("|---|---:|---:|---:|---:|---|\n");
    for (Figure each : figures) {
      text.append(each.row()).append('\n');
    }
    return text.append(memory).append(million).toString();
  }
}

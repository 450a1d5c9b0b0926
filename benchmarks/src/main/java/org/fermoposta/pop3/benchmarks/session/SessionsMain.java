// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Whole sessions side by side with Dovecot, in processor time of the server: {@code REPORT
 * [--quick] --server COMMAND...}. Writes the report.
 */
public final class SessionsMain {
  private static final int USERS = 48;
  private static final int CONCURRENT = 4;

  private final boolean quick;
  private final List<Candidate> candidates = new ArrayList<>();

  /** A server, which of its users, and what was measured: milliseconds for each session. */
  private record Candidate(
      String name, ServerProcess server, String prefix, List<Double> full, List<Double> poll) {}

  private SessionsMain(boolean quick) {
    this.quick = quick;
  }

  /** Measures and writes the report. */
  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> words = Arrays.asList(args);
    int server = words.indexOf("--server");
    if (server < 1 || server == words.size() - 1) {
      System.err.println("expected: REPORT [--quick] --server COMMAND...");
      System.exit(64);
    }
    List<String> options = words.subList(1, server);
    Path home = Files.createTempDirectory("sessions");
    try {
      String report =
          new SessionsMain(options.contains("--quick"))
              .run(home, words.subList(server + 1, words.size()));
      Files.writeString(Path.of(args[0]), report);
    } finally {
      delete(home);
    }
  }

  private String run(Path home, List<String> program) throws IOException, InterruptedException {
    List<String> users = new ArrayList<>();
    for (String prefix : List.of("lf", "crlf")) {
      for (int n = 0; n < USERS; n++) {
        users.add(prefix + n);
      }
    }
    Path ours = Files.createDirectories(home.resolve("fermoposta"));
    Mail.deliver(ours.resolve("mail"), "lf", USERS, "\n");
    Mail.deliver(ours.resolve("mail"), "crlf", USERS, "\r\n");
    try (ServerProcess fermoposta = Servers.fermoposta(ours, program, users, "")) {
      candidates.add(
          new Candidate("Fermoposta", fermoposta, "lf", new ArrayList<>(), new ArrayList<>()));
      candidates.add(
          new Candidate(
              "Fermoposta, mail stored with CRLF",
              fermoposta,
              "crlf",
              new ArrayList<>(),
              new ArrayList<>()));
      if (!Servers.dovecotIsThere()) {
        measure();
        return report("no Dovecot on this machine");
      }
      Path theirs = Files.createDirectories(home.resolve("dovecot"));
      Mail.deliver(theirs.resolve("mail"), "lf", USERS, "\n");
      try (ServerProcess dovecot = Servers.dovecot(theirs)) {
        String name = "Dovecot " + Servers.dovecotVersion();
        candidates.add(new Candidate(name, dovecot, "lf", new ArrayList<>(), new ArrayList<>()));
        measure();
        return report(name);
      }
    }
  }

  private void measure() throws IOException, InterruptedException {
    int warmUp = quick ? 3000 : 15000;
    int rounds = quick ? 3 : 5;
    int sessions = quick ? 500 : 2000;
    for (String kind : List.of("full", "poll")) {
      for (Candidate candidate : candidates) {
        load(candidate, warmUp, kind);
      }
      for (int round = 0; round < rounds; round++) {
        for (Candidate candidate : candidates) {
          long before = candidate.server().cpuMillis();
          load(candidate, sessions, kind);
          double each = (double) (candidate.server().cpuMillis() - before) / sessions;
          (kind.equals("full") ? candidate.full() : candidate.poll()).add(each);
          System.err.printf(Locale.ROOT, "%s %s: %.3f ms%n", kind, candidate.name(), each);
        }
      }
    }
  }

  private static void load(Candidate candidate, int sessions, String kind)
      throws IOException, InterruptedException {
    List<String> command =
        java(
            LoadMain.class,
            Integer.toString(candidate.server().port()),
            candidate.prefix(),
            Integer.toString(USERS),
            Integer.toString(sessions),
            Integer.toString(CONCURRENT),
            kind);
    Servers.output(command.toArray(String[]::new));
  }

  /** The command that runs a class of these in a small process of its own. */
  static List<String> java(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx256m"));
    if (Runtime.version().feature() >= 24) {
      command.addAll(
          List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  private String report(String peer) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("# Whole sessions: processor time of the server\n\n")
        .append("Written by `bin/benchmarks sessions`. ")
        .append(machine())
        .append(".\n\n")
        .append("A session connects, logs in (password in clear, stored in clear), asks STAT and ")
        .append("UIDL, fetches ten messages\nof about 15 KB where the column says so, and says ")
        .append("QUIT. The clients are another process, four at a\ntime, and compare every octet. ")
        .append("User and system time of all processes of the server, divided by the\nsessions; ")
        .append(
            "median of the rounds (least and most), after a warm-up. Mail is stored with LF, as ")
        .append("MTAs\ndeliver it, where nothing else is said. Peer: ")
        .append(peer)
        .append(
            " with one login process for many connections and\nprocesses that are used again.\n\n")
        .append("| server | with ten messages, ms | poll, ms |\n|---|---|---|\n");
    for (Candidate candidate : candidates) {
      text.append("| ")
          .append(candidate.name())
          .append(" | ")
          .append(figures(candidate.full()))
          .append(" | ")
          .append(figures(candidate.poll()))
          .append(" |\n");
    }
    if (candidates.size() == 3) {
      Candidate dovecot = candidates.get(2);
      text.append("\nOf Dovecot's time:");
      for (Candidate candidate : candidates.subList(0, 2)) {
        text.append(
            String.format(
                Locale.ROOT,
                " %s %.2f and %.2f;",
                candidate.name(),
                median(candidate.full()) / median(dovecot.full()),
                median(candidate.poll()) / median(dovecot.poll())));
      }
      text.setCharAt(text.length() - 1, '.');
      text.append('\n');
    }
    return text.toString();
  }

  static String figures(List<Double> values) {
    return String.format(
        Locale.ROOT,
        "%.2f (%.2f to %.2f)",
        median(values),
        Collections.min(values),
        Collections.max(values));
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  /** What was measured on. */
  static String machine() throws IOException {
    return Runtime.getRuntime().availableProcessors()
        + " processors, "
        + processor()
        + ", Java "
        + Runtime.version();
  }

  private static String processor() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).trim())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    }
  }

  static void delete(Path tree) throws IOException {
    try (Stream<Path> found = Files.walk(tree)) {
      found
          .sorted(Comparator.reverseOrder())
          .forEach(
              path -> {
                try {
                  Files.delete(path);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}

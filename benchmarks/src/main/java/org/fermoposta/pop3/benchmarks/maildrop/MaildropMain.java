// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.maildrop;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.fermoposta.pop3.benchmarks.system.Command;
import org.fermoposta.pop3.benchmarks.system.CpuTime;
import org.jspecify.annotations.Nullable;

/** Measures large maildrops and writes the report; {@code bin/benchmarks maildrop} runs it. */
public final class MaildropMain {
  private static final int MESSAGES = 100_000;
  private static final int MILLION = 1_000_000;
  private static final int WARM_UP = 40;
  private static final int SESSIONS = 20;
  private static final int FIRST_OPENS = 3;
  private static final int DELETIONS = 2;
  private static final double MIB = 1 << 20;

  // Longer than either server takes to trust the time stamps of a directory.
  private static final long SETTLE_SECONDS = 4;

  private final Path directory;
  private final String launcher;

  private MaildropMain(Path directory, String launcher) {
    this.directory = directory;
    this.launcher = launcher;
  }

  /**
   * {@code RESULT LAUNCHER [--messages N] [--million] [--directory DIR]}: the file to write, and
   * the program that starts the server.
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> rest = new ArrayList<>(List.of(arguments));
    int messages = Integer.parseInt(option(rest, "--messages", Integer.toString(MESSAGES)));
    Path parent = Path.of(option(rest, "--directory", System.getProperty("java.io.tmpdir")));
    boolean million = rest.remove("--million");
    if (rest.size() != 2) {
      throw new IllegalArgumentException(
          "arguments: " + rest + " (expected: RESULT LAUNCHER [--messages N] [--million])");
    }
    Path directory = Files.createTempDirectory(parent, "maildrop");
    try {
      MaildropMain main = new MaildropMain(directory, rest.get(1));
      MaildropReport report = new MaildropReport(messages);
      main.sideBySide(messages, report);
      if (million) {
        main.alone(MILLION, report);
      }
      Files.writeString(Path.of(rest.get(0)), report.text());
      System.out.println(report.text());
    } finally {
      remove(directory);
    }
  }

  private void sideBySide(int count, MaildropReport report)
      throws IOException, InterruptedException {
    progress("making " + count + " messages");
    Corpus corpus = Corpus.make(directory.resolve("originals"), count);
    Measured ours = ours(corpus, report);
    report.add(new Figure("`cat` of all files, to compare", -1, cat(), -1, 0));
    Measured theirs = theirs(corpus);
    report.add(new Figure("first open", -1, ours.open, theirs.open, 0));
    report.add(
        new Figure("first open, STAT, LIST, UIDL", ours.freshFirst, ours.first, theirs.first, 0.2));
    report.add(new Figure("warm open", -1, ours.warm, theirs.warm, 0));
    report.add(
        new Figure(
            "warm open, STAT, LIST, UIDL",
            ours.freshListings,
            ours.listings,
            theirs.listings,
            0.1));
    report.add(
        new Figure("DELE of " + count / 2 + ", pipelined", -1, ours.marking, theirs.marking, 0));
    report.add(new Figure("QUIT that removes these", ours.freshQuit, ours.quit, theirs.quit, 0));
    report.memory(ours.memory / MIB, theirs.memory / MIB);
    remove(directory.resolve("ours"));
    remove(directory.resolve("dovecot"));
    remove(directory.resolve("originals"));
  }

  private void alone(int count, MaildropReport report) throws IOException, InterruptedException {
    progress("making " + count + " messages");
    Corpus corpus = Corpus.make(directory.resolve("originals"), count);
    Path home = Files.createDirectories(directory.resolve("ours"));
    corpus.fill(FermopostaServer.maildir(home));
    TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
    try (FermopostaServer server = FermopostaServer.start(home, launcher)) {
      Trial trial = new Trial(server, corpus);
      progress("Fermoposta: first open");
      double open = trial.firstOpen(1);
      progress("Fermoposta: warm sessions");
      trial.warmOpenAndListings(SESSIONS / 2);
      double warm = trial.warmOpen(SESSIONS / 2);
      double listings = trial.warmOpenAndListings(SESSIONS / 2);
      double memory = trial.memory() / MIB;
      Trial.Deletion deletion = trial.delete(count / 2);
      report.million(
          count,
          List.of(
              new Figure("first open", open, -1, -1, 0),
              new Figure("warm open", -1, warm, -1, 0),
              new Figure("warm open, STAT, LIST, UIDL", -1, listings, -1, 0),
              new Figure("QUIT that removes half", deletion.quit(), -1, -1, 0)),
          memory,
          CpuTime.status(server.handle().pid(), "VmHWM") / MIB);
    }
  }

  /** What was measured of one server. */
  private static final class Measured {
    double freshFirst = -1;
    double freshListings = -1;
    double freshQuit = -1;
    double open;
    double first;
    double warm;
    double listings;
    double marking;
    double quit;
    double memory;
  }

  private Measured ours(Corpus corpus, MaildropReport report)
      throws IOException, InterruptedException {
    Measured measured = new Measured();
    Path home = Files.createDirectories(directory.resolve("ours"));
    corpus.fill(FermopostaServer.maildir(home));
    TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
    try (FermopostaServer server = FermopostaServer.start(home, launcher)) {
      progress("Fermoposta: new JVM, first open");
      report.start(CpuTime.quietSeconds(server.handle()));
      measured.freshFirst = new Trial(server, corpus).firstOpenAndListings(1);
    }
    try (FermopostaServer server = FermopostaServer.start(home, launcher)) {
      progress("Fermoposta: new JVM, warm open");
      Trial trial = new Trial(server, corpus);
      measured.freshListings = trial.warmOpenAndListings(1);
      progress("Fermoposta: running for a while");
      trial.warmOpenAndListings(WARM_UP);
      trial.firstOpen(FIRST_OPENS);
      measure(trial, server, corpus, measured);
    }
    return measured;
  }

  /** The system's own way to read all files; every server that counts octets does that at least. */
  private double cat() throws IOException, InterruptedException {
    String times =
        new Command(directory)
            .run(
                "bash",
                "-c",
                "cd '"
                    + directory.resolve("ours")
                    + "' && TIMEFORMAT='%U %S' "
                    + "&& time find mail -type f -exec cat {} + >/dev/null");
    String[] seconds = times.strip().split(" ");
    return Double.parseDouble(seconds[0]) + Double.parseDouble(seconds[1]);
  }

  private Measured theirs(Corpus corpus) throws IOException, InterruptedException {
    Measured measured = new Measured();
    Path home = Files.createDirectories(directory.resolve("dovecot"));
    corpus.fill(DovecotServer.maildir(home));
    TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
    try (DovecotServer server = DovecotServer.start(home)) {
      progress("Dovecot");
      measure(new Trial(server, corpus), server, corpus, measured);
    }
    return measured;
  }

  private void measure(Trial trial, Contestant server, Corpus corpus, Measured measured)
      throws IOException, InterruptedException {
    measured.open = trial.firstOpen(FIRST_OPENS);
    measured.first = trial.firstOpenAndListings(FIRST_OPENS);
    progress("  first: " + Figure.number(measured.open) + ", " + Figure.number(measured.first));
    trial.warmOpenAndListings(2);
    measured.warm = trial.warmOpen(SESSIONS);
    measured.listings = trial.warmOpenAndListings(SESSIONS);
    progress("  warm: " + Figure.number(measured.warm) + ", " + Figure.number(measured.listings));
    measured.memory = trial.memory();
    for (int i = 0; i < DELETIONS; i++) {
      Trial.Deletion deletion = trial.delete(corpus.count() / 2);
      measured.marking += deletion.marking() / DELETIONS;
      measured.quit += deletion.quit() / DELETIONS;
      if (i == 0 && server instanceof FermopostaServer) {
        measured.freshQuit = deletion.quit();
      }
      corpus.fill(server.maildir());
      TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
      trial.warmOpen(1);
    }
    progress("  QUIT: " + Figure.number(measured.quit));
  }

  private static void progress(String what) {
    System.err.println(what);
  }

  private static String option(List<String> arguments, String name, String otherwise) {
    int at = arguments.indexOf(name);
    if (at < 0) {
      return otherwise;
    }
    arguments.remove(at);
    return arguments.remove(at);
  }

  private static void remove(Path tree) throws IOException {
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}

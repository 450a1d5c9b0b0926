// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * RETR of 25 MB against the least that could send it, in processor time of the server: {@code
 * REPORT [--quick] --server COMMAND...}. Writes the report.
 */
public final class LargeMain {
  private final int times;
  private final int rounds;
  private final int warmUp;
  private final Path home;
  private final StringBuilder report = new StringBuilder();
  private String agreed = "";

  private LargeMain(boolean quick, Path home) {
    this.times = quick ? 50 : 100;
    this.rounds = quick ? 3 : 7;
    this.warmUp = quick ? 200 : 1200;
    this.home = home;
  }

  /** Measures and writes the report. */
  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> words = Arrays.asList(args);
    int server = words.indexOf("--server");
    if (server < 1 || server == words.size() - 1) {
      System.err.println("expected: REPORT [--quick] --server COMMAND...");
      System.exit(64);
    }
    Path home = Files.createTempDirectory("large");
    try {
      LargeMain measured = new LargeMain(words.subList(1, server).contains("--quick"), home);
      measured.run(words.subList(server + 1, words.size()));
      Files.writeString(Path.of(args[0]), measured.report);
    } finally {
      SessionsMain.delete(home);
    }
  }

  private void run(List<String> program) throws IOException, InterruptedException {
    Path file = LargeMessage.deliver(home.resolve("mail"));
    List<String> users = List.of(LargeMessage.USER);
    Path tls = home.resolve("tls");
    List<Double> retr = new ArrayList<>();
    List<Double> sendfile = new ArrayList<>();
    List<Double> eventLoop = new ArrayList<>();
    List<Double> copy = new ArrayList<>();
    try (ServerProcess ours = Servers.fermoposta(home, program, users, "");
        ServerProcess bareSendfile = bare("sendfile", file);
        ServerProcess bareEventLoop = bare("event-loop", file);
        ServerProcess bareCopy = bare("copy", file)) {
      for (int round = -1; round < rounds; round++) {
        measure(ours, "pop3", retr, round);
        measure(bareSendfile, "bare", sendfile, round);
        measure(bareEventLoop, "bare", eventLoop, round);
        measure(bareCopy, "bare", copy, round);
      }
    }
    List<Double> overTls = new ArrayList<>();
    List<Double> encrypt = new ArrayList<>();
    String settings = "tls:\n  self-signed: " + tls;
    try (ServerProcess ours = Servers.fermoposta(home, program, users, settings)) {
      for (int round = -1; round < rounds; round++) {
        measure(ours, "pop3", overTls, round, tls.resolve("ca.pem").toString());
        encrypt(tls.resolve("server.pem"), encrypt);
      }
    }
    table(retr, sendfile, eventLoop, copy, overTls, encrypt);
  }

  private static ServerProcess bare(String how, Path file)
      throws IOException, InterruptedException {
    int port = ServerProcess.freePort();
    List<String> command =
        SessionsMain.java(BareMain.class, Integer.toString(port), how, file.toString());
    return ServerProcess.start(Files.createTempFile("bare", ".log"), port, command);
  }

  private void measure(
      ServerProcess server, String kind, List<Double> figures, int round, String... authority)
      throws IOException, InterruptedException {
    int count = round < 0 ? warmUp : times;
    List<String> arguments =
        new ArrayList<>(List.of(Integer.toString(server.port()), kind, Integer.toString(count)));
    arguments.addAll(List.of(authority));
    List<String> command =
        SessionsMain.java(LargeClientMain.class, arguments.toArray(String[]::new));
    long before = server.cpuMillis();
    String said = Servers.output(command.toArray(String[]::new));
    double each = (double) (server.cpuMillis() - before) / times;
    if (!said.isEmpty()) {
      agreed = said;
    }
    if (round >= 0) {
      figures.add(each);
    }
  }

  private void encrypt(Path pem, List<Double> figures) throws IOException, InterruptedException {
    List<String> command =
        SessionsMain.java(
            EncryptMain.class,
            pem.toString(),
            Integer.toString(LargeMessage.OCTETS),
            Integer.toString(times));
    String[] lines = Servers.output(command.toArray(String[]::new)).split("\n", -1);
    // The later half: the code is warm by then.
    List<Double> values = new ArrayList<>();
    for (String line : Arrays.asList(lines).subList(lines.length / 2, lines.length)) {
      values.add(Double.parseDouble(line));
    }
    figures.add(SessionsMain.median(values));
  }

  private void table(
      List<Double> retr,
      List<Double> sendfile,
      List<Double> eventLoop,
      List<Double> copy,
      List<Double> overTls,
      List<Double> encrypt)
      throws IOException {
    report
        .append("# RETR of a message of 25 MB: processor time of the server\n\n")
        .append("Written by `bin/benchmarks large`. ")
        .append(SessionsMain.machine())
        .append(".\n\nThe message needs no change and is in the page cache; the client is another ")
        .append("process and compares every\noctet. User and system time of all of the server's ")
        .append("process, milliseconds for each message; median of\n")
        .append(rounds)
        .append(" rounds of ")
        .append(times)
        .append(" messages (least and most), after a warm-up. TLS: ")
        .append(agreed)
        .append(".\n\n| | ms |\n|---|---|\n");
    row("RETR in clear", retr);
    row("bare loop of sendfile that waits", sendfile);
    row("bare loop of sendfile and select, as an event loop does", eventLoop);
    row("bare loop of read and write, 64 KiB", copy);
    row("RETR over TLS", overTls);
    row("encrypting the octets in memory, same engine", encrypt);
    report.append(
        String.format(
            Locale.ROOT,
            "%nRETR in clear is %.2f of the bare loop with select and %.2f of the one that waits. RETR "
                + "over TLS is%n%.2f of encrypting alone, and %.2f of encrypting and the bare loop of "
                + "read and write together,%nwhich it cannot do without.%n",
            SessionsMain.median(retr) / SessionsMain.median(eventLoop),
            SessionsMain.median(retr) / SessionsMain.median(sendfile),
            SessionsMain.median(overTls) / SessionsMain.median(encrypt),
            SessionsMain.median(overTls)
                / (SessionsMain.median(encrypt) + SessionsMain.median(copy))));
  }

  private void row(String name, List<Double> figures) {
    report
        .append("| ")
        .append(name)
        .append(" | ")
        .append(SessionsMain.figures(figures))
        .append(" |\n");
  }
}

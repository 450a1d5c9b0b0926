// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.maildrop;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.fermoposta.pop3.benchmarks.system.CpuTime;
import org.fermoposta.pop3.benchmarks.system.DovecotProgram;

/** Debian's Dovecot with its default locking and indexes, a process for each session. */
final class DovecotServer implements Contestant {
  private final DovecotProgram program;
  private final Path home;
  private final int port;

  private DovecotServer(DovecotProgram program, Path home, int port) {
    this.program = program;
    this.home = home;
    this.port = port;
  }

  static Path maildir(Path home) {
    return home.resolve("mail").resolve(Pop3Peer.USER);
  }

  /** Starts one on the mail that lies in {@link #maildir}. */
  static DovecotServer start(Path home) throws IOException, InterruptedException {
    int port = DovecotProgram.freePorts(1)[0];
    try (InputStream source = DovecotServer.class.getResourceAsStream("dovecot.conf")) {
      String configuration =
          new String(
                  Objects.requireNonNull(source, "dovecot.conf").readAllBytes(),
                  StandardCharsets.US_ASCII)
              .replace("@PASSWORD@", Pop3Peer.PASSWORD)
              .replace("@PORT@", Integer.toString(port));
      return new DovecotServer(DovecotProgram.start(home, configuration), home, port);
    }
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public ProcessHandle handle() {
    return program.handle();
  }

  @Override
  public Path maildir() {
    return maildir(home);
  }

  @Override
  public void forget() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(maildir(), "dovecot*")) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  /** Resident memory of the session's process; 0 without one. */
  @Override
  public long memory() throws IOException {
    long octets = 0;
    try (Stream<ProcessHandle> all = handle().descendants()) {
      for (ProcessHandle each : (Iterable<ProcessHandle>) all::iterator) {
        if (CpuTime.name(each).equals("pop3")) {
          octets += CpuTime.status(each.pid(), "VmRSS");
        }
      }
    }
    return octets;
  }

  @Override
  public void close() {
    program.close();
  }
}

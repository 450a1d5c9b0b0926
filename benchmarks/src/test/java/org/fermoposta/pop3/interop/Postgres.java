// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.fermoposta.pop3.benchmarks.system.Command;
import org.fermoposta.pop3.benchmarks.system.DovecotProgram;
import org.fermoposta.pop3.benchmarks.system.Program;

/** Debian's PostgreSQL in a directory of its own; where root starts it, as nobody. */
final class Postgres implements AutoCloseable {
  static final String USER = "mail";
  static final String PASSWORD = "database-pass";

  private final Path home;
  private final int port;
  private Program program;

  private Postgres(Path home, int port, Program program) {
    this.home = home;
    this.port = port;
    this.program = program;
  }

  /**
   * Makes a cluster in a directory that is not there yet, and starts it.
   *
   * @param parent an existing directory; where root starts it it is made passable
   * @param schema run in the database postgres, as its owner
   */
  static Postgres start(Path parent, String schema) throws IOException, InterruptedException {
    Path home = Files.createDirectory(parent.resolve("postgres"));
    if (isRoot()) {
      Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwx--x--x"));
      new Command(parent).run("chown", "nobody", home.toString());
    }
    List<String> line = new ArrayList<>(asUser());
    line.addAll(
        List.of(program("initdb"), "-D", home.resolve("data").toString(), "-U", "postgres"));
    line.addAll(List.of("-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"));
    new Command(parent).run(line.toArray(String[]::new));
    Files.writeString(
        home.resolve("data/pg_hba.conf"),
        "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n");
    int port = DovecotProgram.freePorts(1)[0];
    Postgres made = new Postgres(home, port, run(home, port));
    made.execute("CREATE ROLE " + USER + " LOGIN PASSWORD '" + PASSWORD + "'; " + schema);
    return made;
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  /** PostgreSQL does not run as root. */
  private static List<String> asUser() {
    return isRoot()
        ? List.of("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups")
        : List.of();
  }

  /** Debian keeps most of its programs off the path. */
  private static String program(String name) throws IOException {
    try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
      return versions
          .map(version -> version.resolve("bin").resolve(name))
          .filter(Files::isExecutable)
          .max(Path::compareTo)
          .orElseThrow(() -> new AssertionError(name + " (expected: package postgresql)"))
          .toString();
    }
  }

  private static Program run(Path home, int port) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(asUser());
    line.addAll(List.of(program("postgres"), "-D", home.resolve("data").toString()));
    for (String option :
        List.of(
            "listen_addresses=127.0.0.1",
            "port=" + port,
            "unix_socket_directories=",
            "fsync=off")) {
      line.addAll(List.of("-c", option));
    }
    Program program = Program.start(home, line);
    program.awaitError("database system is ready to accept connections");
    return program;
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  /** Locks a table against everybody, until {@link #unlock}. */
  Program lock(String table) throws IOException, InterruptedException {
    List<String> line = psql();
    for (String each :
        List.of("BEGIN", "LOCK TABLE " + table, "\\echo locked", "SELECT pg_sleep(60)")) {
      line.addAll(List.of("-c", each));
    }
    Program session = Program.start(parent(), line);
    session.await("locked");
    return session;
  }

  void unlock(Program lock) throws IOException, InterruptedException {
    execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()");
    lock.awaitExit();
  }

  void execute(String sql) throws IOException, InterruptedException {
    List<String> line = psql();
    line.addAll(List.of("-c", sql));
    new Command(parent()).run(line.toArray(String[]::new));
  }

  private List<String> psql() throws IOException {
    List<String> line = new ArrayList<>(List.of(program("psql"), "-X", "-q", "-h", "127.0.0.1"));
    line.addAll(List.of("-p", Integer.toString(port), "-U", "postgres", "-d", "postgres"));
    line.addAll(List.of("-v", "ON_ERROR_STOP=1"));
    return line;
  }

  private Path parent() {
    return Objects.requireNonNull(home.getParent());
  }

  /** The server and its children. */
  List<ProcessHandle> processes() {
    return Stream.concat(Stream.of(program.handle()), program.handle().descendants()).toList();
  }

  /** Ends all sessions at once. */
  void stop() throws IOException, InterruptedException {
    // SIGINT: the fast shutdown; SIGTERM would wait for the server's sessions.
    new Command(parent()).run("kill", "-INT", Long.toString(program.handle().pid()));
    program.awaitExit();
  }

  void startAgain() throws IOException, InterruptedException {
    program = run(home, port);
  }

  @Override
  public void close() {
    try {
      if (program.handle().isAlive()) {
        stop();
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.fermoposta.pop3.benchmarks.system.Command;
import org.fermoposta.pop3.benchmarks.system.Program;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users in PostgreSQL log in with curl. */
final class SqlInteropIT {
  private static final String QUERY =
      "SELECT name AS user, hash AS password, locked AS nologin, kept AS fermoposta_expire"
          + " FROM users WHERE name = :local AND (:domain::text IS NULL OR :domain = domain)";

  @TempDir private Path directory;
  private final List<AutoCloseable> running = new ArrayList<>();
  private @Nullable Postgres database;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    BackendServer.deliver(directory, "alice");
    BackendServer.deliver(directory, "bob");
    Files.writeString(directory.resolve("database-pass"), Postgres.PASSWORD + "\n");
    Path own = Files.createDirectory(directory.resolve("db"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    Postgres postgres =
        Postgres.start(
            own,
            """
            CREATE TABLE users (name text, domain text, hash text, locked boolean, kept text);
            INSERT INTO users VALUES
              ('alice', 'example.org', '{SSHA512}%s', false, '30d'),
              ('bob', 'example.org', '{PLAIN}tower', null, null),
              ('carl', 'example.org', '{PLAIN}x', true, null),
              ('dora', 'example.org', null, null, null),
              ('twin', 'example.org', '{PLAIN}one', null, null),
              ('twin', 'example.org', '{PLAIN}two', null, null);
            GRANT SELECT ON users TO mail;
            """
                .formatted(ssha512("password")));
    database = postgres;
    running.add(postgres);
  }

  private static String ssha512(String password) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-512");
      byte[] salt = {1, 2, 3, 4, 5, 6, 7, 8};
      digest.update(password.getBytes(StandardCharsets.UTF_8));
      byte[] hash = digest.digest(salt);
      byte[] both = Arrays.copyOf(hash, hash.length + salt.length);
      System.arraycopy(salt, 0, both, hash.length, salt.length);
      return Base64.getEncoder().encodeToString(both);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-512", e);
    }
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : running) {
      each.close();
    }
  }

  private Postgres postgres() {
    return Objects.requireNonNull(database);
  }

  private Path configure(String query, String... more) throws IOException {
    return BackendServer.configure(
        directory,
        """
        - sql:
            url: %s
            user: %s
            password: ${file:database-pass}
            query: "%s"
        """
                .formatted(postgres().url(), Postgres.USER, query)
            + String.join("\n", more).indent(4));
  }

  @Test
  @DisplayName("users in PostgreSQL log in, and others, locked and ambiguous ones do not")
  void login() throws IOException, InterruptedException {
    try (BackendServer server = BackendServer.serve(directory, configure(QUERY))) {
      server.assertLogin("alice", "password", "alice");
      server.assertLogin("Alice@example.org", "password", "alice");
      server.assertLogin("bob", "tower", "bob");
      server.assertRefused("AUTH", "alice", "wrong");
      server.assertRefused("AUTH", "alice@example.net", "password");
      server.assertRefused("AUTH", "nobody", "password");
      server.assertRefused("AUTH", "carl", "x");
      server.assertRefused("AUTH", "dora", "x");
      server.assertRefused("SYS/PERM", "twin", "one");
      for (String name :
          List.of(
              "'", "alice'--", "'or'1'='1", "alice';drop\u00a0table\u00a0users;--", "$1", "?")) {
        String said = server.curl(name, "password");
        assertTrue(said.contains("-ERR [AUTH]"), () -> name + "\n" + said);
      }
      server.assertLogin("alice", "password", "alice");
    }
  }

  @Test
  @DisplayName("A11, N036: PostgreSQL that stops is SYS/TEMP; started again it serves by itself")
  void stopAndStart() throws IOException, InterruptedException {
    try (BackendServer server = BackendServer.serve(directory, configure(QUERY))) {
      server.assertLogin("alice", "password", "alice");
      postgres().stop();
      server.assertRefused("SYS/TEMP", "alice", "password");
      server.assertRefused("SYS/TEMP", "nobody", "wrong");
      postgres().startAgain();
      server.awaitLogin("alice", "password", "alice");
      server.assertRefused("AUTH", "alice", "wrong");
    }
  }

  @Test
  @DisplayName("PostgreSQL that hangs holds a login no longer than the time-outs, with SYS/TEMP")
  void hanging() throws IOException, InterruptedException {
    Path configuration = configure(QUERY, "timeout: 1s", "pool-wait: 500ms");
    try (BackendServer server = BackendServer.serve(directory, configuration)) {
      server.assertLogin("alice", "password", "alice");
      // A query that waits for a lock, which the database itself ends.
      Program lock = postgres().lock("users");
      long locked = System.nanoTime();
      server.assertRefused("SYS/TEMP", "alice", "password");
      assertWithin(Duration.ofSeconds(15), locked);
      postgres().unlock(lock);
      server.awaitLogin("alice", "password", "alice");
      // All its processes stopped: nobody answers at all.
      signal("-STOP");
      try {
        long stopped = System.nanoTime();
        server.assertRefused("SYS/TEMP", "alice", "password");
        assertWithin(Duration.ofSeconds(15), stopped);
      } finally {
        signal("-CONT");
      }
      server.awaitLogin("alice", "password", "alice");
    }
  }

  private void signal(String signal) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("kill", signal));
    postgres().processes().forEach(each -> line.add(Long.toString(each.pid())));
    new Command(directory).run(line.toArray(String[]::new));
  }

  private static void assertWithin(Duration limit, long began) {
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    assertTrue(took.compareTo(limit) < 0, took::toString);
  }

  @Test
  @DisplayName("wrong queries, columns and credentials are seen by check-config, a stop is not")
  void checkConfig() throws IOException, InterruptedException {
    BackendServer.assertCheck(directory, 0, "right", configure(QUERY));
    BackendServer.assertCheck(
        directory, 78, "42703", configure("SELECT nothing FROM users WHERE name = :user"));
    BackendServer.assertCheck(
        directory,
        78,
        "42501",
        configure("SELECT rolpassword AS password FROM pg_authid WHERE rolname = :user"));
    BackendServer.assertCheck(
        directory, 78, "column \"hash\"", configure("SELECT hash FROM users WHERE name = :user"));
    BackendServer.assertCheck(
        directory,
        78,
        "password among them",
        configure("SELECT name AS user FROM users WHERE name = :user"));
    BackendServer.assertCheck(
        directory,
        78,
        "server.yaml:",
        configure("SELECT 1 AS password FROM users WHERE name = :nobody"));
    Files.writeString(directory.resolve("database-pass"), "not-it\n");
    BackendServer.assertCheck(directory, 78, "28P01", configure(QUERY));
    postgres().stop();
    BackendServer.assertCheck(directory, 0, "right", configure(QUERY));
  }

  @Test
  @DisplayName("a passwd file, slapd and PostgreSQL in a chain: each answers for its own users")
  void chain() throws Exception {
    BackendServer.deliver(directory, "file");
    BackendServer.deliver(directory, "carl");
    Files.writeString(directory.resolve("passwd"), "file:{PLAIN}own\n");
    Files.writeString(directory.resolve("service-pass"), Slapd.SERVICE_PASSWORD + "\n");
    Slapd slapd = Slapd.start(directory.resolve("slapd"), "SCRAM-SHA-256$1:x");
    running.add(slapd);
    Path configuration =
        BackendServer.configure(
            directory,
            """
            - passwd:
                file: passwd
            - ldap:
                urls: ["%s"]
                base: dc=example,dc=org
                bind-dn: %s
                bind-password: ${file:service-pass}
                filter: (uid=%%n)
            - sql:
                url: %s
                user: mail
                password: ${file:database-pass}
                query: SELECT hash AS password FROM users WHERE name = :local
            """
                .formatted(slapd.url(), Slapd.SERVICE, postgres().url()));
    try (BackendServer server = BackendServer.serve(directory, configuration)) {
      server.assertLogin("file", "own", "file");
      server.assertLogin("bob", "tower", "bob");
      server.assertLogin("carl", "x", "carl");
      server.assertRefused("AUTH", "nobody", "x");
      slapd.stop();
      server.assertLogin("file", "own", "file");
      server.assertRefused("SYS/TEMP", "bob", "tower");
      server.assertRefused("SYS/TEMP", "carl", "x");
      slapd.startAgain();
      server.awaitLogin("carl", "x", "carl");
      postgres().stop();
      server.assertLogin("bob", "tower", "bob");
      server.assertRefused("SYS/TEMP", "carl", "x");
      postgres().startAgain();
      server.awaitLogin("carl", "x", "carl");
    }
  }
}

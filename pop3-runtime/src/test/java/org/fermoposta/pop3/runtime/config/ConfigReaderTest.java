// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigReaderTest {
  private static final Path FILE = Path.of("/etc/pop3/server.yaml");

  enum Mode {
    PLAIN,
    STLS_ONLY
  }

  record Limits(@Default("10m") Duration idleTimeout, @Default("64KiB") OctetSize maxLine) {
    Limits {
      if (idleTimeout.compareTo(Duration.ofSeconds(10)) < 0) {
        throw new InvalidSettingException(
            "idleTimeout", "duration " + idleTimeout + " (expected: >= 10s)");
      }
    }
  }

  sealed interface Store permits Maildir, InMemory {}

  record Maildir(Path root) implements Store {}

  record InMemory(@Default("3") int boxes) implements Store {}

  record Settings(
      String name,
      List<ListenAddress> listen,
      Mode mode,
      @Default Limits limits,
      @Default("5") int workers,
      @Default("0.5") double ratio,
      @Default("false") boolean verbose,
      @Default List<String> tags,
      @Default({"a.pem", "b.pem"}) List<Path> files,
      @Default Map<String, Long> quotas,
      @Nullable Path log,
      Optional<Store> store) {}

  record WithSecret(Secret password) {}

  record Pair(int low, int high) {
    Pair {
      if (low > high) {
        throw new IllegalArgumentException("low " + low + " above high " + high);
      }
    }
  }

  @Test
  void bindsEveryType() {
    Settings s =
        read(
            """
            name: "mail"
            listen: ["*:110", "[::1]:995"]
            mode: Stls-Only
            limits: {idle-timeout: 1h30m, max-line: 2MiB}
            workers: 7
            ratio: 2
            verbose: true
            tags: [x, y]
            files: []
            quotas: {alice: 1, bob: 5000000000}
            log: ../log/pop3.log
            store: {type: maildir, root: /var/mail}
            """);
    assertEquals("mail", s.name());
    assertEquals(List.of(new ListenAddress("*", 110), new ListenAddress("::1", 995)), s.listen());
    assertEquals(Mode.STLS_ONLY, s.mode());
    assertEquals(new Limits(Duration.ofMinutes(90), new OctetSize(2 << 20)), s.limits());
    assertEquals(7, s.workers());
    assertEquals(2.0, s.ratio());
    assertTrue(s.verbose());
    assertEquals(List.of("x", "y"), s.tags());
    assertEquals(List.of(), s.files());
    assertEquals(Map.of("alice", 1L, "bob", 5_000_000_000L), s.quotas());
    assertEquals(Path.of("/etc/log/pop3.log"), s.log());
    assertEquals(Optional.of(new Maildir(Path.of("/var/mail"))), s.store());
    assertThrows(UnsupportedOperationException.class, () -> s.tags().add("z"));
    assertThrows(UnsupportedOperationException.class, () -> s.quotas().put("c", 1L));
  }

  @Test
  void fillsInDefaults() {
    Settings s = read("name: m\nlisten: []\nmode: plain\nstore: {type: in-memory}\n");
    assertEquals(new Limits(Duration.ofMinutes(10), new OctetSize(65536)), s.limits());
    assertEquals(5, s.workers());
    assertFalse(s.verbose());
    assertEquals(List.of(Path.of("/etc/pop3/a.pem"), Path.of("/etc/pop3/b.pem")), s.files());
    assertEquals(Map.of(), s.quotas());
    assertNull(s.log());
    assertEquals(Optional.of(new InMemory(3)), s.store());
    assertEquals(Optional.empty(), read("name: m\nlisten: []\nmode: plain\n").store());
  }

  @Test
  void reportsAllProblemsAtOnceInTheOrderOfTheFile() {
    String message =
        failure(
            """
            name: 12
            listen:
              - 110
              - "*:99999"
            mode: tls
            limits:
              idle-timeot: 10m
              max-line: 64KB
            workers: "7"
            verbose: yes
            colour: red
            workers: 8
            quotas: {alice: many}
            log:
            store: {type: maildr}
            """,
            Settings.class);
    assertEquals(
        """
        /etc/pop3/server.yaml:1:7: name: value "12" (expected: text, in quotes)
        /etc/pop3/server.yaml:3:5: listen[0]: address "110" (expected: host:port such as 127.0.0.1:110, [::1]:110 or *:110)
        /etc/pop3/server.yaml:4:5: listen[1]: address "*:99999" (expected: host:port such as 127.0.0.1:110, [::1]:110 or *:110)
        /etc/pop3/server.yaml:5:7: mode: value "tls" (expected: plain, stls-only)
        /etc/pop3/server.yaml:7:3: limits.idle-timeot: unknown key (did you mean idle-timeout?)
        /etc/pop3/server.yaml:8:13: limits.max-line: size "64KB" (expected: a number with unit, such as 512B, 64KiB, 25MiB or 2GiB)
        /etc/pop3/server.yaml:9:10: workers: value "7" (expected: a whole number, without quotes)
        /etc/pop3/server.yaml:10:10: verbose: value "yes" (expected: true or false)
        /etc/pop3/server.yaml:11:1: colour: unknown key (expected: files, limits, listen, log, mode, name, quotas, ratio, store, tags, verbose, workers)
        /etc/pop3/server.yaml:12:1: workers: key again (expected: once; it is in line 9)
        /etc/pop3/server.yaml:13:17: quotas.alice: value "many" (expected: a whole number, without quotes)
        /etc/pop3/server.yaml:14:5: log: no value (expected: a value, or the key left out)
        /etc/pop3/server.yaml:15:15: store.type: value "maildr" (expected: in-memory, maildir)""",
        message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "idleTimeout: 10m|1:1: idleTimeout: unknown key (did you mean idle-timeout?)",
        "idle-timeout: 10|1:15: idle-timeout: duration \"10\" (expected: a number with unit, such as 500ms, 30s, 10m, 1h30m or 7d)",
        "idle-timeout: 5s|1:15: idle-timeout: duration PT5S (expected: >= 10s)",
        "idle-timeout: [10m]|1:15: idle-timeout: a list (expected: a single value)",
        "idle-timeout: !x 10m|1:15: idle-timeout: tag !x (expected: no tag)",
        "[10m]|1:1: a list (expected: keys with values)",
        "10m|1:1: value \"10m\" (expected: keys with values)",
        "`idle-timeout: \"1\\e[2J\\n\"`|1:15: idle-timeout: duration \"1\\u{1B}[2J\\n\" (expected: a number with unit, such as 500ms, 30s, 10m, 1h30m or 7d)",
        "? [a]\\n: 1|1:3: a list as key (expected: text)",
        "idle-timeout: *x|1:15: YAML: found undefined alias x",
      })
  void namesPlaceAndReason(String yaml, String expected) {
    String text = yaml.replace("\\n: 1", "\n: 1");
    assertEquals(FILE + ":" + expected, failure(text, Limits.class));
  }

  @Test
  void reportsMissingKeysWhereTheirParentBegins() {
    assertEquals(
        """
        /etc/pop3/server.yaml:1:1: name: missing (expected: this key)
        /etc/pop3/server.yaml:1:1: mode: missing (expected: this key)
        /etc/pop3/server.yaml:2:8: store.root: missing (expected: this key)""",
        failure("listen: []\nstore: {type: maildir}\n", Settings.class));
    assertEquals(
        "/etc/pop3/server.yaml:1:1: low: missing (expected: this key)\n"
            + "/etc/pop3/server.yaml:1:1: high: missing (expected: this key)",
        failure("# nothing\n", Pair.class));
  }

  @Test
  void reportsWhatARecordRefusesWhereItBegins() {
    assertEquals(
        "/etc/pop3/server.yaml:2:1: low 3 above high 2", failure("\nlow: 3\nhigh: 2", Pair.class));
  }

  @Test
  void reportsBrokenYamlWithItsPlace() {
    String message = failure("low: 1\nhigh: [1, 2\n", Pair.class);
    assertTrue(message.startsWith("/etc/pop3/server.yaml:3:1: YAML: "), message);
    assertEquals(1, message.lines().count());
    String twoDocuments = failure("low: 1\nhigh: 2\n---\nlow: 1\n", Pair.class);
    assertTrue(twoDocuments.startsWith("/etc/pop3/server.yaml:3:1: YAML: "), twoDocuments);
  }

  @Test
  void longValuesAreCut() {
    String message = failure("idle-timeout: " + "9".repeat(10_000), Limits.class);
    assertTrue(message.length() < 600, message);
  }

  @Test
  void numbersOutOfRangeAreErrors() {
    assertEquals(
        "/etc/pop3/server.yaml:1:6: low: number \"2147483648\""
            + " (expected: a whole number from -2147483648 to 2147483647)",
        failure("low: 2147483648\nhigh: 1", Pair.class));
  }

  @Test
  void aliasesStandForWhatTheyName() {
    assertEquals(new Pair(4, 4), ConfigReader.parse("low: &x 4\nhigh: *x\n", FILE, Pair.class));
  }

  @Test
  void manyNestedAliasesAreNotExpanded() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 60; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]%n".formatted(i, i, i - 1, i - 1));
    }
    String message = failure(bomb.toString(), Pair.class);
    assertEquals(
        FILE + ": YAML: Number of aliases for non-scalar nodes exceeds the specified max=50",
        message);
  }

  @Test
  void resolvesSecretsByReference(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("pw"), "s3cret\r\n");
    Path file = directory.resolve("c.yaml");
    Files.writeString(file, "password: ${file:pw}\n");
    WithSecret read = ConfigReader.read(file, WithSecret.class);
    assertEquals(Secret.ofUtf8("s3cret"), read.password());
    assertFalse(read.toString().contains("s3cret"));

    WithSecret fromEnvironment =
        ConfigReader.parse(
            "password: ${env:PW}", FILE, WithSecret.class, n -> n.equals("PW") ? "other" : null);
    assertEquals(Secret.ofUtf8("other"), fromEnvironment.password());
  }

  // N065: a secret that was written out by mistake does not reach the terminal or the log.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hunter2|a secret written out (expected: ${file:PATH} or ${env:NAME})",
        "12345|a secret written out (expected: ${file:PATH} or ${env:NAME})",
        "!hunter2 x|a secret written out (expected: ${file:PATH} or ${env:NAME})",
        "x${env:PW}|a secret written out (expected: ${file:PATH} or ${env:NAME})",
        "${env:PW}|environment variable PW is not set",
        "${file:/nowhere/pw}|secret file /nowhere/pw does not exist",
      })
  void refusesSecretsWithoutShowingThem(String written, String expected) {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () -> ConfigReader.parse("password: " + written, FILE, WithSecret.class, n -> null));
    assertEquals(FILE + ":1:11: password: " + expected, e.getMessage());
    assertEquals(ExitCodes.CONFIG, e.exitCode());
  }

  @Test
  void saysWhyAFileCannotBeRead(@TempDir Path directory) throws IOException {
    Path missing = directory.resolve("missing.yaml");
    assertEquals(missing + ": no such file", unreadable(missing));
    Path latin = directory.resolve("latin.yaml");
    Files.write(latin, new byte[] {'a', ':', ' ', (byte) 0xE9});
    assertEquals(latin + ": malformed text (expected: UTF-8)", unreadable(latin));
    Path large = directory.resolve("large.yaml");
    Files.write(large, new byte[(1 << 20) + 1]);
    assertEquals(large + ": too large (expected: <= 1MiB)", unreadable(large));
  }

  private static String unreadable(Path file) {
    ConfigException e =
        assertThrows(ConfigException.class, () -> ConfigReader.read(file, Pair.class));
    return String.valueOf(e.getMessage());
  }

  private static Settings read(String yaml) {
    return ConfigReader.parse(yaml, FILE, Settings.class);
  }

  private static String failure(String yaml, Class<? extends Record> type) {
    ConfigException e =
        assertThrows(ConfigException.class, () -> ConfigReader.parse(yaml, FILE, type));
    return String.valueOf(e.getMessage());
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fermoposta.pop3.benchmarks.system.Command;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What sslscan and testssl.sh find on both listeners. */
final class TlsScannersIT {
  // cert_revocation: the authority of a first run has neither a CRL nor an OCSP responder.
  // engine_problem: of the scanner's own openssl.
  private static final Set<String> ACCEPTED = Set.of("cert_revocation", "engine_problem");
  private static final Set<String> NO_FINDING = Set.of("OK", "INFO", "DEBUG", "LOW");
  private static final Pattern FINDING =
      Pattern.compile(
          "\"id\"\\s*:\\s*\"([^\"]*)\".*?\"severity\"\\s*:\\s*\"([^\"]*)\"", Pattern.DOTALL);

  @ParameterizedTest
  @EnumSource(
      value = Encryption.class,
      names = {"TLS", "STLS"})
  @DisplayName("L7, L9: testssl.sh finds nothing above low")
  void testsslFindsNothing(Encryption encryption, @TempDir Path directory) throws Exception {
    try (DemoServer server = DemoServer.start(directory)) {
      Scan scan = scan(server.endpoint(encryption), directory);
      // A warning says that the scanner could not try something: its own openssl, which it gives no
      // input, may end before all of a handshake is read. What it could try is judged at once.
      for (int more = 0; more < 2 && scan.onlyWarnings(); more++) {
        scan = scan(server.endpoint(encryption), directory);
      }
      assertEquals(List.of(), scan.findings(), scan.output());
    }
  }

  private record Scan(List<String> findings, String output) {
    boolean onlyWarnings() {
      return !findings.isEmpty() && findings.stream().allMatch(each -> each.endsWith(" WARN"));
    }
  }

  private static Scan scan(Endpoint endpoint, Path directory) throws Exception {
    Path report = Files.createTempDirectory(directory, "scan").resolve("testssl.json");
    List<String> line =
        new ArrayList<>(
            List.of(
                "testssl", "--quiet", "--color", "0", "--warnings", "off", "--ip", "127.0.0.1"));
    line.addAll(List.of("--add-ca", endpoint.authorities().toString()));
    line.addAll(List.of("--jsonfile", report.toString()));
    // Protocols, ciphers, forward secrecy, server defaults and preference, vulnerabilities.
    line.addAll(List.of("-p", "-s", "-f", "-S", "-P", "-U"));
    if (endpoint.encryption() == Encryption.STLS) {
      line.addAll(List.of("--starttls", "pop3"));
    }
    line.add(Endpoint.HOST + ":" + endpoint.port());
    Command.Result result =
        new Command(directory, Duration.ofMinutes(5))
            .result(Map.of("HOME", directory.toString()), line.toArray(String[]::new));
    assertTrue(result.output().contains("Done"), result.output());
    return new Scan(findings(Files.readString(report)), result.output());
  }

  @ParameterizedTest
  @EnumSource(
      value = Encryption.class,
      names = {"TLS", "STLS"})
  @DisplayName("L7, L9: sslscan sees TLS 1.2 and 1.3 and good ciphers only")
  void sslscanSeesNothingOld(Encryption encryption, @TempDir Path directory) throws Exception {
    try (DemoServer server = DemoServer.start(directory)) {
      String host = Endpoint.HOST + ":" + server.endpoint(encryption).port();
      Command command = new Command(directory);
      String seen =
          encryption == Encryption.STLS
              ? command.run("sslscan", "--no-colour", "--starttls-pop3", host)
              : command.run("sslscan", "--no-colour", host);
      for (String old : List.of("SSLv2", "SSLv3", "TLSv1\\.0", "TLSv1\\.1")) {
        assertTrue(seen.matches("(?s).*" + old + " +disabled.*"), seen);
      }
      assertTrue(seen.matches("(?s).*TLSv1\\.2 +enabled.*TLSv1\\.3 +enabled.*"), seen);
      assertFalse(seen.contains(" vulnerable to heartbleed") && !seen.contains("not vuln"), seen);
      List<String> ciphers =
          seen.lines().filter(l -> l.matches("(Preferred|Accepted) .*")).toList();
      assertTrue(ciphers.size() >= 6, seen);
      for (String cipher : ciphers) {
        assertTrue(cipher.matches(".*(GCM|CHACHA20).*"), cipher);
      }
    }
  }

  private static List<String> findings(String json) throws IOException {
    List<String> found = new ArrayList<>();
    int all = 0;
    for (Matcher m = FINDING.matcher(json); m.find(); all++) {
      if (!NO_FINDING.contains(m.group(2)) && !ACCEPTED.contains(m.group(1))) {
        found.add(m.group(1) + " " + m.group(2));
      }
    }
    if (all < 20) {
      throw new IOException("only " + all + " lines in the report (expected: dozens)\n" + json);
    }
    return found;
  }
}

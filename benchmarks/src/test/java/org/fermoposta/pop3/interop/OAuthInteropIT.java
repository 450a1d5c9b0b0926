// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.fermoposta.pop3.benchmarks.system.Checkout;
import org.fermoposta.pop3.benchmarks.system.Command;
import org.fermoposta.pop3.benchmarks.system.Program;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Access tokens from the programs that know them for POP3: curl, mpop and mutt. (fetchmail 6.4
 * knows none; getmail6 does for IMAP only.)
 */
final class OAuthInteropIT {
  private static final String USER = "alice@example.org";
  private static final String MAIL = "Subject: for token holders\r\n\r\nbody\r\n";

  @TempDir static Path directory;
  private static @Nullable TokenIssuer issuer;
  private static @Nullable Program program;
  private static int stlsPort;
  private static int tlsPort;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    TokenIssuer own = TokenIssuer.start(USER);
    issuer = own;
    for (String sub : List.of("new", "cur", "tmp")) {
      Files.createDirectories(directory.resolve("mail").resolve(USER).resolve(sub));
    }
    Files.writeString(directory.resolve("mail").resolve(USER).resolve("new/1.x"), MAIL);
    Files.writeString(
        directory.resolve("passwd"), USER + ":{PLAIN}unused\nbob@example.org:{PLAIN}unused\n");
    Files.writeString(directory.resolve("client-secret"), "a client's secret");
    Path config =
        Files.writeString(
            directory.resolve("server.yaml"),
            """
            listeners:
              - name: pop3
                address: 127.0.0.1:0
                tls: stls
              - name: pop3s
                address: 127.0.0.1:0
                tls: implicit
            maildrops: %s/mail/{user}
            passwd-file: passwd
            tls:
              self-signed: tls
            session:
              failed-login-delay: 0s
            auth:
              - oauth:
                  issuer: %s
                  audiences: [pop3]
                  introspection:
                    client-id: server
                    client-secret: ${file:client-secret}
            """
                .formatted(directory, own.name()));
    Program started =
        Program.start(
            directory,
            List.of(Checkout.launcher("pop3-server"), "serve", "--config", config.toString()),
            Map.of("FERMOPOSTA_JAVA_OPTS", Programs.LEAK_DETECTION));
    program = started;
    stlsPort = port(started, "pop3");
    tlsPort = port(started, "pop3s");
  }

  private static int port(Program started, String listener) throws InterruptedException {
    return Integer.parseInt(
        started.awaitError(" " + listener + ": listening on /127\\.0\\.0\\.1:(\\d+) "));
  }

  @AfterAll
  static void stop() {
    if (program != null) {
      Programs.endCleanly(program);
    }
    if (issuer != null) {
      issuer.close();
    }
  }

  private static TokenIssuer issuer() {
    if (issuer == null) {
      throw new IllegalStateException("not started");
    }
    return issuer;
  }

  private static String token(String kind) {
    return kind.equals("jwt") ? issuer().token(USER, 300) : TokenIssuer.OPAQUE;
  }

  private static Command.Result curl(Path home, String mechanism, String token, boolean tls)
      throws IOException, InterruptedException {
    return new Command(home)
        .result(
            Map.of(),
            "curl",
            "-sS",
            "--noproxy",
            "*",
            "--ssl-reqd",
            "--cacert",
            directory.resolve("tls/ca.pem").toString(),
            "--user",
            USER + ":",
            "--oauth2-bearer",
            token,
            "--login-options",
            "AUTH=" + mechanism,
            "-o",
            home.resolve("got").toString(),
            (tls ? "pop3s://localhost:" + tlsPort : "pop3://localhost:" + stlsPort) + "/1");
  }

  @ParameterizedTest(name = "{0}, {1}, {2}")
  @CsvSource({
    "OAUTHBEARER,jwt,true",
    "OAUTHBEARER,opaque,false",
    "XOAUTH2,jwt,false",
    "XOAUTH2,opaque,true"
  })
  @DisplayName("OA2, OA5, OA8, S9: curl gets mail with a token")
  void curlWithToken(String mechanism, String kind, boolean tls, @TempDir Path home)
      throws IOException, InterruptedException {
    Command.Result result = curl(home, mechanism, token(kind), tls);
    assertEquals(0, result.exitCode(), result.output());
    assertEquals(MAIL, Files.readString(home.resolve("got"), StandardCharsets.US_ASCII));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"OAUTHBEARER", "XOAUTH2"})
  @DisplayName("OA3, OA4, OA5, OA7: curl is refused with an old token and with somebody else's")
  void curlIsRefused(String mechanism, @TempDir Path home)
      throws IOException, InterruptedException {
    for (String token :
        List.of(issuer().token(USER, -120), issuer().token("bob@example.org", 300), "unknown")) {
      Command.Result result = curl(home, mechanism, token, /* tls= */ true);
      assertEquals(67, result.exitCode(), "login denied is 67: " + result.output());
      assertTrue(Files.notExists(home.resolve("got")), "got mail");
    }
  }

  /** With oauthbearer mpop puts the token on the line of AUTH, which has 255 octets (S9). */
  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({"oauthbearer,opaque", "xoauth2,jwt", "xoauth2,opaque"})
  @DisplayName("OA2, OA5, OA8: mpop gets mail with a token")
  void mpopWithToken(String mechanism, String kind, @TempDir Path home)
      throws IOException, InterruptedException {
    Path box = home.resolve("box");
    Path config =
        secretFile(
            home.resolve("mpoprc"),
            """
            account tested
            host localhost
            port %d
            timeout 30
            tls on
            tls_starttls off
            tls_trust_file %s
            user %s
            auth %s
            passwordeval cat %s
            keep on
            received_header off
            uidls_file %s
            delivery mbox %s
            """
                .formatted(
                    tlsPort,
                    directory.resolve("tls/ca.pem"),
                    USER,
                    mechanism,
                    secretFile(home.resolve("token"), token(kind)),
                    home.resolve("uidls"),
                    box));
    new Command(home)
        .run(Map.of("HOME", home.toString()), "mpop", "-q", "-C", config.toString(), "tested");
    assertTrue(Files.readString(box).contains("Subject: for token holders\n\nbody\n"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"jwt", "opaque"})
  @DisplayName("OA2, OA8: mutt gets mail with a token")
  void muttWithToken(String kind, @TempDir Path home) throws IOException, InterruptedException {
    Path got = home.resolve("got");
    Path config =
        secretFile(
            home.resolve("muttrc"),
            """
            set pop_authenticators="oauthbearer" pop_oauth_refresh_command="cat %s"
            set ssl_force_tls=yes ssl_ca_certificates_file="%s" certificate_file=""
            set folder="%s" header_cache="" message_cachedir="" pipe_decode=no wait_key=no
            set quit=yes move=no beep=no
            """
                .formatted(
                    secretFile(home.resolve("token"), token(kind) + "\n"),
                    directory.resolve("tls/ca.pem"),
                    home));
    new Command(home)
        .run(
            Map.of("HOME", home.toString(), "TERM", "xterm"),
            "script",
            "-qec",
            "mutt -n -F '%s' -f 'pops://%s@localhost:%d' -e 'push \"<pipe-message>cat > %s<enter><exit>\"'"
                .formatted(config, USER, tlsPort, got),
            "/dev/null");
    assertTrue(Files.readString(got).contains("Subject: for token holders\n\nbody\n"));
  }

  @Test
  @DisplayName("oauth check tells an operator that a token is too old")
  void check(@TempDir Path home) throws IOException, InterruptedException {
    Path token = secretFile(home.resolve("token"), issuer().token(USER, -120));
    Command.Result result =
        new Command(home)
            .result(
                Map.of(),
                "sh",
                "-c",
                Checkout.launcher("pop3-server")
                    + " oauth check --config "
                    + directory.resolve("server.yaml")
                    + " < "
                    + token);
    assertEquals(1, result.exitCode(), result.output());
    assertTrue(result.output().contains("refused: expired 12"), result.output());
  }

  private static Path secretFile(Path file, String text) throws IOException {
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}

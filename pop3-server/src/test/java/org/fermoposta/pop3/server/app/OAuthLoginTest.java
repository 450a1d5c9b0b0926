// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.fermoposta.pop3.runtime.cli.CommandLines;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.runtime.config.ConfigException;
import org.fermoposta.pop3.runtime.config.ConfigReader;
import org.fermoposta.pop3.server.auth.oauth.TestIssuer;
import org.fermoposta.pop3.testkit.Fragmenter;
import org.fermoposta.pop3.testkit.RawPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** Tokens on the wire of a server that is configured as an operator does it (RFC 7628). */
final class OAuthLoginTest {
  private static final String ALICE = "alice@example.org";
  private static final String WRONG = "-ERR [AUTH] wrong user name or password";

  @TempDir private Path directory;
  private TestIssuer issuer;
  private Path config = Path.of("none");
  private Pop3Server server;
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Logger root = (Logger) LoggerFactory.getLogger("org.fermoposta");

  @BeforeEach
  void start() throws IOException {
    issuer = TestIssuer.start();
    Files.writeString(
        directory.resolve("passwd"),
        """
        alice@example.org:{PLAIN}x::::::fermoposta_folders=Junk
        bob@example.org:{PLAIN}x
        locked@example.org:*
        """);
    for (String user : List.of("alice@example.org", "bob@example.org", "new@example.org")) {
      for (String sub : List.of("new", "cur", "tmp", ".Junk/new", ".Junk/cur", ".Junk/tmp")) {
        Files.createDirectories(directory.resolve("mail").resolve(user).resolve(sub));
      }
    }
    Files.writeString(directory.resolve("mail/alice@example.org/new/1.x"), "Subject: one\n\n");
    server =
        Pop3Server.of(ConfigReader.read(configure("accept-unknown: false"), ServerConfig.class));
    server.start();
    logged.start();
    root.addAppender(logged);
  }

  @AfterEach
  void stop() {
    root.detachAppender(logged);
    server.stop();
    issuer.close();
  }

  private Path configure(String setting) throws IOException {
    Files.writeString(directory.resolve("secret"), "s:cret%\n");
    config =
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
            maildrops: DIR/mail/{user}
            passwd-file: passwd
            tls:
              self-signed: tls
            session:
              cleartext-login: true
              failed-login-delay: 0s
              max-failed-logins: 20
            auth:
              - oauth:
                  issuer: ISSUER
                  audiences: [pop3.example.org]
                  scopes: [mail.pop]
                  timeout: 20s
                  SETTING
                  introspection:
                    client-id: pop3 server
                    client-secret: ${file:secret}
            """
                .replace("DIR", directory.toString())
                .replace("ISSUER", issuer.name())
                .replace("SETTING", setting));
    return config;
  }

  private RawPeer tls() throws IOException, GeneralSecurityException {
    RawPeer peer = RawPeer.connectTls(server.address("pop3s"), trust(), "localhost");
    assertTrue(peer.readLine().startsWith("+OK "));
    return peer;
  }

  private SSLContext trust() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null);
    try (InputStream in = Files.newInputStream(directory.resolve("tls/ca.pem"))) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static String base64(String message) {
    return Base64.getEncoder().encodeToString(message.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** RFC 7628 §3.1; no user leaves that to the token. */
  private static String bearer(String user, String token) {
    return base64("n," + (user.isEmpty() ? "" : "a=" + user) + ",\1auth=Bearer " + token + "\1\1");
  }

  private static String xoauth2(String user, String token) {
    return base64("user=" + user + "\1auth=Bearer " + token + "\1\1");
  }

  /** A whole exchange: what the server says at its end, and the JSON of a refusal in front. */
  private static String login(RawPeer peer, String mechanism, String message) throws IOException {
    assertEquals("+ ", peer.command("AUTH " + mechanism));
    String answer = peer.command(message);
    if (!answer.startsWith("+ ")) {
      return answer;
    }
    String json =
        new String(Base64.getDecoder().decode(answer.substring(2)), StandardCharsets.UTF_8);
    return json + " " + peer.command(mechanism.equals("XOAUTH2") ? "" : "AQ==");
  }

  @Test
  @DisplayName("OA1: tokens are neither offered nor taken in clear, even where passwords are")
  void onlyUnderTls() throws Exception {
    try (RawPeer peer = RawPeer.connect(server.address("pop3"))) {
      peer.readLine();
      List<String> offered = peer.commandLines("CAPA");
      assertTrue(offered.stream().anyMatch(c -> c.startsWith("SASL") && c.contains("PLAIN")));
      assertFalse(offered.toString().contains("OAUTH"), offered.toString());
      for (String mechanism : List.of("OAUTHBEARER", "XOAUTH2", "xoauth2")) {
        assertTrue(peer.command("AUTH " + mechanism).startsWith("-ERR"));
        assertTrue(peer.command("AUTH " + mechanism + " bixhPXgs").startsWith("-ERR"));
      }
      assertTrue(peer.command("STLS").startsWith("+OK"));
      peer.startTls(trust(), "localhost");
      String sasl =
          peer.commandLines("CAPA").stream()
              .filter(c -> c.startsWith("SASL "))
              .findFirst()
              .orElseThrow();
      assertTrue(
          List.of(sasl.split(" ")).containsAll(List.of("OAUTHBEARER", "XOAUTH2", "PLAIN")), sasl);
      assertTrue(login(peer, "OAUTHBEARER", bearer("", issuer.token(ALICE))).startsWith("+OK"));
    }
    assertNothingSecretLogged();
  }

  @ParameterizedTest
  @ValueSource(strings = {"OAUTHBEARER", "XOAUTH2"})
  @DisplayName(
      "OA2, OA5, OA7, OA8, S9: a token longer than a command line opens its user's maildrop")
  void rightToken(String mechanism) throws Exception {
    String token = issuer.token("Alice@Example.org");
    assertTrue(token.length() > 255);
    for (String user : List.of(ALICE, "ALICE@example.org", "alice+Junk@example.org")) {
      try (RawPeer peer = tls()) {
        String message = mechanism.equals("XOAUTH2") ? xoauth2(user, token) : bearer(user, token);
        assertTrue(login(peer, mechanism, message).startsWith("+OK"), user);
        assertEquals(user.contains("Junk") ? "+OK 0 0" : "+OK 1 16", peer.command("STAT"));
        peer.command("QUIT");
      }
    }
    assertNothingSecretLogged();
  }

  @Test
  @DisplayName(
      "S9, OA8: a token of 60 KiB is taken octet by octet; one of 100 KiB ends the exchange")
  void longToken() throws Exception {
    String opaque = "t".repeat(60 * 1024);
    issuer.grant(opaque, ALICE);
    try (RawPeer peer = tls()) {
      assertEquals("+ ", peer.command("AUTH OAUTHBEARER"));
      peer.send(
          Fragmenter.everyNth(
              (bearer("", opaque) + "\r\n").getBytes(StandardCharsets.US_ASCII), 997));
      assertTrue(peer.readLine().startsWith("+OK"));
    }
    try (RawPeer peer = tls()) {
      assertEquals("+ ", peer.command("AUTH OAUTHBEARER"));
      assertTrue(peer.command(bearer("", "t".repeat(100 * 1024))).startsWith("-ERR"));
    }
  }

  @Test
  @DisplayName("S9, OA8: a long token may come with AUTH; a longer one ends nothing but the line")
  void longTokenOnTheLineOfAuth() throws Exception {
    String opaque = "t".repeat(60 * 1024);
    issuer.grant(opaque, ALICE);
    try (RawPeer peer = tls()) {
      assertTrue(
          peer.command("AUTH OAUTHBEARER " + bearer("", "t".repeat(100 * 1024)))
              .startsWith("-ERR"));
      peer.send(
          Fragmenter.everyNth(
              ("auth oauthbearer " + bearer("", opaque) + "\r\nSTAT\r\n")
                  .getBytes(StandardCharsets.US_ASCII),
              997));
      assertTrue(peer.readLine().startsWith("+OK"));
      assertEquals("+OK 1 16", peer.readLine());
    }
    assertNothingSecretLogged();
  }

  @Test
  @DisplayName("OA2: a short token comes with AUTH; host, port and unknown keys do no harm")
  void shortToken() throws Exception {
    issuer.grant("short", ALICE);
    try (RawPeer peer = tls()) {
      assertTrue(
          peer.command(
                  "AUTH OAUTHBEARER "
                      + base64(
                          "n,a=alice@example.org,\1host=mail\1port=995\1x=y\1auth=bEaReR short\1\1"))
              .startsWith("+OK"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"OAUTHBEARER", "XOAUTH2"})
  @DisplayName("OA7: a token of one user opens nobody else's maildrop, nor one of an unknown user")
  void tokenOfAnother(String mechanism) throws Exception {
    String token = issuer.token(ALICE);
    issuer.grant("opaque-alice", ALICE);
    try (RawPeer peer = tls()) {
      for (String user :
          List.of(
              "bob@example.org",
              "bob+Junk@example.org",
              "alice",
              "alice@example.com",
              "bob@example.org+@alice",
              "nobody@example.org",
              "locked@example.org")) {
        for (String each : List.of(token, "opaque-alice")) {
          String message = mechanism.equals("XOAUTH2") ? xoauth2(user, each) : bearer(user, each);
          String answer = login(peer, mechanism, message);
          assertTrue(answer.startsWith("{\"status\":\"invalid_token\""), user + answer);
          assertTrue(answer.endsWith(WRONG), user + answer);
        }
      }
    }
  }

  @Test
  @DisplayName("OA3, OA4, OA5: a refusal is JSON in a challenge; AQ==, an empty line or * end it")
  void refusal() throws Exception {
    String refused = issuer.token("locked@example.org");
    String expected = "{\"status\":\"invalid_token\",\"scope\":\"mail.pop\"} ";
    try (RawPeer peer = tls()) {
      assertEquals(expected + WRONG, login(peer, "OAUTHBEARER", bearer("", refused)));
      assertEquals(expected + WRONG, login(peer, "XOAUTH2", xoauth2("x", refused)));
      for (String mechanism : List.of("OAUTHBEARER", "XOAUTH2")) {
        for (String end : List.of("AQ==", "", "*")) {
          peer.command("AUTH " + mechanism);
          String message =
              mechanism.equals("XOAUTH2") ? xoauth2("x", refused) : bearer("", refused);
          assertTrue(peer.command(message).startsWith("+ "));
          assertTrue(peer.command(end).startsWith("-ERR"), mechanism + end);
        }
      }
      assertTrue(
          login(peer, "OAUTHBEARER", base64("n,,\1auth=\1\1")).endsWith(WRONG),
          "no token, to learn the scope");
      assertTrue(login(peer, "OAUTHBEARER", bearer("", issuer.token(ALICE))).startsWith("+OK"));
    }
    assertNothingSecretLogged();
  }

  @Test
  @DisplayName("A11, N036: an issuer that is down gives SYS/TEMP and no word about the token")
  void issuerDown() throws Exception {
    String token = issuer.token(ALICE);
    issuer.close();
    try (RawPeer peer = tls()) {
      for (String each : List.of(token, "opaque")) {
        String answer = login(peer, "OAUTHBEARER", bearer("", each));
        assertEquals("-ERR [SYS/TEMP] logins cannot be checked now, try again later", answer);
      }
    }
    assertNothingSecretLogged();
  }

  @Test
  @DisplayName("OA7: with accept-unknown the issuer's word is enough, but not for a locked account")
  void acceptUnknown() throws Exception {
    server.stop();
    server =
        Pop3Server.of(ConfigReader.read(configure("accept-unknown: true"), ServerConfig.class));
    server.start();
    try (RawPeer peer = tls()) {
      String locked = login(peer, "OAUTHBEARER", bearer("", issuer.token("locked@example.org")));
      assertTrue(locked.endsWith(WRONG), locked);
      String other = bearer("bob@example.org", issuer.token("new@example.org"));
      assertTrue(login(peer, "OAUTHBEARER", other).endsWith(WRONG));
      String known = login(peer, "OAUTHBEARER", bearer("", issuer.token("new@example.org")));
      assertTrue(known.startsWith("+OK"), known);
    }
  }

  @Test
  @DisplayName("oauth check says whose a token is or why it is refused, and never prints it")
  void check() throws Exception {
    assertEquals(
        """
        the token is good and names alice@example.org
        opens the maildrop of alice@example.org
        """,
        check(ExitCodes.OK, "\n " + issuer.token(ALICE) + "\r\n"));
    assertTrue(
        check(ExitCodes.FAILURE, issuer.token("locked@example.org"))
            .endsWith("refused: the account is locked\n"));
    assertTrue(
        check(ExitCodes.FAILURE, issuer.token("who@example.org"))
            .endsWith("refused: there is no such account\n"));
    String refused = check(ExitCodes.FAILURE, "some-opaque-token");
    assertEquals(
        """
        refused: the issuer says that it is not active
        clients are told: {"status":"invalid_token","scope":"mail.pop"}
        """,
        refused);
    check(ExitCodes.FAILURE, " \n");
    issuer.close();
    assertTrue(check(ExitCodes.TEMPORARY, "some-opaque-token").startsWith("cannot be checked: "));
  }

  private String check(int code, String input) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = CommandLines.of(new Main());
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.US_ASCII)));
    try {
      assertEquals(
          code, line.execute("oauth", "check", "--config", config.toString()), err.toString());
    } finally {
      System.setIn(before);
    }
    for (String part : input.strip().split("\\.")) {
      assertTrue(part.isEmpty() || !(out + err.toString()).contains(part), "the token is printed");
    }
    return out.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "clock-skew: 11m",
        "domains: [Example.org]",
        "trust: no-such-file",
        "jwt: {algorithms: [HS256]}",
        "jwt: {algorithms: [none]}",
        "jwt: {algorithms: []}",
        "jwt: {jwks-uri: 'http://192.0.2.1/'}",
        "jwt: {refresh: 1s}",
        "user-claim: ''"
      })
  @DisplayName("settings that cannot be right are refused before anything starts")
  void wrongSettings(String setting) throws IOException {
    Path file = configure(setting);
    RuntimeException refused =
        Assertions.assertThrows(
            RuntimeException.class,
            () -> Pop3Server.of(ConfigReader.read(file, ServerConfig.class)));
    assertTrue(
        refused instanceof ConfigException || refused instanceof StartException,
        refused.toString());
  }

  private void assertNothingSecretLogged() {
    assertEquals(List.of(), logged.list.stream().filter(OAuthLoginTest::isSecret).toList());
  }

  private static boolean isSecret(ILoggingEvent event) {
    String text = event.getFormattedMessage();
    return text.contains("eyJ") || text.contains("s:cret") || text.contains("opaque");
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.ldap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.unboundid.ldap.sdk.Filter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.ScramHash;
import org.fermoposta.pop3.protocol.sasl.ScramKeys;
import org.fermoposta.pop3.runtime.config.ConfigReader;
import org.fermoposta.pop3.server.auth.AuthResult;
import org.fermoposta.pop3.server.auth.BackendChain;
import org.fermoposta.pop3.server.auth.OnWrong;
import org.fermoposta.pop3.server.auth.PasswdFile;
import org.fermoposta.pop3.server.auth.PasswordAnswer;
import org.fermoposta.pop3.server.auth.UserAnswer;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.Expiry;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A directory as back end, against one in memory. */
@Timeout(60)
final class LdapBackendTest {

  @TempDir private Path directory;
  private final List<AutoCloseable> open = new ArrayList<>();
  private TestDirectory server;

  @BeforeEach
  void start() throws Exception {
    Files.writeString(directory.resolve("secret"), TestDirectory.SERVICE_PASSWORD + "\n");
    server = new TestDirectory(0);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    server.close();
  }

  private LdapBackend backend(String... settings) {
    return backendAt(List.of(server.port()), settings);
  }

  private LdapBackend backendAt(List<Integer> ports, String... settings) {
    List<String> lines = new ArrayList<>();
    lines.add("urls: " + ports.stream().map(each -> "\"ldap://127.0.0.1:" + each + "\"").toList());
    lines.add("base: dc=example,dc=org");
    lines.add("bind-dn: " + TestDirectory.SERVICE);
    lines.add("bind-password: ${file:secret}");
    lines.addAll(List.of(settings));
    if (lines.stream().noneMatch(line -> line.startsWith("filter:"))) {
      lines.add("filter: (uid=%n)");
    }
    LdapSettings read =
        ConfigReader.parse(
            String.join("\n", lines), directory.resolve("server.yaml"), LdapSettings.class);
    LdapBackend backend = new LdapBackend(read, MailPolicy.defaults());
    open.add(backend);
    return backend;
  }

  private static String method(LdapMethod method) {
    return "method: " + method.name().toLowerCase(Locale.ROOT);
  }

  private static PasswordAnswer login(LdapBackend backend, String user, String password) {
    return backend.authenticate(MaildropName.of(user), Secret.ofUtf8(password));
  }

  private static void assertRight(String name, PasswordAnswer answer) {
    PasswordAnswer.Right right =
        assertInstanceOf(PasswordAnswer.Right.class, answer, answer::toString);
    assertEquals(name, right.account().name().value());
  }

  private static String assertUnavailable(MaildropFailure failure, PasswordAnswer answer) {
    PasswordAnswer.Unavailable down =
        assertInstanceOf(PasswordAnswer.Unavailable.class, answer, answer::toString);
    assertEquals(failure, down.failure(), down::logText);
    return down.logText();
  }

  @ParameterizedTest
  @EnumSource(LdapMethod.class)
  @DisplayName("by each method the right password lets in, a wrong one and an unknown user do not")
  void eachMethod(LdapMethod method) {
    LdapBackend backend = backend(method(method));
    assertRight("alice", login(backend, "alice", "sesame"));
    assertRight("alice@example.org", login(backend, "alice@example.org", "sesame"));
    assertInstanceOf(PasswordAnswer.Wrong.class, login(backend, "alice", "tower"));
    assertInstanceOf(PasswordAnswer.Unknown.class, login(backend, "nobody", "sesame"));
    assertInstanceOf(UserAnswer.Found.class, backend.find(MaildropName.of("alice")));
    assertInstanceOf(UserAnswer.Unknown.class, backend.find(MaildropName.of("nobody")));
    assertEquals(Optional.empty(), backend.problem());
  }

  @ParameterizedTest
  @EnumSource(LdapMethod.class)
  @DisplayName("an empty password never reaches the directory, which would take it for anonymous")
  void emptyPassword(LdapMethod method) {
    LdapBackend backend = backend(method(method));
    assertInstanceOf(PasswordAnswer.Wrong.class, login(backend, "alice", ""));
    assertInstanceOf(PasswordAnswer.Wrong.class, login(backend, "nobody", ""));
    assertEquals(List.of(), List.copyOf(server.binds));
  }

  @ParameterizedTest
  @DisplayName("what a name holds is a value in the filter, never part of it")
  @ValueSource(
      strings = {
        "*",
        "a*",
        "alice)(uid=*",
        "*)(uid=*))(|(uid=*",
        "alice)(&",
        "(alice)",
        "!(uid=alice)",
        "alice\u00e9",
        "%u%n%d",
        "&|=<>~;,#\"'"
      })
  void injection(String name) throws Exception {
    LdapBackend backend = backend("filter: (&(objectClass=person)(|(uid=%u)(mail=%n@%d)))");
    MaildropName user = MaildropName.of(name);
    assertInstanceOf(PasswordAnswer.Unknown.class, login(backend, name, "sesame"));
    assertInstanceOf(UserAnswer.Unknown.class, backend.find(user));
    assertEquals(2, server.searches.size());
    for (String filter : server.searches) {
      Filter[] parts = Filter.create(filter).getComponents();
      assertEquals(2, parts.length, filter);
      Filter[] alternatives = parts[1].getComponents();
      assertEquals(2, alternatives.length, filter);
      assertEquals(user.value(), alternatives[0].getAssertionValue());
      assertEquals(user.localPart() + "@", alternatives[1].getAssertionValue());
    }
  }

  @Test
  @DisplayName("a user that two entries match gets in with neither password")
  void ambiguous() {
    LdapBackend backend = backend();
    for (String password : List.of("one", "two")) {
      String text = assertUnavailable(MaildropFailure.PERMANENT, login(backend, "twin", password));
      assertTrue(text.contains("several entries"), text);
    }
  }

  @Test
  @DisplayName("A6, N066: the password of an unknown user goes the same way, to a decoy")
  void decoy() {
    LdapBackend backend = backend("decoy-dn: cn=bob,dc=example,dc=org");
    // Even the decoy's own password is no way in.
    assertInstanceOf(PasswordAnswer.Unknown.class, login(backend, "nobody", "tower"));
    assertTrue(server.binds.contains("cn=bob,dc=example,dc=org"), server.binds::toString);
    server.binds.clear();
    login(backend(), "nobody", "tower");
    assertTrue(
        server.binds.stream().anyMatch(dn -> dn.matches("cn=nobody-.*,dc=example,dc=org")),
        server.binds::toString);
  }

  @Test
  @DisplayName("searches run as the service after users have logged in, on one connection each")
  void rightsOfTheService() {
    LdapBackend backend = backend("connections: 1");
    for (int i = 0; i < 3; i++) {
      assertRight("alice", login(backend, "alice", "sesame"));
      assertInstanceOf(PasswordAnswer.Wrong.class, login(backend, "alice", "wrong"));
    }
    assertEquals(1, server.binds.stream().filter(TestDirectory.SERVICE::equals).count());
    assertEquals(6, server.binds.stream().filter("cn=alice,dc=example,dc=org"::equals).count());
  }

  @Test
  @DisplayName("attributes become the account's name, policy, networks and lock")
  void attributes() throws Exception {
    server.add("carl", "x", "login: Carl@Example.org", "nets: 192.0.2.0/24", "nets: ::1");
    server.add("dora", "x", "login: dora", "disabled: TRUE");
    server.add("emma", "x", "login: emma", "mailExpire: soon");
    server.add("fred", "x", "login: a/b");
    server.add("greg", "x", "login: greg", "disabled: FALSE", "mailExpire: 30d");
    LdapBackend backend =
        backend(
            "name-attribute: login",
            "attributes:",
            "  mailExpire: fermoposta_expire",
            "  nets: allow_nets",
            "  disabled: nologin",
            "users-filter: (objectClass=person)",
            "strictest:",
            "  expire: 7d");
    PasswordAnswer.Right carl =
        assertInstanceOf(PasswordAnswer.Right.class, login(backend, "carl", "x"));
    assertEquals("carl@example.org", carl.account().name().value());
    assertTrue(carl.account().networks().allows(InetAddress.ofLiteral("192.0.2.7")));
    assertTrue(carl.account().networks().allows(InetAddress.ofLiteral("::1")));
    assertFalse(carl.account().networks().allows(InetAddress.ofLiteral("198.51.100.1")));
    assertInstanceOf(PasswordAnswer.Wrong.class, login(backend, "dora", "x"));
    MaildropName dora = MaildropName.of("dora");
    assertEquals(new UserAnswer.Locked(dora), backend.find(dora));
    String wrong = assertUnavailable(MaildropFailure.PERMANENT, login(backend, "emma", "x"));
    assertTrue(
        wrong.startsWith(
            "entry of \"emma\": \"cn=emma,dc=example,dc=org\": fermoposta_expire: expiry \"soon\""),
        wrong);
    assertUnavailable(MaildropFailure.PERMANENT, login(backend, "fred", "x"));
    assertUnavailable(MaildropFailure.PERMANENT, login(backend, "alice", "sesame"));
    PasswordAnswer.Right greg =
        assertInstanceOf(PasswordAnswer.Right.class, login(backend, "greg", "x"));
    assertEquals(new Expiry(30), greg.account().policy().expire());
    assertEquals(
        Set.of("carl@example.org", "dora", "emma", "greg"),
        Set.copyOf(backend.names().stream().map(MaildropName::value).toList()));
    assertEquals(new Expiry(7), backend.policies().expire());
    assertTrue(backend.policies().expireDiffers());
    assertFalse(backend.policies().loginDelayDiffers());
  }

  @Test
  @DisplayName("more users than a page of answers has are all listed")
  void pages() throws Exception {
    for (int i = 0; i < 1203; i++) {
      server.add("user" + i, "x", "login: user" + i);
    }
    LdapBackend backend =
        backend("name-attribute: login", "users-filter: (login=*)", "response-timeout: 30s");
    assertEquals(1203, backend.names().size());
  }

  @Test
  @DisplayName("hashes are read as directories write them; what cannot be read shows no password")
  void hashes() throws Exception {
    String sha512 =
        "{CRYPT}$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq.qc"
            + ".eoxqOmSuNp2xS0ktL3nh/";
    server.add("crypt", sha512);
    server.add("md5", "{MD5}X03MO1qnZdYdgyfeuILPmQ==");
    server.add("lock", "{CRYPT}!");
    server.add("odd", "{SASL}odd@EXAMPLE.ORG");
    server.add("both", "{SASL}both@EXAMPLE.ORG", "userPassword: plain");
    server.add("none", "");
    LdapBackend backend = backend("method: hash");
    assertRight("crypt", login(backend, "crypt", "password"));
    assertInstanceOf(PasswordAnswer.Wrong.class, login(backend, "crypt", sha512));
    assertRight("md5", login(backend, "md5", "password"));
    assertInstanceOf(UserAnswer.Locked.class, backend.find(MaildropName.of("lock")));
    assertInstanceOf(PasswordAnswer.Wrong.class, login(backend, "lock", "!"));
    assertRight("both", login(backend, "both", "plain"));
    assertInstanceOf(PasswordAnswer.Wrong.class, login(backend, "none", "x"));
    String text = assertUnavailable(MaildropFailure.PERMANENT, login(backend, "odd", "x"));
    assertFalse(text.contains("EXAMPLE"), text);
  }

  @Test
  @DisplayName("N069: SCRAM keys of RFC 5803 serve SCRAM, and decoys look like the last ones")
  void scram() throws Exception {
    byte[] salt = {1, 2, 3, 4};
    ScramKeys keys = ScramKeys.derive(ScramHash.SHA_256, Secret.ofUtf8("sesame"), salt, 5000);
    server.add("gina", "x", "authPassword: " + keys.toStorageText().replace("$", " $ "));
    server.add("hugo", "x", "authPassword: SCRAM-SHA-256$1:x");
    LdapBackend backend = backend("scram-attribute: authPassword");
    assertFalse(backend.scram(ScramHash.SHA_256).any());
    UserAnswer.Found found =
        assertInstanceOf(UserAnswer.Found.class, backend.find(MaildropName.of("gina")));
    ScramKeys read = found.credentials().scram().get(ScramHash.SHA_256);
    assertEquals(keys.toStorageText(), read == null ? "none" : read.toStorageText());
    assertEquals(5000, backend.scram(ScramHash.SHA_256).iterations());
    assertEquals(4, backend.scram(ScramHash.SHA_256).saltOctets());
    assertFalse(backend.scram(ScramHash.SHA_256).all());
    assertInstanceOf(UserAnswer.Unavailable.class, backend.find(MaildropName.of("hugo")));
  }

  @Test
  @DisplayName("A11, N036: a directory that is down is SYS/TEMP, and works again by itself")
  void downAndUp() throws Exception {
    LdapBackend backend = backend();
    assertRight("alice", login(backend, "alice", "sesame"));
    int port = server.port();
    server.close();
    assertUnavailable(MaildropFailure.TEMPORARY, login(backend, "alice", "sesame"));
    assertUnavailable(MaildropFailure.TEMPORARY, login(backend, "nobody", "sesame"));
    assertInstanceOf(UserAnswer.Unavailable.class, backend.find(MaildropName.of("alice")));
    assertEquals(Optional.empty(), backend.problem(), "down is no mistake in the settings");
    server = new TestDirectory(port);
    await(() -> login(backend, "alice", "sesame") instanceof PasswordAnswer.Right);
  }

  @Test
  @DisplayName("connections that the directory closed are replaced without a failed login")
  void staleConnections() {
    LdapBackend backend = backend();
    assertRight("alice", login(backend, "alice", "sesame"));
    server.closeConnections();
    assertRight("alice", login(backend, "alice", "sesame"));
  }

  @Test
  @DisplayName("the second server is asked while the first is down, and the first when it is back")
  void failover() throws Exception {
    TestDirectory second = new TestDirectory(0);
    open.add(second);
    int port = server.port();
    LdapBackend backend = backendAt(List.of(port, second.port()));
    assertRight("alice", login(backend, "alice", "sesame"));
    assertEquals(0, second.searches.size());
    server.close();
    assertRight("alice", login(backend, "alice", "sesame"));
    assertEquals(1, second.searches.size());
    server = new TestDirectory(port);
    second.close();
    await(() -> login(backend, "alice", "sesame") instanceof PasswordAnswer.Right);
  }

  @Test
  @DisplayName("a server that accepts and says nothing holds up no login beyond the time-outs")
  void hangingServer() throws Exception {
    List<Socket> accepted = Collections.synchronizedList(new ArrayList<>());
    try (ServerSocket silent = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        ExecutorService logins = Executors.newVirtualThreadPerTaskExecutor()) {
      Thread.ofVirtual().start(() -> acceptAll(silent, accepted));
      LdapBackend backend =
          backendAt(
              List.of(silent.getLocalPort()),
              "connections: 4",
              "connect-timeout: 300ms",
              "response-timeout: 300ms",
              "pool-wait: 200ms");
      long began = System.nanoTime();
      List<Callable<PasswordAnswer>> tasks =
          Collections.nCopies(100, () -> login(backend, "alice", "sesame"));
      for (Future<PasswordAnswer> answer : logins.invokeAll(tasks)) {
        assertUnavailable(MaildropFailure.TEMPORARY, answer.get());
      }
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      // About a second; the rest is for a busy machine.
      assertTrue(took.compareTo(Duration.ofSeconds(10)) < 0, took::toString);
      assertTrue(accepted.size() <= 8, () -> accepted.size() + " connections");
    } finally {
      for (Socket each : accepted) {
        each.close();
      }
    }
  }

  private static void acceptAll(ServerSocket server, List<Socket> into) {
    try {
      while (true) {
        into.add(server.accept());
      }
    } catch (IOException e) {
      assertTrue(server.isClosed(), e::toString);
    }
  }

  @Test
  @DisplayName("many logins at once share the connections that are configured")
  void boundedConnections() throws Exception {
    LdapBackend backend = backend("connections: 3", "pool-wait: 20s");
    try (ExecutorService logins = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<PasswordAnswer>> tasks =
          Collections.nCopies(200, () -> login(backend, "alice", "sesame"));
      for (Future<PasswordAnswer> answer : logins.invokeAll(tasks)) {
        assertRight("alice", answer.get());
      }
    }
    long service = server.binds.stream().filter(TestDirectory.SERVICE::equals).count();
    assertTrue(service <= 3, () -> service + " connections of the service");
    assertTrue(server.connections() <= 6, () -> server.connections() + " connections");
  }

  @Test
  @DisplayName("credentials of the service that are refused are SYS/PERM, and a problem at start")
  void wrongService() throws Exception {
    Files.writeString(directory.resolve("secret"), "not-it\n");
    LdapBackend backend = backend();
    String text = assertUnavailable(MaildropFailure.PERMANENT, login(backend, "alice", "sesame"));
    assertFalse(text.contains("not-it"), text);
    // The same again while the server is left in peace.
    assertUnavailable(MaildropFailure.PERMANENT, login(backend, "alice", "sesame"));
    assertTrue(backend.problem().orElseThrow().contains("49"), () -> backend.problem().toString());
  }

  @Test
  @DisplayName(
      "in a chain, a directory that is down hides no user before it and is not passed over")
  void chain() throws Exception {
    Path passwd =
        Files.writeString(directory.resolve("passwd"), "file:{PLAIN}own\nalice:{PLAIN}other\n");
    BackendChain.Link file =
        new BackendChain.Link(new PasswdFile(passwd, MailPolicy.defaults()), OnWrong.STOP);
    BackendChain.Link ldap = new BackendChain.Link(backend(), OnWrong.STOP);
    BackendChain fileFirst = new BackendChain(List.of(file, ldap));
    BackendChain ldapFirst = new BackendChain(List.of(ldap, file));
    assertResult(AuthResult.Accepted.class, fileFirst, "bob", "tower");
    assertResult(AuthResult.Rejected.class, fileFirst, "alice", "sesame");
    assertResult(AuthResult.Accepted.class, ldapFirst, "alice", "sesame");
    assertResult(AuthResult.Accepted.class, ldapFirst, "file", "own");
    server.close();
    assertResult(AuthResult.Accepted.class, fileFirst, "file", "own");
    assertResult(AuthResult.Unavailable.class, fileFirst, "bob", "tower");
    assertResult(AuthResult.Unavailable.class, ldapFirst, "file", "own");
  }

  private static void assertResult(
      Class<? extends AuthResult> expected, BackendChain chain, String user, String password) {
    AuthResult result = chain.authenticate(user, Secret.ofUtf8(password));
    assertInstanceOf(expected, result, result::toString);
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.call()) {
      assertTrue(System.nanoTime() < deadline, "not within 30 s");
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }
}
